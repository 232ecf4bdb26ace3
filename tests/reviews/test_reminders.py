"""Every obligation takes effect exactly once or is skipped with its reason, whatever the clock and the workers do."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, connections

from editorial import audit, clock, outbox
from editorial.models import Absence, AuditEvent, Notification, OutboxMessage
from reviews import reminders, tasks, workflow
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from reviews.models.reminder import LEASE
from reviews.states import VerdictKind

DUE = date(2026, 3, 23)
DAY_AFTER = datetime(2026, 3, 24, tzinfo=UTC)
NOON_AFTER = DAY_AFTER + timedelta(hours=12)

postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time")


@pytest.fixture
def rule(db) -> ReminderRule:
    return ReminderRule.objects.create(name="The day after", trigger="review_due", offset_days=1)


@pytest.fixture
def seat(story, rule) -> ReviewAssignment:
    """Claire's seat, due on 23 March in UTC; Ravi has signed already."""
    return lone_seat(story, "UTC")


def lone_seat(story, zone: str, due: date = DUE) -> ReviewAssignment:
    round = story.round("claire", "ravi")
    story.sign(round, "ravi")
    ReviewAssignment.objects.filter(round=round).update(time_zone=zone, review_on=due)
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()
    return story.seat(round, "claire")


def planned(**wanted) -> ReminderDispatch:
    return ReminderDispatch.objects.get(**wanted)


def dispatched(now: datetime = NOON_AFTER) -> ReminderDispatch:
    """The one reminder there is, planned and dispatched."""
    reminders.plan(now=now)
    dispatch_id = planned().pk
    assert reminders.claim(dispatch_id, now=now)
    reminders.dispatch(dispatch_id, now=now)
    return planned()


def effects() -> tuple[int, int]:
    return Notification.objects.count(), OutboxMessage.objects.count()


