"""The card on a chief editor's home: three numbers of the last 90 days."""

import pytest

from reviews.admin.metrics import health_card
from tests.reviews.metrics.scoping import days_pass


@pytest.fixture
def now_is(monkeypatch, story):
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)


def items(story, username: str = "ingrid") -> list[str]:
    return [f"{item['title']} ({item['meta']})" for card in health_card(story.people[username]) for item in card.items]


@pytest.mark.sqlite
def test_it_says_how_the_desk_is_doing(story, now_is):
    round = story.round()
    story.sign(round, "claire")
    days_pass(story, 4)
    story.sign(round, "ravi")
    story.confirm(round.article)
    story.round(title="Late?")
    days_pass(story, 22)
    assert items(story) == [
        "On time: 50% (4 reviews: few to judge by)",
        "To a decision: 4 days (median of 1 round: few to judge by)",
        "Overdue now: 2 (open reviews past their day)",
    ]


def test_on_a_new_desk_it_says_that_there_is_nothing_yet(story, now_is):
    assert items(story) == [
        "On time: – (No review fell due.)",
        "To a decision: – (Nothing was decided.)",
        "Overdue now: 0 (open reviews past their day)",
    ]


def test_it_is_for_chief_editors_alone(story, now_is, sign_in):
    assert [items(story, name) for name in ("tom", "claire", "nora")] == [[], [], []]
    assert "Health of the desk" in sign_in("ingrid").get("/admin/").text


def test_it_costs_three_queries(story, now_is, django_assert_num_queries):
    story.published()
    chief = story.people["ingrid"]
    items(story)
    with django_assert_num_queries(3):
        list(health_card(chief))
