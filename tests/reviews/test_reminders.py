"""Each reminder takes effect exactly once or is skipped with its reason, whatever the workers do."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError

from editorial import audit, outbox
from editorial.models import Absence, AuditEvent, BoardMember, Notification, OutboxMessage
from reviews import reminders, tasks, workflow
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from reviews.models.reminder import LEASE
from tests.faults.racing import at_once
from tests.reviews.late import (
    DAY_AFTER,
    NOON_AFTER,
    day_after_rule,
    dispatched,
    effects,
    forget_news,
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
    refuse_inserts(OutboxMessage, when=f"WHEN ((NEW.payload->>'dispatch')::int = {planned(assignment=bad).pk})")
    swept(NOON_AFTER)
    assert planned(assignment=good).state == "done"
    assert planned(assignment=bad).state == "planned"


@postgresql
def test_a_poison_row_is_parked_after_five_attempts_with_its_problem(story, rule):
    bad, good = lone_seat(story, "UTC"), lone_seat(story, "UTC")
    reminders.plan(now=NOON_AFTER)
    poison = planned(assignment=bad).pk
    refuse_inserts(OutboxMessage, when=f"WHEN ((NEW.payload->>'dispatch')::int = {poison})")
    for attempt in range(6):
        at = NOON_AFTER + attempt * (LEASE + timedelta(seconds=1))
        reminders.dispatch_batch(reminders.due(now=at), now=at)
    row = planned(assignment=bad)
    assert (row.state, row.attempts, planned(assignment=good).state) == ("parked", 5, "done")
    assert "the disk is full" in row.skip_reason
    assert AuditEvent.objects.filter(kind="reminder.parked").count() == 1


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
        ("stepped aside", "the review is declined"),
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
    forget_news()
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
    assert OutboxMessage.objects.get(kind="reminder").status == "skipped"
    assert [m for m in mail.outbox if "was due" in m.subject] == []


def swept(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return tasks.sweep()


def test_one_sweep_plans_and_dispatches_and_the_next_finds_nothing(seat, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert [swept(NOON_AFTER), swept(NOON_AFTER + timedelta(seconds=30))] == [1, 0]
    assert planned().state == "done"
    assert effects() == (1, 1)


def test_a_reminder_leaves_with_the_sweep_that_finds_it_due_and_not_one_later(seat, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert swept(NOON_AFTER) == 1
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]
    assert OutboxMessage.objects.get().status == "sent"


def test_a_task_that_celery_delivers_twice_acts_once(seat):
    reminders.plan(now=NOON_AFTER)
    with time_machine.travel(NOON_AFTER, tick=False):
        ids = [planned().pk]
        assert [tasks.dispatch_reminders(ids), tasks.dispatch_reminders(ids)] == [1, 0]
    assert effects() == (1, 1)


def test_a_reminder_whose_row_is_gone_harms_nobody(db):
    assert tasks.dispatch_reminders([123_456]) == 0


@postgresql
@pytest.mark.races
def test_two_beats_and_two_workers_at_once_plan_and_dispatch_each_reminder_once(transactional_db, story, rule):
    BoardMember.objects.update(load_limit=100)
    for _ in range(10):
        lone_seat(story, "UTC")
    at_once(2, lambda: reminders.plan(now=NOON_AFTER))
    assert ReminderDispatch.objects.count() == 10
    ids = reminders.due(now=NOON_AFTER)

    def work() -> int:
        return reminders.dispatch_batch(ids[:5], now=NOON_AFTER) + reminders.dispatch_batch(ids[5:], now=NOON_AFTER)

    assert sum(at_once(2, work)) == 10
    assert effects() == (10, 10)
    assert audit.verify() == []
