"""Markers found where readers see them, numbered by first appearance, and reported when malformed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.citations import BadMark, Mark, extract, marker, number, numbers_of

KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)


def keys_in(markdown):
    return [mark.keys for mark in extract(markdown).marks]


def test_one_and_several_keys_are_read_with_their_line():
    found = extract("First [@a].\nSecond [@b; @c-1.x].\n\n- third [@a;@d]")

    assert found.marks == (Mark(("a",), 1), Mark(("b", "c-1.x"), 2), Mark(("a", "d"), 4))
    assert found.malformed == ()
    assert found.order == ["a", "b", "c-1.x", "d"]


def test_a_marker_may_run_over_a_line_end():
    assert extract("x [@a;\n@b] y [@c]").marks == (Mark(("a", "b"), 1), Mark(("c",), 2))


@pytest.mark.parametrize(
    "markdown",
    ["`[@a]`", "```\n[@a]\n```", "~~~\n[@a]\n~~~", "    [@a]", r"\[@a]", "[x](https://y.org/[@a])", "mail a@b.org"],
)
def test_code_escapes_and_addresses_hold_no_marker(markdown):
    assert keys_in(markdown) == []
    assert extract(markdown).malformed == ()


@pytest.mark.parametrize(
    "markdown", ["**[@a]**", "> [@a]", "1. [@a]", "|x|\n|-|\n|[@a]|", "## H [@a]", "[@a](b)", "# [@a]"]
)
def test_markers_count_wherever_words_are_shown(markdown):
    assert keys_in(markdown) == [("a",)]


def test_a_section_block_holds_no_marker():
    assert keys_in('## H [@a] {.guideline rationale="see [@b]"}') == [("a",)]


@pytest.mark.parametrize(
    ("markdown", "text", "why"),
    [
        ("x [@] y", "[@]", "names no reference"),
        ("x [@a, @b] y", "[@a, @b]", "comma"),
        ("x [@ a] y", "[@ a]", "space"),
        ("x [ @a] y", "[ @a]", "space"),
        ("x [@a; b] y", "[@a; b]", "own “@”"),
        ("x [@a;] y", "[@a;]", "letters"),
        ("x [@ä] y", "[@ä]", "letters"),
        ("x [@a", "[@", "closed"),
        ("x [@a [y] z]", "[@", "closed"),
    ],
)
def test_a_malformed_marker_is_reported_with_its_fault(markdown, text, why):
    found = extract("\n" + markdown)

    assert found.marks == ()
    assert [(bad.text, bad.line) for bad in found.malformed] == [(text, 2)]
    assert why in found.malformed[0].why


@pytest.mark.parametrize("text", ["[4]", "[4, 5]", "[4-6]", "[4–6]", "[12; 13]"])
def test_a_bare_number_in_brackets_is_reported(text):
    found = extract(f"It helps {text}.")

    assert found.bare_numbers == (BadMark(text, 1, "a number in brackets isn't linked to a reference"),)


@pytest.mark.parametrize(
    "text", ["[4](https://x.org)", r"\[4]", "`[4]`", "[0.8, 1.2]", "[a]", "[4]\n\n[4]: https://x.org"]
)
def test_links_escapes_and_decimals_are_no_bare_numbers(text):
    assert extract(f"It helps {text}").bare_numbers == ()


def test_numbers_follow_first_appearance():
    assert numbers_of("x [@c; @a] y [@a] z [@b; @c]") == {"c": 1, "a": 2, "b": 3}
    assert number([]) == {}


@given(st.lists(st.lists(KEYS, min_size=1, max_size=4), max_size=8))
def test_what_marker_writes_extract_reads(groups):
    markdown = " and ".join(marker(*group) for group in groups)

    assert keys_in(markdown) == [tuple(group) for group in groups]


@given(st.lists(KEYS, max_size=30))
def test_numbers_have_no_gaps_and_no_repeats(keys):
    numbers = number(keys)

    assert list(numbers.values()) == list(range(1, len(set(keys)) + 1))
    assert list(numbers) == list(dict.fromkeys(keys))


@given(st.text("[]@;, ab4`\\\n(){}#*>-|", max_size=60))
def test_any_text_is_read_without_an_error(markdown):
    found = extract(markdown)

    assert all(1 <= bad.line <= markdown.count("\n") + 1 for bad in (*found.marks, *found.malformed))


@pytest.mark.parametrize("keys", [(), ("a b",), ("",), ("-a",), ("a", "b;c")])
def test_a_key_that_no_marker_can_hold_is_refused(keys):
    with pytest.raises(ValueError, match="can't be cited"):
        marker(*keys)
