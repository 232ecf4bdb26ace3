"""The seat of somebody who is away when it is due passes to the cover they named, else to an alternate."""

from datetime import date

import pytest

from editorial.models import Absence, AuditEvent, BoardMember, OutboxMessage
from reviews import workflow
from reviews.models import ReviewAssignment, ReviewDraft
from tests.reviews.panels import also_in, away, events, mail_to, opened, states

DUE = date(2026, 3, 23)


def covered(story, *, cover: str = "eva", first: date = date(2026, 3, 20), last: date = date(2026, 3, 27), **values):
    """Ravi is away when his review is due; his seat after the clock has looked at it."""
    round = opened(story, **values)
    away(story, "ravi", first=first, last=last, cover=cover)
    workflow.look_after_seats(now=story.tick())
    return round


def test_whoever_is_away_on_the_due_day_is_covered_by_whom_they_named(story):
    round = covered(story, alternates=["liam"])
    assert states(round) == {
        "claire": ("required", "accepted"),
        "ravi": ("required", "released"),
        "eva": ("required", "accepted"),
        "liam": ("alternate", "invited"),
    }
    seat = story.seat(round, "eva")
    assert seat.replaces == story.seat(round, "ravi")
    assert events(seat) == ["made", "covered"]
    assert mail_to("eva") == ["Please review “How low should blood pressure be?” by 23 March 2026."]
    assert story.seat(round, "ravi").reason == "absent on the due day (23 March 2026)"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 3), date(2026, 3, 22)),
        (date(2026, 3, 24), date(2026, 4, 24)),
    ],
)
def test_an_absence_that_does_not_hold_the_due_day_passes_nothing_on(first, last, story):
    assert states(covered(story, first=first, last=last))["ravi"] == ("required", "accepted")


def test_a_cover_who_may_not_sit_makes_way_for_an_alternate(story):
    BoardMember.objects.filter(user__username="eva").update(load_limit=0)
    round = covered(story, alternates=["liam"])
    assert "eva" not in states(round)
    assert states(round)["liam"] == ("required", "accepted")
    assert events(story.seat(round, "liam")) == ["made", "promoted"]


def test_a_cover_who_would_leave_the_round_unsatisfiable_makes_way_for_an_alternate(story):
    also_in(story, "sofia", "cardiology")
    article = story.triaged()
    round = opened(story, "ravi", "ana", article=article, alternates=["sofia"])
    away(story, "ravi", first=DUE, last=DUE, cover="eva")
    workflow.look_after_seats(now=story.tick())
    assert states(round)["sofia"] == ("required", "accepted")
    assert "eva" not in states(round)


def test_a_cover_who_stands_by_as_an_alternate_moves_up(story):
    round = covered(story, alternates=["liam", "eva"])
    assert states(round)["eva"] == ("required", "accepted")
    assert states(round)["liam"] == ("alternate", "invited")
    assert events(story.seat(round, "eva")) == ["made", "covered"]


def test_a_cover_who_sits_on_the_panel_already_takes_no_second_seat(story):
    round = covered(story, cover="claire", alternates=["liam"])
    assert states(round)["liam"] == ("required", "accepted")
    assert round.assignments.filter(member__user__username="claire").count() == 1


def test_without_a_cover_the_alternate_takes_over(story):
    assert states(covered(story, cover="", alternates=["liam"]))["liam"] == ("required", "accepted")


def test_when_nobody_can_take_over_the_seat_stays_and_the_editor_is_told_once(story):
    round = covered(story, cover="")
    for _hour in range(3):
        workflow.look_after_seats(now=story.tick())
    assert states(round)["ravi"] == ("required", "accepted")
    told = [text for text in mail_to("tom") if "is away when the review" in text]
    assert len(told) == 1
    assert events(story.seat(round, "ravi")) == ["made", "uncovered"]


def test_a_new_due_day_in_the_absence_is_told_again_and_one_outside_ends_the_question(story):
    round = covered(story, cover="")
    tom = story.people["tom"]
    for day, times in ((date(2026, 3, 26), 2), (date(2026, 4, 10), 2)):
        seat = story.seat(round, "ravi")
        workflow.extend(round.article, actor=tom, now=story.tick(), assignment=seat, reason="Later.", review_on=day)
        workflow.look_after_seats(now=story.tick())
        assert events(story.seat(round, "ravi")).count("uncovered") == times


def test_whoever_has_begun_to_write_keeps_the_seat_until_they_leave(story):
    round = opened(story)
    away(story, "ravi", first=date(2026, 3, 20), last=date(2026, 3, 27), cover="eva")
    ReviewDraft.objects.create(assignment=story.seat(round, "ravi"), saved_at=story.now)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["ravi"] == ("required", "accepted")
    story.now = story.now.replace(day=20, hour=12)
    workflow.look_after_seats(now=story.now)
    assert states(round)["ravi"] == ("required", "released")


def test_an_optional_seat_passes_to_a_cover_and_never_to_an_alternate(story):
    round = opened(story, optional=["ana"], alternates=["liam"])
    away(story, "ana", first=DUE, last=DUE)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["ana"] == ("optional", "accepted")
    Absence.objects.update(cover=story.people["eva"].board_member)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["eva"] == ("optional", "accepted")
    assert states(round)["liam"] == ("alternate", "invited")


def test_a_waiting_alternate_who_is_away_keeps_standing_by(story):
    round = opened(story, alternates=["liam"])
    away(story, "liam", first=DUE, last=DUE, cover="eva")
    workflow.look_after_seats(now=story.tick())
    assert states(round)["liam"] == ("alternate", "invited")


def test_the_seats_of_one_member_are_covered_as_soon_as_their_absence_is_known(story):
    rounds = [opened(story, fields={"title": f"Question {number}?"}) for number in range(3)]
    away(story, "ravi", first=DUE, last=DUE, cover="eva")
    workflow.cover_absences(story.people["ravi"].board_member, now=story.tick())
    assert [states(round)["eva"] for round in rounds] == [("required", "accepted")] * 3
    assert ReviewAssignment.objects.owed().filter(member__user__username="ravi").count() == 0


def test_running_it_again_changes_nothing(story):
    round = covered(story, alternates=["liam"])
    before = (states(round), AuditEvent.objects.count(), OutboxMessage.objects.count())
    workflow.look_after_seats(now=story.tick())
    assert (states(round), AuditEvent.objects.count(), OutboxMessage.objects.count()) == before
