"""Quotes are found again whatever the browser made of their spaces, and replaced only where it is certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import passages
from reviews.passages import Anchor, PassageError

TEXTS = {
    "title": "How low should it be?",
    "short_answer": "Below 130 mm Hg for most.",
    "clinician": "Take 5 mg daily. A target below 130 mm Hg is meant. Take 5 mg at night.",
}


def test_words_of_a_page_are_read_as_a_browser_copies_them():
    html = (
        '<h2 id="a">From  trials</h2>\n<p>One &amp; two<sup class="citation"><a href="#r">1</a></sup>.</p><p>Three</p>'
    )
    assert passages.plain(html) == "From trials One & two1. Three"


@pytest.mark.parametrize(
    "quote", ["A target below", "A  target\nbelow", " A target be low", "A\u202ftarget\u00a0below"]
)
def test_spaces_and_line_ends_make_no_difference(quote):
    assert passages.find(TEXTS, quote) == Anchor("clinician", "A target below", 0)


def test_a_quote_that_stands_once_needs_no_place():
    assert passages.find(TEXTS, "How low") == Anchor("title", "How low", 0)


def test_a_quote_that_stands_in_two_places_needs_more_words_or_a_place():
    with pytest.raises(PassageError, match="stand 2 times"):
        passages.find(TEXTS, "elow 130 mm Hg")
    assert passages.find(TEXTS, "elow 130 mm Hg", place="short_answer").place == "short_answer"


def test_a_marked_passage_says_which_occurrence_is_meant():
    assert passages.find(TEXTS, "Take 5 mg", place="clinician", position=1).position == 1
    with pytest.raises(PassageError, match="doesn't stand that often"):
        passages.find(TEXTS, "Take 5 mg", place="clinician", position=2)


@pytest.mark.parametrize(
    ("quote", "place", "said"),
    [
        ("", "", "Copy the passage"),
        (" \n ", "", "Copy the passage"),
        ("Take 50 mg", "", "isn't in the text"),
        ("x" * 2_001, "", "at most 2000"),
        ("Take", "patient", "no such part"),
    ],
)
def test_a_quote_that_is_no_passage_is_refused_in_words(quote, place, said):
    with pytest.raises(PassageError, match=said):
        passages.find(TEXTS, quote, place=place)


def test_a_change_replaces_exactly_the_occurrence_that_is_meant():
    source = "Take 5 mg\ndaily. Take 5 mg at night."
    anchor = Anchor("clinician", "Take 5 mg", 1)
    assert passages.replaced(source, anchor, "Take 10 mg", now=2, then=2) == "Take 5 mg\ndaily. Take 10 mg at night."


def test_a_passage_broken_over_lines_is_replaced_too():
    assert (
        passages.replaced("It is a\nlong  way", Anchor("x", "a long way", 0), "short", now=1, then=1) == "It is short"
    )


@pytest.mark.parametrize(
    ("source", "now", "then", "said"),
    [
        ("Take **5 mg** daily", 1, 1, "by hand"),
        ("Take 5 mg, take 5 mg", 1, 1, None),
        ("Take 5 mg and Take 5 mg", 1, 1, "which occurrence"),
        ("Take 5 mg", 1, 2, "which occurrence"),
        ("Take 5 mg", 2, 2, "which occurrence"),
    ],
)
def test_nothing_is_replaced_on_a_guess(source, now, then, said):
    anchor = Anchor("clinician", "Take 5 mg", 0)
    if said is None:
        assert passages.replaced(source, anchor, "Stop", now=now, then=then) == "Stop, take 5 mg"
        return
    with pytest.raises(PassageError, match=said):
        passages.replaced(source, anchor, "Stop", now=now, then=then)


def test_signs_that_mean_something_to_a_search_are_taken_as_they_are():
    assert passages.replaced("a (b) c.*", Anchor("x", "(b) c.*", 0), r"\1 [d]", now=1, then=1) == r"a \1 [d]"


@given(st.text(alphabet="ab \n\u00a0", max_size=60), st.text(alphabet="ab \n", max_size=6))
def test_every_occurrence_holds_exactly_the_quote(text, quote):
    wanted = "".join(quote.split())
    found = passages.occurrences(text, quote)
    assert all("".join(text[start:end].split()) == wanted for start, end in found)
    squeezed = "".join(text.split())
    count = sum(squeezed.startswith(wanted, at) for at in range(len(squeezed))) if wanted else 0
    assert len(found) == count