def refuse_inserts(model, *, when: str = "") -> None:
    """From here on the database itself refuses rows of this table: a fault, not a mock. The rollback lifts it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TRIGGER broken BEFORE INSERT ON "{model._meta.db_table}" FOR EACH ROW {when} '
            "EXECUTE FUNCTION imprimatur_refuse()"
        )


# Planning


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
    assert sorted(ReminderDispatch.objects.values_list("due_version", flat=True)) == [1, 2]


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
    ticks = [start + timedelta(minutes=30 * n) for n in range(2 * 64)]
    made = [tick for tick in ticks if reminders.plan(now=tick)]

    assert len(made) == 1
    assert clock.day_in(ZoneInfo(zone), made[0]) == due + timedelta(days=1)
    assert made[0] - planned().scheduled_for < timedelta(minutes=30)


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


def test_an_article_without_handling_editor_reminds_none_until_it_has_one(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    article = type(seat.round.article).objects.filter(pk=seat.round.article_id)
    article.update(handling_editor=None)
    assert reminders.plan(now=NOON_AFTER) == 0
    article.update(handling_editor=story.people["lena"])
    assert reminders.plan(now=NOON_AFTER) == 1


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
    try:
        reminders.plan(now=NOON_AFTER)
    except DatabaseError:
        pass  # how it died doesn't matter; what the next tick finds does
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken ON reviews_reminderdispatch")
    reminders.plan(now=NOON_AFTER)
    assert ReminderDispatch.objects.count() == 2


def test_a_seat_whose_time_zone_is_unknown_does_not_stop_the_others(story, rule):
    broken, whole = lone_seat(story, "Mars/Olympus"), lone_seat(story, "UTC", DUE + timedelta(days=1))
    reminders.plan(now=NOON_AFTER + timedelta(days=1))
    assert ReminderDispatch.objects.filter(assignment=whole).count() == 1
    assert broken.pk < whole.pk


# Dispatch


@pytest.mark.sqlite
def test_a_reminder_becomes_one_notification_and_one_mail_with_the_same_words(seat):
    row = dispatched()
    assert (row.state, row.done_at, row.skip_reason) == ("done", NOON_AFTER, "")
    notification, message = Notification.objects.get(), OutboxMessage.objects.get()
    assert notification.text == f"Your review of “{seat.round.article.title}” was due on 23 March 2026."
    assert message.payload["text"] == notification.text
    assert message.payload["path"] == notification.path == seat.get_absolute_url()
    assert message.recipient == notification.user == seat.member.user


@pytest.mark.sqlite
def test_dispatching_twice_does_nothing_twice(seat):
    row = dispatched()
    assert reminders.dispatch(row.pk, now=NOON_AFTER) is False
    assert reminders.claim(row.pk, now=NOON_AFTER + 2 * LEASE) is False
    assert effects() == (1, 1)


@pytest.mark.sqlite
def test_a_worker_that_dies_after_its_claim_frees_the_reminder_when_the_lease_ends(seat):
    reminders.plan(now=NOON_AFTER)
    pk = planned().pk
    assert reminders.claim(pk, now=NOON_AFTER)
    assert not reminders.claim(pk, now=NOON_AFTER + LEASE)
    assert reminders.due(now=NOON_AFTER + LEASE) == []
    late = NOON_AFTER + LEASE + timedelta(seconds=1)
    assert reminders.due(now=late) == [pk]
    assert reminders.claim(pk, now=late)
    assert reminders.dispatch(pk, now=late)
    assert (planned().attempts, effects()) == (2, (1, 1))


def test_a_worker_that_wakes_up_after_another_took_over_adds_nothing(seat):
    reminders.plan(now=NOON_AFTER)
    pk = planned().pk
    late = NOON_AFTER + LEASE + timedelta(seconds=1)
    assert reminders.claim(pk, now=NOON_AFTER)
    assert reminders.claim(pk, now=late)
    assert [reminders.dispatch(pk, now=late), reminders.dispatch(pk, now=late)] == [True, False]
    assert effects() == (1, 1)


@postgresql
@pytest.mark.parametrize("broken", [Notification, OutboxMessage, AuditEvent])
def test_notification_mail_mark_and_event_stand_or_fall_together(seat, broken):
    reminders.plan(now=NOON_AFTER)
    pk, events = planned().pk, AuditEvent.objects.count()
    refuse_inserts(broken)
    assert reminders.claim(pk, now=NOON_AFTER)
    with pytest.raises(DatabaseError):
        reminders.dispatch(pk, now=NOON_AFTER)
    assert (planned().state, planned().done_at) == ("planned", None)
    assert effects() == (0, 0)
    assert AuditEvent.objects.count() == events


@postgresql
def test_one_bad_reminder_does_not_stop_the_others(story, rule, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    bad, good = lone_seat(story, "UTC"), lone_seat(story, "UTC")
    reminders.plan(now=NOON_AFTER)
    ReminderDispatch.objects.filter(assignment=bad).update(recipient=story.people["stranger"])
    refuse_inserts(OutboxMessage, when=f"WHEN (NEW.recipient_id = {story.people['stranger'].pk})")
    swept(NOON_AFTER)
    assert planned(assignment=good).state == "done"
    assert planned(assignment=bad).state == "planned"


def skip(story, seat, how) -> None:
    """Bring about one reason, after the reminder was planned."""
    round, claire = seat.round, story.people["claire"]
    article = type(round.article).objects.get(pk=round.article_id)
    {
        "signed": lambda: story.sign(round, "claire"),
        "stepped aside": lambda: workflow.step_aside(
            article, actor=claire, now=story.tick(), assignment=seat, reason="On call."
        ),
        "withdrawn": lambda: workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A trial."),
        "rejected": lambda: workflow.reject(article, actor=story.people["tom"], now=story.tick(), reason="Unsafe."),
        "recused": lambda: story.declare(round, "claire", has_conflict=True, details="Shares."),
        "round closed": lambda: type(round).objects.filter(pk=round.pk).update(closed_at=NOON_AFTER),
        "article left review": lambda: type(article).objects.filter(pk=article.pk).update(state="draft"),
        "disabled": lambda: type(claire).objects.filter(pk=claire.pk).update(is_active=False),
        "moved": lambda: ReviewAssignment.objects.filter(pk=seat.pk).update(due_version=2),
        "absent": lambda: Absence.objects.create(
            member=seat.member, first_day=NOON_AFTER.date(), last_day=NOON_AFTER.date()
        ),
        "rule off": lambda: ReminderRule.objects.update(active=False),
    }[how]()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("signed", "the review is completed"),
        ("stepped aside", "the review is released"),
        ("withdrawn", "the review is released"),
        ("rejected", "the review is released"),
        ("recused", "the review is recused"),
        ("round closed", "the round is closed"),
        ("article left review", "the article isn't under review"),
        ("disabled", "the member's account is disabled"),
        ("moved", "the due day was moved"),
        ("absent", "the member is absent"),
        ("rule off", "the rule was switched off"),
    ],
)
def test_what_matters_no_more_is_skipped_with_its_reason_on_record(story, seat, how, reason):
    reminders.plan(now=NOON_AFTER)
    pk = planned().pk
    skip(story, seat, how)
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()
    assert reminders.claim(pk, now=NOON_AFTER)
    assert reminders.dispatch(pk, now=NOON_AFTER) is False
    assert (planned().state, planned().skip_reason, effects()) == ("skipped", reason, (0, 0))
    event = AuditEvent.objects.filter(kind="reminder.skipped").get()
    assert reason in event.body
    assert audit.verify() == []


def test_a_disabled_editor_gets_no_reminder(story, seat, rule):
    ReminderRule.objects.update(audience="handling_editor")
    reminders.plan(now=NOON_AFTER)
    type(story.people["tom"]).objects.filter(username="tom").update(is_active=False)
    assert reminders.dispatch(planned().pk, now=NOON_AFTER) is False
    assert planned().skip_reason == "the recipient's account is disabled"


@pytest.mark.parametrize(("days", "state"), [(7, "done"), (8, "skipped")])
def test_a_reminder_that_comes_too_late_to_be_of_use_is_recorded_as_skipped(seat, days, state):
    row = dispatched(DAY_AFTER + timedelta(days=days))
    assert row.state == state
    assert row.skip_reason == ("it is too late to be of use" if state == "skipped" else "")


def test_an_absence_counts_by_the_members_own_calendar(story, rule):
    seat = lone_seat(story, "Asia/Tokyo")
    # 16:00 UTC on the 23rd is one o'clock in the night of the 24th in Tokyo.
    now = datetime(2026, 3, 23, 16, tzinfo=UTC)
    Absence.objects.create(member=seat.member, first_day=date(2026, 3, 24), last_day=date(2026, 3, 24))
    assert dispatched(now).skip_reason == "the member is absent"


def test_a_review_signed_between_mail_and_sending_is_not_mailed_about(story, seat):
    dispatched()
    story.sign(seat.round, "claire")
    outbox.send_due(now=NOON_AFTER)
    assert OutboxMessage.objects.get(kind="review_overdue").status == "skipped"
    assert [m for m in mail.outbox if "overdue" in m.subject] == []


# Tasks


def swept(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return tasks.sweep()


def test_one_sweep_plans_and_dispatches_and_the_next_finds_nothing(seat, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert [swept(NOON_AFTER), swept(NOON_AFTER + timedelta(seconds=30))] == [1, 0]
    assert planned().state == "done"
    assert effects() == (1, 1)


def test_a_task_that_celery_delivers_twice_acts_once(seat):
    reminders.plan(now=NOON_AFTER)
    with time_machine.travel(NOON_AFTER, tick=False):
        assert [tasks.dispatch_reminder(planned().pk), tasks.dispatch_reminder(planned().pk)] == [True, False]
    assert effects() == (1, 1)


def test_a_reminder_whose_row_is_gone_harms_nobody(db):
    assert tasks.dispatch_reminder(123_456) is False


def at_once(count: int, act) -> list:
    """``act`` from as many threads at the same moment, each with a connection of its own."""
    line, found = Barrier(count), []

    def runner() -> None:
        try:
            line.wait(10)
            found.append(act())
        finally:
            connections.close_all()

    threads = [Thread(target=runner) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@postgresql
@pytest.mark.races
def test_two_beats_and_two_workers_at_once_plan_and_dispatch_each_reminder_once(transactional_db, story, rule):
    workflow.BoardMember.objects.update(load_limit=100)
    for _ in range(10):
        lone_seat(story, "UTC")
    assert sum(at_once(2, lambda: reminders.plan(now=NOON_AFTER))) == 10
    ids = reminders.due(now=NOON_AFTER)

    def work() -> int:
        return sum(reminders.claim(pk, now=NOON_AFTER) and reminders.dispatch(pk, now=NOON_AFTER) for pk in ids)

    assert sum(at_once(2, work)) == 10
    assert effects() == (10, 10)
    assert audit.verify() == []
