"""Punctuality, load and answers; re-reviews ahead; and what the board can carry."""

from datetime import timedelta

import pytest

from articles.models import Publication
from editorial import guards, outlook
from editorial.models import BoardMember, EditorialPolicy
from reviews import workflow
from reviews.metrics import board, demand, re_reviews, rows
from reviews.models import ReviewAssignment
from tests.reviews.metrics.scoping import days_pass, scope
from tests.reviews.panels import end

pytestmark = pytest.mark.sqlite


def figure_of(figures, name: str):
    return next(figure for figure in figures if figure.name == name)


def row_of(table, first: str) -> tuple:
    return next(tuple(row[1:]) for row in table.rows if row[0] == first)


def members(story, name: str) -> tuple:
    return row_of(figure_of(board.figures(scope(story)), "members").table, name)


def test_what_each_member_carries_and_how_they_answer(story):
    round = story.round()
    days_pass(story, 2)
    story.sign(round, "claire")
    days_pass(story, 22)  # Ravi's due day has passed
    # open, takes at once, signed, fell due, on time %, asked, answered %, days to answer, reminders
    assert members(story, "Claire Dubois") == (0, 3, 1, 1, 100.0, 1, 100.0, 2.0, 0.0)
    assert members(story, "Ravi Menon") == (1, 3, 0, 1, 0.0, 1, 0.0, None, None)
    assert members(story, "Ana Ruiz") == (0, 3, 0, 0, None, 0, None, None, None)


def test_a_limit_of_their_own_goes_before_the_policys(story):
    BoardMember.objects.filter(user__username="ana").update(load_limit=7)
    assert members(story, "Ana Ruiz")[1] == 7


def test_a_former_member_is_named_while_their_seats_are_in_the_period(story):
    round = story.round()
    story.sign(round, "claire")
    BoardMember.objects.filter(user__username__in=["claire", "ana"]).update(left_on=story.now.date())
    names = [row[0] for row in figure_of(board.figures(scope(story)), "members").table.rows]
    assert "Claire Dubois" in names
    assert "Ana Ruiz" not in names


def test_the_rate_says_from_how_few_reviews_it_is(story):
    story.sign(story.round(), "claire")
    days_pass(story, 25)
    figure = figure_of(board.figures(scope(story)), "on-time")
    assert figure.big == "50%"
    assert "2 reviews: few to judge by" in figure.sentence
    assert figure.table.rows[-1] == ("Whole period", "", 2, 1, 50.0)


def test_an_expired_seat_is_late_and_one_given_back_in_time_is_not(story):
    round = story.round("claire", "ravi")
    end(story, round, "claire", "decline")
    days_pass(story, 40)
    end(story, round, "ravi", "expire")
    due = board.due_ones(rows.seats(scope(story)), scope(story))
    assert [(seat.state, kept) for seat, kept in due] == [("expired", False)]


def test_a_period_without_anything_says_so(story):
    empty = {figure.name: figure.empty for figure in board.figures(scope(story))}
    assert empty["on-time"] == "No review fell due in this period."
    assert empty["answers"] == "Nobody was asked for a review in this period."
    assert empty["reminders"] == "No review was signed in this period."


# Re-reviews


def test_pages_stand_in_the_month_of_their_review_day_and_overdue_ones_apart(story):
    articles = [story.published(title=f"Question {number}?") for number in range(3)]
    today = scope(story).today  # 2 March 2026
    guards.remove()
    for article, days in zip(articles, (-3, 0, 40), strict=True):
        due = today + timedelta(days=days)
        Publication.objects.filter(article=article).update(next_review_due=due)
    guards.install()
    (figure,) = re_reviews.figures(scope(story))
    lines = {row[0]: row[1] for row in figure.table.rows if row[1]}
    assert lines == {"Overdue": 1, "March 2026": 1, "April 2026": 1}
    assert figure.big == "3"
    assert len(figure.table.rows) == 13


def test_pages_that_are_with_the_board_are_said_beside_it(story):
    article = story.published()
    guards.remove()
    Publication.objects.filter(article=article).update(next_review_due=scope(story).today)
    guards.install()
    seats = [story.people["claire"].board_member]
    workflow.re_review(article, actor=story.people["tom"], now=story.tick(), members=seats)
    (figure,) = re_reviews.figures(scope(story))
    assert row_of(figure.table, "March 2026") == (1, 1)


def test_without_live_pages_it_says_that_nothing_falls_due(story):
    (figure,) = re_reviews.figures(scope(story))
    assert figure.empty == "No live page falls due in the next twelve months."
    assert figure.chart is None


# Capacity


def test_demand_and_capacity_are_those_of_the_policys_form(story):
    story.published()
    story.round("ana", "claire", title="Another?")
    (figure,) = demand.figures(scope(story))
    policy = EditorialPolicy.objects.get()
    words = outlook.of([outlook.rule_of(rule) for rule in policy.rules.all()], today=scope(story).today).balance
    needed, given, people = row_of(figure.table, "All")
    assert f"about {needed} reviews a year" in words
    assert given >= needed
    assert people == 9  # all but the member whose credential has expired
    assert row_of(figure.table, "Cardiology")[::2] == (needed, 2)


def test_a_specialty_that_nobody_can_sign_for_is_shown_as_short(story):
    story.round()
    for name in ("claire", "ravi"):
        story.people[name].board_member.credentials.update(expires_on=story.now.date() - timedelta(days=1))
    (figure,) = demand.figures(scope(story))
    assert row_of(figure.table, "Cardiology")[1:] == (0, 0)
    tones = {bar.label: bar.tone for bar in figure.chart.bars}
    assert tones == {"All": "", "Cardiology": "bad"}


def test_without_a_policy_nothing_is_asked(story):
    EditorialPolicy.objects.update(disabled_at=story.now)
    (figure,) = demand.figures(scope(story))
    assert figure.empty == "No policy is in force, so nothing is asked of the board."


def test_reviews_that_took_reminders_are_sorted_by_how_many(story):
    round = story.round()
    story.sign(round, "claire")
    figure = figure_of(board.figures(scope(story)), "reminders")
    assert [tuple(row) for row in figure.table.rows] == [("None", 1), ("1", 0), ("2", 0), ("3 or more", 0)]
    assert ReviewAssignment.objects.filter(state="completed").count() == 1
