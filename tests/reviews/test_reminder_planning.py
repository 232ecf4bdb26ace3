"""What is owed is planned once each, whatever the clock does; and never on the due day itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from editorial import clock, outbox
from editorial.models import OutboxMessage
from reviews import reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from reviews.states import VerdictKind
from tests.reviews.late import (
    DAY_AFTER,
    DUE,
    NOON_AFTER,
    allow_inserts,
    day_after_rule,
    dispatched,
    effects,
    lone_seat,
    planned,
    postgresql,
    refuse_inserts,
)


@pytest.fixture
def rule(db) -> ReminderRule:
    return day_after_rule()


@pytest.fixture
def seat(story, rule) -> ReviewAssignment:
    return lone_seat(story)


@pytest.mark.sqlite
def test_an_overdue_review_is_planned_once_however_often_the_clock_ticks(seat):
    assert [reminders.plan(now=NOON_AFTER + timedelta(minutes=n)) for n in range(5)] == [1, 0, 0, 0, 0]
    assert planned().recipient == seat.member.user


@pytest.mark.sqlite
def test_after_an_outage_of_72_hours_each_obligation_is_planned_once(story, seat, rule):
    later = ReminderRule.objects.create(name="Three days after", trigger="review_due", offset_days=3)
    assert reminders.plan(now=DAY_AFTER - timedelta(microseconds=1)) == 0
    assert reminders.plan(now=DAY_AFTER + timedelta(hours=72)) == 2
    assert {(d.rule_id, d.scheduled_for) for d in ReminderDispatch.objects.all()} == {
        (rule.pk, DAY_AFTER),
        (later.pk, DAY_AFTER + timedelta(days=2)),
    }


def test_a_reminder_after_the_due_day_needs_none_before_it(seat):
    assert reminders.plan(now=DAY_AFTER + timedelta(days=5)) == 1


def test_two_rules_of_one_seat_do_not_suppress_each_other(seat, rule):
    dispatched()
    ReminderRule.objects.create(name="A week after", trigger="review_due", offset_days=7)
    assert reminders.plan(now=DAY_AFTER + timedelta(days=6, hours=1)) == 1


def test_a_rule_that_is_switched_off_plans_nothing(seat, rule):
    ReminderRule.objects.update(active=False)
    assert reminders.plan(now=NOON_AFTER) == 0


def test_a_seat_that_is_signed_is_owed_nothing(story, seat):
    story.sign(seat.round, "claire", VerdictKind.APPROVE)
    assert reminders.plan(now=NOON_AFTER) == 0


def test_a_moved_due_day_is_a_new_obligation(seat):
    reminders.plan(now=NOON_AFTER)
    ReviewAssignment.objects.filter(pk=seat.pk).update(review_on=DUE + timedelta(days=7), due_version=2)
    assert reminders.plan(now=NOON_AFTER) == 0
    assert reminders.plan(now=NOON_AFTER + timedelta(days=7)) == 1
    assert sorted(ReminderDispatch.objects.values_list("due_version", flat=True)) == ["1", "2"]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Tokyo", datetime(2026, 3, 23, 15, tzinfo=UTC)),
        ("Africa/Lagos", datetime(2026, 3, 23, 23, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 24, 4, tzinfo=UTC)),
    ],
)
def test_nobody_is_reminded_on_the_due_day_of_their_own_zone(story, rule, zone, first):
    lone_seat(story, zone)
    assert reminders.plan(now=first - timedelta(microseconds=1)) == 0
    assert reminders.plan(now=first) == 1
    assert planned().scheduled_for == first


def test_at_nine_in_the_evening_in_new_york_nothing_is_sent_again(story, rule):
    lone_seat(story, "America/New_York")
    dispatched()
    evenings = [datetime(2026, 3, day, 21, 0, tzinfo=ZoneInfo("America/New_York")) for day in range(24, 30)]
    assert [reminders.plan(now=evening) for evening in evenings] == [0] * 6
    assert effects() == (1, 1)


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Paris", date(2026, 3, 29)),
        ("Europe/Paris", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("America/Santiago", date(2026, 4, 4)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Asia/Tokyo", date(2026, 3, 29)),
        ("Africa/Lagos", date(2026, 10, 25)),
    ],
)
@pytest.mark.parametrize("due_before", [0, 1])
def test_the_night_the_clocks_change_plans_each_reminder_once_and_on_its_day(story, rule, zone, night, due_before):
    due = night - timedelta(days=due_before)
    lone_seat(story, zone, due)
    start = datetime(due.year, due.month, due.day, tzinfo=UTC) - timedelta(hours=14)
    ticks = [start + timedelta(hours=n) for n in range(64)]
    made = [tick for tick in ticks if reminders.plan(now=tick)]

    assert len(made) == 1
    assert clock.day_in(ZoneInfo(zone), made[0]) == due + timedelta(days=1)
    assert made[0] - planned().scheduled_for < timedelta(hours=1)


@pytest.mark.parametrize("jump", [-24, 24])
def test_a_clock_that_jumps_by_a_day_plans_nothing_twice(seat, jump):
    assert reminders.plan(now=NOON_AFTER) == 1
    assert reminders.plan(now=NOON_AFTER + timedelta(hours=jump)) == 0
    assert reminders.plan(now=NOON_AFTER) == 0


def test_the_handling_editor_is_told_whose_review_is_late_and_where_the_article_is(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    row = dispatched()
    message = OutboxMessage.objects.get()
    assert row.recipient == message.recipient == story.people["tom"]
    assert (
        message.payload["text"]
        == f"The review of “{seat.round.article.title}” by Claire Dubois was due on 23 March 2026."
    )
    assert message.payload["path"] == f"/admin/articles/article/{seat.round.article_id}/change/"


def test_the_editors_mail_never_says_that_the_review_is_the_editors_own(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    dispatched()
    outbox.send_due(now=NOON_AFTER)
    assert "of yours" not in mail.outbox[0].subject
    assert "the seat passes on" not in mail.outbox[0].body


def test_an_article_without_handling_editor_reminds_every_editor_who_may_judge_it(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    article = type(seat.round.article).objects.get(pk=seat.round.article_id)
    type(article).objects.update(handling_editor=None)
    article.authors.add(story.people["lena"])
    assert reminders.plan(now=NOON_AFTER) == 1
    assert planned().recipient == story.people["tom"]


def test_where_no_editor_is_free_to_judge_it_the_chief_editors_are_reminded(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    seat.round.article.authors.add(story.people["lena"], story.people["tom"])
    assert reminders.plan(now=NOON_AFTER) == 1
    assert planned().recipient == story.people["ingrid"]


def test_every_chief_editor_gets_a_reminder_of_their_own(story, seat, rule):
    ReminderRule.objects.update(audience="chief_editors")
    story.people["lena"].groups.set(story.people["ingrid"].groups.all())
    assert reminders.plan(now=NOON_AFTER) == 2
    assert reminders.plan(now=NOON_AFTER) == 0
    assert set(ReminderDispatch.objects.values_list("recipient__username", flat=True)) == {"ingrid", "lena"}


@postgresql
def test_a_crash_between_two_chiefs_loses_neither(story, seat, rule):
    ReminderRule.objects.update(audience="chief_editors")
    story.people["lena"].groups.set(story.people["ingrid"].groups.all())
    last = max(story.people["ingrid"].pk, story.people["lena"].pk)
    refuse_inserts(ReminderDispatch, when=f"WHEN (NEW.recipient_id = {last})")
    assert reminders.plan(now=NOON_AFTER) == 0
    allow_inserts(ReminderDispatch)
    assert reminders.plan(now=NOON_AFTER) == 2


def test_a_seat_whose_time_zone_is_unknown_does_not_stop_the_others(story, rule):
    broken, whole = lone_seat(story, "Mars/Olympus"), lone_seat(story, "UTC", DUE + timedelta(days=1))
    reminders.plan(now=NOON_AFTER + timedelta(days=1))
    assert ReminderDispatch.objects.filter(assignment=whole).count() == 1
    assert broken.pk < whole.pk
