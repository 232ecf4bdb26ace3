"""Which titles ask the same question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import likeness
from articles.likeness import compare, words
from tests.articles.data.questions import APART, SAME


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_found(one, other):
    assert compare(words(one), words(other)).likely


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_question_that_looks_alike_is_not(one, other):
    assert not compare(words(one), words(other)).likely


@pytest.mark.parametrize(("one", "other"), APART)
def test_a_rare_subject_does_not_make_two_questions_one(one, other):
    known = dict.fromkeys(("safe", "treat", "prevent", "blood", "pressure", "pregnancy"), likeness.COMMON)
    assert not compare(words(one), words(other), known=known).likely


def test_it_says_what_sets_two_questions_apart():
    found = compare(words("Is ibuprofen safe in pregnancy?"), words("Is ibuprofen safe in children?"))
    assert found.differs == ("child", "pregnancy")
    assert found.score == 0
    assert found.shared == ("ibuprofen", "safe")


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Do statins work after a heart attack?", {"statin", "work", "after", "heart", "attack"}),
        ("The biopsies of kids, their dosages", {"biopsy", "child", "dose"}),
        ("Ménière’s disease", {"meniere", "disease"}),
        ("Arthritis, psoriasis and abscess", {"arthritis", "psoriasis", "abscess"}),
        ("   ", set()),
        ("高血圧の治療", {"高血圧の治療"}),
    ],
)
def test_a_title_is_compared_by_these_words(title, found):
    assert words(title) == found


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_order_of_two_titles_changes_nothing(one, other):
    assert compare(words(one), words(other)) == compare(words(other), words(one))
    assert 0 <= compare(words(one), words(other)).score <= 1
    assert all(len(word) <= likeness.LONGEST_WORD for word in words(one))


@given(st.text(min_size=1, max_size=200))
def test_a_title_asks_the_same_as_itself(title):
    found = words(title)
    assert compare(found, found).likely is bool(found)


def test_a_long_title_is_cut():
    assert len(words(" ".join(f"wort{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)))) <= likeness.MOST_WORDS
