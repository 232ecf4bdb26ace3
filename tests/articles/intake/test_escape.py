"""Pasted characters show as they are once Markdown is rendered, and prose stays free of backslashes."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from articles.intake import escape

MARKUP = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    tokens = MARKUP.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], markdown
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}, markdown
    return "".join(child.content for child in tokens[1].children)


@pytest.mark.parametrize(
    "text",
    [
        "A low-dose trial - with p < 0.05, n > 5 & 10% fewer (see below).",
        "The BM-MSC_type stays; it's “safe”!",
        "10.5 g/dL or 3 * is not touched".replace(" * ", " x "),
        "2.5 mg, then 5 mg",
        "Cost: $2,000-$10,000; see https://example.org/a_b",
    ],
)
def test_ordinary_prose_gets_no_backslash(text):
    assert escape.line(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold*", r"\*bold\*"),
        ("_soft_", r"\_soft\_"),
        ("[a](b)", r"\[a\](b)"),
        ("# no heading", r"\# no heading"),
        ("> no quote", r"\> no quote"),
        ("- no bullet", r"\- no bullet"),
        ("1. no list", r"1\. no list"),
        ("a | b", r"a \| b"),
        ("`code`", r"\`code\`"),
        ("<b>", r"\<b>"),
        ("&amp; so on", r"\&amp; so on"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("---", r"\---"),
    ],
)
def test_markup_is_escaped(text, expected):
    assert escape.line(text) == expected


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab1 .*_[]()<>#|`~&;!\\-+=:/@\"'", min_size=1, max_size=30))
@example("2) x")
@example("a\\")
@example("~~~")
def test_any_line_shows_as_it_was_written(text):
    line = " ".join(text.split())
    if any(character.isalnum() for character in line):
        assert shown(escape.line(line)) == line
