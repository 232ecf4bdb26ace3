"""Whose turn is it: each article stands in exactly the view that says so."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article
from editorial import clock
from reviews import conditions, desk, objection_conditions, workflow
from reviews.models import Objection, ReviewAssignment
from reviews.models.assignment import ended
from reviews.queue import counting
from reviews.states import VerdictKind
from tests.reviews.panels import ask_for_answers, opened

VIEWS = {
    "needs triage": desk.needs_triage,
    "needs a panel": desk.needs_panel,
    "waiting for answers": desk.waiting_for_answers,
    "waiting for reviews": desk.waiting_for_reviews,
    "ready to decide": desk.ready_to_decide,
    "objection open": desk.objection_open,
    "with the author": desk.with_author,
    "on hold": desk.on_hold,
}


def overdue(now: datetime) -> list[ReviewAssignment]:
    return list(ReviewAssignment.objects.owed().late(now).order_by("pk"))


def standing_in(article: Article) -> list[str]:
    return [name for name, view in VIEWS.items() if article.pk in view().values_list("pk", flat=True)]


def draft(story):
    return story.draft()


def submitted(story):
    return story.submitted()


def triaged(story):
    return story.triaged()


def under_review(story):
    return story.round().article


def one_unanswered(story):
    """Ravi has said yes; Claire hasn't said anything, and an alternate stands by."""
    ask_for_answers()
    round = opened(story, alternates=["eva"])
    workflow.accept(round.article, actor=story.people["ravi"], now=story.tick(), assignment=story.seat(round, "ravi"))
    return round.article


def all_answered(story):
    article = one_unanswered(story)
    seat = story.seat(conditions.open_round_of(article), "claire")
    workflow.accept(article, actor=story.people["claire"], now=story.tick(), assignment=seat)
    return article


def one_signed(story):
    return story.sign(story.round(), "claire")


def all_signed(story):
    round = story.round()
    story.sign(round, "claire")
    return story.sign(round, "ravi")


def nobody_left(story):
    round = story.round()
    for name in ("claire", "ravi"):
        workflow.step_aside(
            round.article, actor=story.people[name], now=story.tick(), assignment=story.seat(round, name), reason="No."
        )
    return round.article


def optional_left(story):
    round = story.round("claire", "ravi", "eva")
    ReviewAssignment.objects.filter(pk=story.seat(round, "eva").pk).update(seat="optional")
    story.sign(round, "claire")
    return story.sign(round, "ravi")


def objected(story):
    return story.sign(story.round(), "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")


def objected_and_all_signed(story):
    round = story.round()
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")
    return story.sign(round, "ravi")


def changes_needed(story):
    return story.sign(story.round(), "claire", VerdictKind.CHANGES_NEEDED, comment="The dose is missing.")


def sent_in_again(story):
    return story.submitted(changes_needed(story))


def objected_then_withdrawn(story):
    article = objected(story)
    return workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="The dose.")


def rejected(story):
    return workflow.reject(under_review(story), actor=story.people["tom"], now=story.tick(), reason="Unsafe.")


def published(story):
    return story.published()


def held(story):
    article = story.published()
    tom, now = story.people["tom"], story.tick()
    return lifecycle.hold(article, actor=tom, now=now, reason="A doubt.", proof=story.proof("tom"))


def held_under_revision(story):
    return bare.revise(held(story), actor=story.people["tom"], now=story.tick(), reason="The dose.")


def abandoned(story):
    return bare.abandon(story.draft(), actor=story.people["tom"], now=story.tick(), reason="Twice.")


@pytest.mark.parametrize(
    ("tell", "views"),
    [
        (draft, []),
        (submitted, ["needs triage"]),
        (triaged, ["needs a panel"]),
        (under_review, ["waiting for reviews"]),
        (one_unanswered, ["waiting for answers"]),
        (all_answered, ["waiting for reviews"]),
        (one_signed, ["waiting for reviews"]),
        (all_signed, ["ready to decide"]),
        (nobody_left, ["ready to decide"]),
        (optional_left, ["ready to decide"]),
        (objected, ["waiting for reviews", "objection open"]),
        (objected_and_all_signed, ["ready to decide", "objection open"]),
        (objected_then_withdrawn, ["objection open"]),
        (changes_needed, ["with the author"]),
        (sent_in_again, ["needs triage"]),
        (rejected, []),
        (published, []),
        (held, ["on hold"]),
        (held_under_revision, ["on hold"]),
        (abandoned, []),
    ],
)
def test_an_article_stands_in_exactly_the_views_that_say_whose_turn_it_is(story, tell, views):
    assert standing_in(tell(story)) == views


def test_a_view_is_one_query_whatever_it_holds(story, django_assert_num_queries):
    for tell in (submitted, triaged, objected, all_signed, changes_needed, held, one_unanswered):
        tell(story)
    for view in VIEWS.values():
        with django_assert_num_queries(1):
            rows = [(article.title, article.state_label, article.risk_tier) for article in view()]
        assert rows


def test_what_waits_longest_comes_first(story):
    first, second = story.submitted(title="First?"), story.submitted(title="Second?")
    assert [article.pk for article in desk.needs_triage()] == [first.pk, second.pk]


# Overdue


