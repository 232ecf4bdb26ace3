"""Search against questions that were written by hand: docs/search.md says how, and prints the table."""

import os

import pytest

from articles.reader.search import finding
from tests.articles.reader import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FIRST, FIRST_THREE = 0.90, 0.98


@pytest.fixture(autouse=True)
def published(story):
    corpus.publish(story)


def places(questions: list[dict]) -> list[int]:
    """For each question the place of the right article, from 1; 99 where it isn't found."""
    found = []
    for question in questions:
        slugs = [each.slug for each in finding.find(question["ask"]).articles]
        found.append(slugs.index(question["right"]) + 1 if question["right"] in slugs else 99)
    return found


def shares(questions: list[dict]) -> tuple[float, float]:
    found = places(questions)
    return sum(place == 1 for place in found) / len(found), sum(place <= 3 for place in found) / len(found)


def of(*sets: str) -> list[dict]:
    return [each for each in corpus.questions() if each["set"] in sets]


def test_the_right_article_comes_first_and_else_among_three():
    for chosen in (corpus.questions(), of("aside"), of("second", "third")):
        first, three = shares(chosen)
        assert first >= FIRST
        assert three >= (FIRST_THREE if len(chosen) > 30 else 0.95)


def test_a_question_that_no_article_answers_is_said_to_have_no_answer():
    answered = [each for each in corpus.outside() if finding.find(each["ask"]).answers]
    assert [each["ask"] for each in answered if each["set"] in ("tuned", "aside")] == []
    assert len(answered) <= len(corpus.outside()) * 0.1


def test_few_questions_of_the_corpus_are_said_to_have_no_answer():
    silent = [each["ask"] for each in corpus.questions() if not finding.find(each["ask"]).answers]
    assert len(silent) <= len(corpus.questions()) * 0.1, silent


def test_the_table_of_the_judgement(capsys):
    """Not judged again: printed, for docs/search.md, when asked for."""
    lines = [f"{'set':<8} {'questions':>9} {'first':>6} {'in three':>9} {'outside':>8} {'no answer':>10}"]
    for name in ("tuned", "aside", "second", "third"):
        found = places(of(name))
        outside = [each["ask"] for each in corpus.outside() if each["set"] == name]
        silent = [ask for ask in outside if not finding.find(ask).answers]
        first, three = sum(place == 1 for place in found), sum(place <= 3 for place in found)
        lines.append(f"{name:<8} {len(found):>9} {first:>6} {three:>9} {len(outside):>8} {len(silent):>10}")
    for question, place in zip(corpus.questions(), places(corpus.questions()), strict=True):
        if place > 1:
            lines.append(f"{place:>3}. {question['ask']}")
    with capsys.disabled():
        if os.environ.get("PRINT_JUDGEMENT"):
            print("", *lines, sep="\n")
    assert len(lines) < 15
