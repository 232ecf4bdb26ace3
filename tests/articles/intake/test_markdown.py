"""Markdown with front matter: fields, audiences, references, citations, and refusals with their line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.intake import IntakeError, Manuscript, read
from articles.intake.manuscript import Contribution

FULL = """---
title: Does magnesium help with leg cramps?
short_answer: >
  Probably not in
  older adults.
language: no
region: GB
topics: [Leg cramps, Magnesium]
byline:
  - name: Ana Roe
    credentials: MD
  - Bo Li, PhD
funding: none
origin: ai-assisted
ai_contribution:
  tool: Drafter
  version: 1.10
  use: first draft
  prompts: Summarise the trials.
references:
  - id: roe2015
    title: Rest for cramps
    container-title: Journal of Rest
    issued: 2015-11-26
    DOI: https://doi.org/10.1000/ABC
    PMID: 01234567
    author: [{family: Roe, given: Ana}, "Li, Bo"]
  - id: guide
    type: report
    kind: guideline
    title: Cramp guideline
    publisher: A society
    issued: {date-parts: [[2020, 3]]}
mood: sunny
---

## From the guidelines {.guideline certainty=low}

Stretch first [@guide]. Rest helps [1], [1, 2].
"""


def md(text: str) -> Manuscript:
    return read(text.encode(), name="a.md")


def with_fields(fields: str, body: str = "\nText.\n") -> Manuscript:
    return md(f"---\ntitle: T\n{fields}\n---\n{body}")


def refusal(text: str) -> tuple[str, int | None]:
    with pytest.raises(IntakeError) as raised:
        md(text)
    return raised.value.message, raised.value.line


@pytest.fixture(scope="module")
def full() -> Manuscript:
    return md(FULL)


def test_plain_fields_are_read(full):
    assert (full.title, full.short_answer, full.language, full.region, full.funding, full.origin) == (
        "Does magnesium help with leg cramps?",
        "Probably not in older adults.",
        "no",
        "GB",
        "none",
        "ai_assisted",
    )


def test_lists_of_people_topics_and_tools_are_read(full):
    assert full.topics == ("Leg cramps", "Magnesium")
    assert full.byline == ({"name": "Ana Roe", "credentials": "MD"}, {"name": "Bo Li", "credentials": "PhD"})
    assert full.ai_contributions == (Contribution("Drafter", "1.10", "first draft", "Summarise the trials."),)


def test_csl_references_become_json_with_text_dates_and_names(full):
    assert json.loads(json.dumps(full.references[0].csl)) == {
        "id": "roe2015",
        "type": "article-journal",
        "title": "Rest for cramps",
        "container-title": "Journal of Rest",
        "issued": {"date-parts": [[2015, 11, 26]]},
        "DOI": "10.1000/ABC",
        "PMID": "01234567",
        "author": [{"family": "Roe", "given": "Ana"}, {"family": "Li", "given": "Bo"}],
    }


def test_references_have_kind_source_year_and_identifiers(full):
    assert [(item.number, item.key, item.kind, item.source, item.year) for item in full.references] == [
        (1, "roe2015", "research", "Journal of Rest", 2015),
        (2, "guide", "guideline", "A society", 2020),
    ]
    assert full.references[0].identifiers == {"DOI": "10.1000/ABC", "PMID": "01234567"}


def test_numbers_in_brackets_become_keys(full):
    assert full.variants[0].markdown == (
        "## From the guidelines {.guideline certainty=low}\n\n"
        "Stretch first [@guide]. Rest helps [@roe2015], [@roe2015; @guide].\n"
    )
    assert [(marker.keys, marker.numbers, marker.confirmed, marker.line) for marker in full.markers] == [
        (("guide",), (2,), True, 39),
        (("roe2015",), (1,), True, 39),
        (("roe2015", "guide"), (1, 2), True, 39),
    ]


def test_an_unknown_field_is_not_placed_and_shown_with_its_line(full):
    assert [(item.line, item.text) for item in full.unplaced] == [(34, "mood: sunny")]


def test_the_first_heading_is_the_title_when_no_field_gives_it():
    manuscript = md("# A title\n\nText.\n")
    assert (manuscript.title, manuscript.variants[0].markdown) == ("A title", "Text.\n")


def test_underlined_headings_count_too():
    manuscript = md("A title\n=======\n\nKey points\n----------\n\nText.\n")
    assert (manuscript.title, manuscript.variants[0].markdown) == ("A title", "## Key points\n\n\nText.\n")


def test_further_level_one_headings_start_sections():
    assert md("# A title\n\n# Key points\n\nText.\n").variants[0].markdown == "## Key points\n\nText.\n"


def test_headings_split_the_body_by_audience():
    manuscript = md("# T\n\nFor doctors.\n\n# For patients {audience=patient}\n\nIn plain words.\n")
    assert [(item.audience, item.markdown) for item in manuscript.variants] == [
        ("clinician", "For doctors.\n"),
        ("patient", "In plain words.\n"),
    ]
    assert [(item.line, item.text) for item in manuscript.left_out] == [(5, "# For patients {audience=patient}")]


def test_variants_of_the_front_matter_join_the_body():
    manuscript = with_fields("audience: general\nvariants:\n  patient: |\n    In plain words [1].")
    assert [(item.audience, item.markdown) for item in manuscript.variants] == [
        ("general", "Text.\n"),
        ("patient", "In plain words [@ref1].\n"),
    ]
    assert manuscript.markers[0].line == 6


@pytest.mark.parametrize(
    "listed",
    [
        'references:\n  - "Roe P. A trial. J One 2001;2:3-4."\n  - Doe A. Second trial. J Two 2002;5:6.',
    ],
)
def test_a_list_of_strings_is_a_numbered_list(listed):
    manuscript = with_fields(listed, "\nRest [1-2].\n")
    assert [(item.key, item.title, item.source, item.year) for item in manuscript.references] == [
        ("ref1", "A trial", "J One", 2001),
        ("ref2", "Second trial", "J Two", 2002),
    ]
    assert manuscript.markers[0].keys == ("ref1", "ref2")


def test_a_references_section_is_the_list():
    manuscript = md(
        "# T\n\nRest [2, 3].\n\n## References\n\n### Guideline\n\n1. A cramp guideline. A society, 2020.\n\n"
        "**Research**\n\n2. Roe P. A trial. *J One* 2001;2:3-4.\n3. Doe A. Second trial. J Two 2002;5:6.\n\n"
        "# For patients {audience=patient}\n\nRest [2].\n"
    )
    assert [(item.number, item.kind, item.title, item.source) for item in manuscript.references] == [
        (1, "guideline", "A cramp guideline", "A society"),
        (2, "research", "A trial", "J One"),
        (3, "research", "Second trial", "J Two"),
    ]
    assert [item.markdown for item in manuscript.variants] == ["Rest [@ref2; @ref3].\n", "Rest [@ref2].\n"]


def test_an_empty_references_section_stays_in_the_text():
    assert md("# T\n\nText.\n\n## References\n").variants[0].markdown == "Text.\n\n## References\n"


def test_code_links_and_escapes_are_no_citations():
    text = "Text `[1]` and [2](https://example.org) and \\[1] and [a][2] and 95% CI [1-2].\n\n```\n[1]\n# x\n```\n"
    manuscript = md(f"# T\n\n{text}")
    assert (manuscript.markers, manuscript.variants[0].markdown) == ((), text)


def test_an_ai_contribution_alone_says_that_tools_assisted():
    assert with_fields("ai_contribution: {tool: Drafter}").origin == "ai_assisted"


@pytest.mark.parametrize(
    ("value", "year"),
    [("2015", 2015), ("'2015-11'", 2015), ("{year: 2015}", 2015), ("[2015, 1]", 2015), ("{raw: spring}", None)],
)
def test_dates_are_read_however_they_are_written(value, year):
    manuscript = with_fields(f"references:\n  - {{title: A, issued: {value}}}")
    assert manuscript.references[0].year == year


def test_inline_tags_stay_and_are_shown():
    manuscript = md("# T\n\nCO<sub>2</sub>\n")
    assert (manuscript.variants[0].markdown, [item.line for item in manuscript.unplaced]) == (
        "CO<sub>2</sub>\n",
        [3],
    )


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
        ("---\ntitle: T\nreferences: [Roe. A. J 2001;1]\n---\nText\n\n## References\n\n1. Roe. A. J 2001;1.\n", "keep one list", 7),
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
    try:
        manuscript = md(source)
    except IntakeError as error:
        assert error.message
    else:
        assert manuscript.title


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["a.md", "a.txt", "a.pdf"]))
def test_any_bytes_are_read_or_refused(data, name):
    try:
        assert read(data, name=name).title
    except IntakeError as error:
        assert error.message
