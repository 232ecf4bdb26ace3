"""How long articles have waited in each view, and what an editor on a panel doesn't learn from it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from articles.models import Publication
from editorial import guards
from editorial.models import User
from reviews.metrics import queue
from reviews.models import ReviewRound
from reviews.states import VerdictKind
from tests.reviews.later import hold
from tests.reviews.metrics.scoping import days_pass, scope
from tests.reviews.panels import ask_for_answers

pytestmark = pytest.mark.sqlite


def ages(story, **values) -> dict[str, list[int]]:
    """Views that hold anything, by name, with their four age groups."""
    (figure,) = queue.figures(scope(story, **values))
    return {label: list(numbers) for label, *numbers, total in figure.table.rows if total}


def test_every_view_counts_what_stands_in_it(story):
    story.submitted(title="Waits for triage?")
    story.triaged(title="Waits for a panel?")
    story.round(title="Waits for reviews?")
    both = story.round(title="Ready?")
    story.sign(both, "claire", VerdictKind.SAFETY_OBJECTION, comment="It kills.")
    story.sign(both, "ravi")
    story.sign(story.round(title="With the author?"), "ravi", VerdictKind.CHANGES_NEEDED, comment="Say more.")
    hold(story, story.published(title="Held?"))
    story.draft(title="A draft?")
    ask_for_answers()
    lost = story.round("ana", "claire", title="Waits for answers?")
    ReviewRound.objects.filter(pk=lost.pk).update(unsatisfiable="Nobody is left.", unsatisfiable_since=story.now)
    assert ages(story) == {
        "Needs triage": [1, 0, 0, 0],
        "Needs a panel": [1, 0, 0, 0],
        "Waiting for answers": [1, 0, 0, 0],
        "Waiting for reviews": [1, 0, 0, 0],
        "Objection open": [1, 0, 0, 0],
        "Unsatisfiable": [1, 0, 0, 0],
        "Ready to decide": [1, 0, 0, 0],
        "With the author": [1, 0, 0, 0],
        "Drafts": [1, 0, 0, 0],
        "On hold": [1, 0, 0, 0],
    }


@pytest.mark.parametrize(
    ("days", "group"),
    [(0, 0), (7.9, 0), (8.1, 1), (14.9, 1), (15.1, 2), (30.9, 2), (31.1, 3), (400, 3)],
)
def test_an_article_ages_by_whole_days(story, days, group):
    story.submitted()
    days_pass(story, days)
    assert ages(story) == {"Needs triage": [int(place == group) for place in range(4)]}


def test_a_review_is_overdue_from_the_day_after_its_due_day(story):
    story.round()  # due in 21 days
    days_pass(story, 20)
    assert "Overdue reviews" not in ages(story)
    days_pass(story, 2)
    assert ages(story)["Overdue reviews"] == [2, 0, 0, 0]
    days_pass(story, 7)
    assert ages(story)["Overdue reviews"] == [0, 2, 0, 0]


def test_a_page_is_overdue_from_the_day_after_its_review_day(story):
    article = story.published()
    today = scope(story).today
    guards.remove()
    for days, found in ((0, None), (1, [1, 0, 0, 0]), (8, [0, 1, 0, 0]), (31, [0, 0, 0, 1])):
        Publication.objects.filter(article=article).update(next_review_due=today - timedelta(days=days))
        assert ages(story).get("Re-review overdue") == found
    guards.install()


def test_a_hold_ages_from_the_hold_not_from_the_approval(story):
    article = story.published()
    days_pass(story, 60)
    hold(story, article)
    days_pass(story, 9)
    assert ages(story) == {"On hold": [0, 1, 0, 0]}


def test_the_filters_apply_to_every_view(story):
    story.round()
    assert ages(story, specialty="rheumatology") == {}
    assert ages(story, risk="low") == {}
    assert ages(story, specialty="cardiology", risk="standard") == {"Waiting for reviews": [1, 0, 0, 0]}


# What whoever judges a text doesn't learn


@pytest.fixture
def claire(people) -> User:
    """A board member who edits too."""
    people["claire"].groups.add(Group.objects.get(name="editor"))
    return User.objects.get(username="claire")


def test_an_editor_on_an_open_panel_learns_neither_objection_nor_that_all_have_spoken(story, claire):
    round = story.round()
    before = ages(story, reader=claire)
    story.sign(round, "ravi", VerdictKind.SAFETY_OBJECTION, comment="It kills.")
    assert ages(story, reader=claire) == before == {}
    story.sign(round, "claire")
    assert ages(story, reader=claire) == {}
    assert set(ages(story)) == {"Objection open", "Ready to decide"}


def test_they_are_told_how_many_articles_are_left_out(story, claire):
    story.round()
    story.round(title="Another?")
    story.round("ravi", "ana", title="A third?")
    (figure,) = queue.figures(scope(story, reader=claire))
    assert "2 articles aren't counted here" in figure.note
    (figure,) = queue.figures(scope(story))
    assert figure.note == ""


def test_they_see_it_once_the_round_is_closed(story, claire):
    article = story.sign(story.round(), "ravi", VerdictKind.CHANGES_NEEDED, comment="Say more.")
    assert article.state == "changes_requested"
    assert ages(story, reader=claire) == {"With the author": [1, 0, 0, 0]}
