"""Marking, spelling and the weighing of questions, without a database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reader.search import marking, questions, ranking, spelling


def marks(text: str, question: str) -> str:
    return marking.snippet(text, questions.read(question).slots)


def test_lay_words_mark_the_clinical_ones():
    assert (
        marks("After myocardial infarction: rest.", "heart attack") == "After <mark>myocardial infarction</mark>: rest."
    )


def test_a_long_text_is_cut_to_where_the_words_stand():
    shown = marks("word " * 200 + "a tickly cough came. " + "word " * 200, "tickly cough")
    assert "<mark>tickly cough</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(re.sub("<[^>]+>", "", shown)) < 400


@given(text=st.text(max_size=200), question=st.text(max_size=60))
def test_a_snippet_is_the_text_escaped_with_marks_alone(text, question):
    shown = marks(text, question)
    assert re.sub("</?mark>", "", shown).count("<") == 0
    assert shown.count("<mark>") == shown.count("</mark>")


@given(st.text(max_size=300))
def test_any_question_is_read_and_holds_nothing_that_cant_be_asked(text):
    question = questions.read(text)
    assert len(question.slots) <= questions.MOST_SLOTS
    assert all(term.isalnum() for term in question.terms)
    assert questions.read(question.text).terms == question.terms


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("asprin", "aspirin"), ("warfrin", "warfarin"), ("metphormin", "metformin"), ("atirn", ""), ("zzzz", "")],
)
def test_the_nearest_word_is_meant_if_it_is_near_enough(typed, meant):
    assert spelling.nearest(typed, ["aspirin", "warfarin", "metformin"]) == meant


@given(st.text("abcd", max_size=6), st.text("abcd", max_size=6))
def test_the_distance_is_the_same_both_ways_and_none_to_itself(one, other):
    assert spelling.distance(one, other, 9) == spelling.distance(other, one, 9)
    assert spelling.distance(one, one, 2) == 0
    assert (spelling.distance(one, other, 2) > 2) == (spelling.distance(one, other, 9) > 2)


def test_a_meaning_that_no_article_names_speaks_against_an_answer_more_than_a_plain_word():
    question = questions.read("lupus migraine")
    plain, meant = ranking.weights(question, {}, 100).values()
    assert meant > plain


def test_a_rare_word_weighs_more_than_a_common_one_and_a_figure_little():
    question = questions.read("cough tonsil 130")
    weighed = dict(
        zip(
            ["cough", "tonsil", "130"],
            ranking.weights(question, {"cough": 50, "tonsil": 2, "130": 2}, 100).values(),
            strict=True,
        )
    )
    assert weighed["tonsil"] > weighed["cough"] > weighed["130"]
