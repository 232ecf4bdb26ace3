"""Silence expires a seat: never on the due day, never in a closed period or an absence, never over a draft."""

from datetime import UTC, date, datetime, timedelta

import pytest

from editorial.conditions import Refused
from editorial.models import Absence, AuditEvent, ClosedPeriod, User
from reviews import deadlines, tasks, workflow
from reviews.models import ReviewAssignment, ReviewDraft
from tests.reviews.late import postgresql
from tests.reviews.panels import ask_for_answers, events, mail_to, opened, states

RESPOND, REVIEW = date(2026, 3, 7), date(2026, 3, 23)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def asked(story):
    """Claire and Ravi were asked; Claire hasn't answered, Ravi has. Everybody keeps London's time."""
    ask_for_answers()
    User.objects.update(time_zone="Europe/London")
    round = opened(story, alternates=["eva"])
    seat = story.seat(round, "ravi")
    workflow.accept(round.article, actor=story.people["ravi"], now=story.tick(), assignment=seat)
    return round


def state_at(round, instant: datetime, username: str = "claire") -> str:
    workflow.look_after_seats(now=instant)
    return states(round)[username][1]


# An answer


def test_an_invitation_expires_on_the_day_after_the_answer_was_due(asked):
    assert state_at(asked, datetime(2026, 3, 7, 23, 59, 59, tzinfo=UTC)) == "invited"
    assert state_at(asked, datetime(2026, 3, 8, 0, 0, 0, tzinfo=UTC)) == "expired"
    assert states(asked)["eva"] == ("required", "invited")
    assert states(asked)["ravi"] == ("required", "accepted")


def test_the_expiry_says_why_and_is_the_systems_own_act(asked, story):
    workflow.look_after_seats(now=noon(RESPOND + timedelta(days=1)))
    seat = story.seat(asked, "claire")
    assert seat.reason == "no answer by 7 March 2026"
    assert events(seat) == ["made", "expired"]
    assert str(User.system().uuid) in AuditEvent.objects.get(kind="assignment.expired").body
    assert mail_to("claire")[-1].endswith("has expired, and nothing is asked of you any more.")
    assert "The seat of Claire Dubois" in mail_to("tom")[-1]


