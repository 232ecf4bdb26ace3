"""What holds of the whitelist whatever is written."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.articles.data.snapshots import snapshot as with_text
from tests.articles.test_changes import floor

WORDS = st.sampled_from(
    [
        *("the", "The", "drug", "helps", "Helps", "adults", "may", "May", "not", "5", "mg", "1,000", "well-known"),
        *("it's", "don't", "if", "(safe)", "“new”", "[@aha]", "**bold**", "us", "US", "However", "however", "now,"),
        *("end.", "Yes?", "\u200b", "–", "-", ">", "##", "fifty", "vs.", "\n", "\n\n"),
    ]
)
BLANKS = st.sampled_from([" ", "  ", "\n", "\n\n", "\u00a0", ", ", ". ", "; ", " – ", ""])


@st.composite
def passages(draw):
    return "".join(draw(WORDS) + draw(BLANKS) for _ in range(draw(st.integers(1, 8))))


@st.composite
def neighbours(draw):
    """Two texts that share most of their words."""
    words = draw(st.lists(WORDS, min_size=1, max_size=8))
    sides = []
    for _ in range(3):
        varied = [draw(st.sampled_from([w, w, w, w.capitalize(), w.lower()])) for w in words]
        sides.append("".join(word + draw(BLANKS) for word in varied))
    return sides


def class_of(before: str, after: str) -> str:
    return floor(with_text(before), with_text(after))


@given(neighbours())
def test_being_typographic_has_no_direction(texts):
    before, after, _ = texts
    assert class_of(before, after) == class_of(after, before)


@given(passages())
def test_a_text_is_unchanged_from_itself(text):
    assert class_of(text, text) == "none"


@given(neighbours())
def test_typographic_steps_never_add_up_to_more(texts):
    a, b, c = texts
    light = ("none", "typographic")
    assume(class_of(a, b) in light and class_of(b, c) in light)
    assert class_of(a, c) in light


@given(passages(), st.integers(0, 60), st.sampled_from("0123456789½²Ⅳ٥"), st.booleans())
def test_a_change_that_touches_a_digit_is_never_typographic(text, place, digit, replaces):
    place = min(place, len(text))
    after = text[:place] + digit + text[place + replaces :]
    assume(after != text)
    assert class_of(text, after) in ("correction", "update")
    assert class_of(after, text) in ("correction", "update")


@given(passages(), st.integers(0, 60), st.characters(categories=["L", "N", "M", "S", "Cf", "Pc"]))
def test_a_sign_that_is_neither_blank_nor_punctuation_never_comes_or_goes(text, place, sign):
    after = text[:place] + sign + text[place:]
    if class_of(text, after) == "typographic":
        pytest.fail(f"{text!r} became {after!r}")


@given(passages())
def test_taking_a_negation_out_is_never_typographic(text):
    for negation in ("not ", "no ", "never ", "without "):
        assert class_of(f"{negation}{text}", text) != "typographic"
