"""Manuscripts in Markdown that are refused: the sentence and the line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.intake import IntakeError, Manuscript, read


def md(text: str) -> Manuscript:
    return read(text.encode(), name="a.md")


def refusal(text: str) -> tuple[str, int | None]:
    with pytest.raises(IntakeError) as raised:
        md(text)
    return raised.value.message, raised.value.line


def outcome(data: bytes, name: str) -> str:
    """The title, or the words of the refusal."""
    try:
        return read(data, name=name).title
    except IntakeError as error:
        return error.message


@pytest.mark.parametrize(
    ("fields", "words", "line"),
    [
        ("title: [a]", "stands twice", 3),
        ("topics: {a: b}", "“topics” must be a list of names", 3),
        ("topics: [[a]]", "Each of “topics”", 3),
        ("language: Norwegian!", "“language” is a code", 3),
        ("short_answer: [a]", "“short_answer” must be text", 3),
        ("origin: robot", "“origin” is one of", 3),
        ("audience: cats", "“audience” is one of", 3),
        ("byline:\n  - credentials: MD", "needs a name", 4),
        ("ai_contribution: {use: all}", "needs the name of the tool", 3),
        ("variants: text", "must map an audience", 3),
        ("variants:\n  cats: text", "isn't an audience", 4),
        ("variants:\n  clinician: text", "two texts for “clinician”", 4),
        ("references: text", "must be a list", 3),
        ("references:\n  - 5", "must be a CSL-JSON mapping", 4),
        ("references:\n  - id: a b\n    title: x", "can't be cited", 4),
        ("references:\n  - id: a\n", "has no title", 4),
        ("references:\n  - {id: a, title: x}\n  - {id: a, title: y}", "have the id “a”", 5),
        ("references:\n  - {title: x, type: poem}", "isn't a CSL type", 4),
        ("references:\n  - {title: x, kind: poem}", "“kind” of a reference", 4),
        ("references:\n  - {title: x, URL: 'ftp://a'}", "must start with http", 4),
        ("references:\n  - {title: x, issued: [a]}", "must be a date", 4),
        ("references:\n  - {title: x, author: 5}", "must be a list of names", 4),
        ("a: &b [x]\nc: *b", "anchor or alias", 3),
        ("a: !!python/object:os.system x", "YAML tag", 3),
        ("a: " + "[" * 40, "levels deep", 3),
        ("a: 'open", "isn't valid YAML", None),
        ("a: b: c", "isn't valid YAML", 3),
        ("\tb: c", "isn't valid YAML", 3),
        ('a: "x\\0y"', "U+0000", 3),
        ('a: "\\x3cscript\\x3e"', "Active content", 3),
        ("[a]: b", "must be a word", 3),
    ],
)
def test_a_broken_field_is_refused_with_its_line(fields, words, line):
    message, found = refusal(f"---\ntitle: T\n{fields}\n---\n\nText.\n")
    assert words in message
    assert line is None or found == line


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("---\ntitle: T\n\nText.\n", "never ends", 1),
        ("---\n- a\n---\n\nText.\n", "must be a list of fields", 2),
        ("Text without a title.\n", "no title", 1),
        ("# Only a title\n", "no text", None),
        ("# T\n\n# For cats {audience=cats}\n\nText\n", "isn't an audience", 3),
        ("# T\n\n## Key points {.poem}\n\nText\n", "isn't a kind", 3),
        (
            "---\ntitle: T\nreferences: [Roe. A. J 2001;1]\n---\nText\n\n## References\n\n1. Roe. A. J 2001;1.\n",
            "keep one list",
            7,
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, words, line):
    message, found = refusal(text)
    assert (words in message, found) == (True, line)


def test_a_list_of_a_million_aliases_is_refused_at_the_first():
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: [*a, *a, *a]\n" for i in range(2000))
    assert "anchor or alias" in refusal(f"---\n{bomb}---\n\nText.\n")[0]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 \n#-[]@;:.*`{}\"'|>&!<", max_size=120), st.booleans())
def test_any_markdown_is_read_or_refused(text, fenced):
    source = f"---\n{text}\n---\nText.\n" if fenced else f"# T\n\nText.\n{text}"
    assert outcome(source.encode(), "a.md").strip()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["a.md", "a.txt", "a.pdf"]))
def test_any_bytes_are_read_or_refused(data, name):
    assert outcome(data, name).strip()