ZONES = [
    ("Europe/London", datetime(2026, 3, 8, 0, 0, tzinfo=UTC)),
    ("Asia/Tokyo", datetime(2026, 3, 7, 15, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
    ("Pacific/Kiritimati", datetime(2026, 3, 7, 10, 0, tzinfo=UTC)),
    ("Pacific/Pago_Pago", datetime(2026, 3, 8, 11, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "first"), ZONES)
def test_the_day_ends_when_it_ends_for_the_member(zone, first, asked):
    ReviewAssignment.objects.filter(member__user__username="claire").update(time_zone=zone)
    assert state_at(asked, first - timedelta(microseconds=1)) == "invited"
    assert state_at(asked, first) == "expired"


@pytest.mark.parametrize(
    ("first", "last", "expires"),
    [
        (date(2026, 3, 8), date(2026, 3, 10), date(2026, 3, 11)),
        (date(2026, 3, 7), date(2026, 3, 7), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 8)),
    ],
)
@pytest.mark.parametrize("kind", ["closed", "absent"])
def test_nothing_expires_while_the_board_is_closed_or_the_member_away(kind, first, last, expires, asked, story):
    if kind == "closed":
        ClosedPeriod.objects.create(name="Spring", first_day=first, last_day=last)
    else:
        Absence.objects.create(member=story.people["claire"].board_member, first_day=first, last_day=last)
    assert state_at(asked, noon(expires - timedelta(days=1))) == "invited"
    assert state_at(asked, noon(expires)) == "expired"


# A review


def test_a_review_is_given_up_14_days_after_it_was_due(asked):
    assert state_at(asked, noon(REVIEW + timedelta(days=13)), "ravi") == "accepted"
    assert state_at(asked, noon(REVIEW + timedelta(days=14)), "ravi") == "expired"


def test_days_of_a_closed_period_and_of_an_absence_do_not_count(asked, story):
    ClosedPeriod.objects.create(name="Easter", first_day=date(2026, 4, 3), last_day=date(2026, 4, 6))
    away = {"first_day": date(2026, 4, 5), "last_day": date(2026, 4, 9)}
    Absence.objects.create(member=story.people["ravi"].board_member, **away)
    assert state_at(asked, noon(REVIEW + timedelta(days=20)), "ravi") == "accepted"
    assert state_at(asked, noon(REVIEW + timedelta(days=21)), "ravi") == "expired"


def test_a_member_on_leave_without_an_open_day_is_never_silently_expired(asked, story):
    away = {"first_day": date(2026, 3, 24), "last_day": date(2027, 3, 24)}
    Absence.objects.create(member=story.people["ravi"].board_member, **away)
    assert state_at(asked, noon(date(2027, 3, 20)), "ravi") == "accepted"


@pytest.mark.parametrize("username", ["claire", "ravi"])
def test_what_is_saved_as_a_draft_is_never_given_up(username, asked, story):
    ReviewDraft.objects.create(assignment=story.seat(asked, username), saved_at=story.now)
    before = states(asked)[username][1]
    assert state_at(asked, noon(REVIEW + timedelta(days=400)), username) == before


def test_a_new_due_day_gives_new_time(asked, story):
    workflow.extend(
        asked.article,
        actor=story.people["tom"],
        now=story.tick(),
        assignment=story.seat(asked, "ravi"),
        reason="Ill.",
        review_on=date(2026, 5, 1),
    )
    assert state_at(asked, noon(date(2026, 5, 14)), "ravi") == "accepted"
    assert state_at(asked, noon(date(2026, 5, 15)), "ravi") == "expired"


def test_a_waiting_alternate_never_expires(asked):
    ReviewAssignment.objects.filter(round=asked).exclude(seat="alternate").update(review_on=date(2030, 1, 1))
    ReviewAssignment.objects.filter(round=asked, state="invited").update(respond_on=date(2029, 1, 1))
    ReviewAssignment.objects.filter(seat="alternate").update(respond_on=date(2026, 1, 1), review_on=date(2026, 1, 1))
    assert state_at(asked, noon(date(2026, 12, 1)), "eva") == "invited"


def test_after_the_round_is_closed_nothing_expires(asked, story):
    workflow.reject(asked.article, actor=story.people["tom"], now=story.tick(), reason="Unsafe.")
    assert workflow.look_after_seats(now=noon(date(2026, 12, 1))) == 0


def test_only_the_clock_lets_a_seat_expire(asked, story):
    seat = story.seat(asked, "claire")
    late = noon(date(2026, 6, 1))
    with pytest.raises(Refused, match="Only the clock lets a seat expire"):
        workflow.expire(asked.article, actor=story.people["tom"], now=late, assignment=seat)
    workflow.expire(asked.article, actor=User.system(), now=story.tick(), assignment=seat)
    assert states(asked)["claire"][1] == "invited"


# The task


def test_it_catches_up_after_standing_still_and_running_again_changes_nothing(asked):
    workflow.look_after_seats(now=noon(date(2026, 6, 1)))
    before = (states(asked), AuditEvent.objects.count())
    assert (before[0]["claire"], before[0]["ravi"]) == (("required", "expired"), ("required", "expired"))
    workflow.look_after_seats(now=noon(date(2026, 6, 1)))
    assert (states(asked), AuditEvent.objects.count()) == before


@postgresql
def test_one_seat_that_fails_never_stops_the_others(asked, story, caplog, refuses_to_expire):
    other = opened(story, "ana", "ravi", fields={"title": "Another question?"})
    refuses_to_expire(story.seat(asked, "claire"))
    workflow.look_after_seats(now=noon(RESPOND + timedelta(days=1)))
    assert states(asked)["claire"][1] == "invited"
    assert (states(other)["ana"][1], states(other)["ravi"][1]) == ("expired", "expired")
    assert "couldn't be looked after" in caplog.text


@pytest.fixture
def refuses_to_expire(db):
    """From here on the database itself refuses changes of one seat."""
    from django.db import connection  # why: only this fault needs it

    def refuse(seat: ReviewAssignment) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER broken BEFORE UPDATE ON reviews_reviewassignment FOR EACH ROW "
                f"WHEN (OLD.id = {seat.pk}) EXECUTE FUNCTION broken()"
            )

    return refuse


def test_the_task_asks_the_clock(asked, monkeypatch):
    monkeypatch.setattr("editorial.clock.now", lambda: noon(RESPOND + timedelta(days=1)))
    assert tasks.look_after_seats() == 1
    assert states(asked)["claire"][1] == "expired"


def test_beat_rings_it_every_hour(settings):
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    assert [e["schedule"] for e in entries if e["task"] == "reviews.tasks.look_after_seats"] == [3600.0]


def test_the_count_of_late_days_is_the_policys():
    assert deadlines.days_late(RESPOND, RESPOND) == 0
    assert deadlines.days_late(RESPOND, RESPOND + timedelta(days=1)) == 1