@pytest.mark.parametrize(
    ("zone", "last"),
    [
        ("UTC", datetime(2026, 3, 23, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 3, 23, 14, 59, 59, 999_999, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 24, 3, 59, 59, 999_999, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 3, 23, 9, 59, 59, 999_999, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 3, 24, 10, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_review_is_overdue_from_the_first_instant_after_its_day_in_the_members_zone(story, zone, last):
    round = story.round()
    seat = story.seat(round, "claire")
    ReviewAssignment.objects.filter(pk=seat.pk).update(time_zone=zone, review_on=date(2026, 3, 23))
    ReviewAssignment.objects.exclude(pk=seat.pk).update(review_on=date(2027, 1, 1))
    assert overdue(last) == []
    assert overdue(last + timedelta(microseconds=1)) == [seat]


def test_a_new_seat_is_never_overdue_however_far_east_its_member_lives(story):
    round = story.round()
    assert overdue(story.now) == []
    assert [seat.is_overdue(story.now) for seat in round.assignments.all()] == [False, False]


def test_what_was_signed_released_or_closed_is_not_overdue(story):
    later = story.now + timedelta(days=60)
    signed, aside, closed = (story.round(title=f"Question {n}?") for n in range(3))
    assert len(overdue(later)) == 6
    for round in (signed, aside):
        story.sign(round, "ravi")
    story.sign(signed, "claire")
    seat = story.seat(aside, "claire")
    workflow.step_aside(
        aside.article, actor=story.people["claire"], now=story.tick(), assignment=seat, reason="On call."
    )
    workflow.reject(closed.article, actor=story.people["tom"], now=story.tick(), reason="Unsafe.")
    assert overdue(later) == []


def test_a_waiting_alternate_is_never_overdue_and_owes_nothing(story):
    round = opened(story, alternates=["eva"])
    later = story.now + timedelta(days=60)
    assert [seat.member.user.username for seat in overdue(later)] == ["claire", "ravi"]
    assert not desk.reviews_of(story.people["eva"]).exists()
    ReviewAssignment.objects.filter(round=round, seat="alternate").update(seat="required")
    assert desk.reviews_of(story.people["eva"]).exists()


# A member's own work


def test_a_member_sees_what_they_owe_the_most_urgent_first(story):
    later, sooner = story.round(title="Later?"), story.round(title="Sooner?")
    ReviewAssignment.objects.filter(round=sooner).update(review_on=date(2026, 3, 10))
    assert [seat.round_id for seat in desk.reviews_of(story.people["claire"])] == [sooner.pk, later.pk]
    story.sign(sooner, "claire")
    assert [seat.round_id for seat in desk.reviews_of(story.people["claire"])] == [later.pk]
    assert not desk.reviews_of(story.people["eva"]).exists()
    assert not desk.reviews_of(story.people["tom"]).exists()


def waits_for(story) -> list[str]:
    return [name for name, user in story.people.items() if desk.adjudications_for(user).exists()]


def test_an_objection_waits_for_peers_off_the_panel(story):
    story.sign(story.round("claire", "ana"), "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")
    assert waits_for(story) == ["ravi"]


def test_an_objection_waits_for_nobody_on_the_panel(story):
    story.sign(story.round("claire", "ravi"), "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")
    assert waits_for(story) == []


def test_whoever_sat_on_the_panel_of_the_objection_may_not_end_it_from_a_later_round(story):
    article = story.sign(story.round("claire", "ravi"), "claire", VerdictKind.SAFETY_OBJECTION, comment="It kills.")
    article = workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="The dose.")
    story.round("claire", "ana", article=article)
    objection, ravi = Objection.objects.get(), story.people["ravi"]
    assert "on the panel" in objection_conditions.may_adjudicate(objection, ravi, now=story.now).reason
    assert waits_for(story) == []


def test_whoever_sat_on_another_panel_of_the_article_may_adjudicate_and_is_shown_it(story):
    round = story.round("claire", "ravi")
    article = workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="The dose.")
    round = story.round("claire", "ana", article=article)
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="It kills.")
    objection, ravi = Objection.objects.get(), story.people["ravi"]
    assert objection_conditions.may_adjudicate(objection, ravi, now=story.now)
    assert waits_for(story) == ["ravi"]


@pytest.mark.parametrize("hour", [0, 5, 9, 10, 11, 12, 14, 23])
def test_a_day_is_over_for_the_views_where_it_is_over_on_the_wall(story, hour):
    """In hundreds of zones at once, of which the views name the fewer."""
    seat = ReviewAssignment.objects.filter(round=story.round()).first()
    now = datetime(2026, 3, 24, hour, 30, tzinfo=UTC)
    moment = counting.everywhere(now)
    zones = ("UTC", "Etc/GMT+12", "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kolkata", "America/New_York")
    for zone, days in itertools.product(zones, range(-2, 2)):
        due = now.date() + timedelta(days=days)
        ReviewAssignment.objects.filter(pk=seat.pk).update(time_zone=zone, review_on=due)
        over = clock.day_in(ZoneInfo(zone), now) > due
        for asked in (moment.ended, ended(now)):
            assert ReviewAssignment.objects.filter(asked, pk=seat.pk).exists() == over, (zone, due)
    _sql, values = ReviewAssignment.objects.filter(moment.ended).query.sql_with_params()
    assert len(values) < len(counting._zones()) / 2
