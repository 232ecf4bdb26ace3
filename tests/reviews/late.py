"""A review that is late, and what tests of reminders ask about it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from editorial.models import Notification, OutboxMessage
from reviews import reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment

DUE = date(2026, 3, 23)
DAY_AFTER = datetime(2026, 3, 24, tzinfo=UTC)
NOON_AFTER = DAY_AFTER + timedelta(hours=12)

postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="the fault is a PostgreSQL trigger, or a race")


def day_after_rule(**values) -> ReminderRule:
    return ReminderRule.objects.create(**{"name": "The day after", "trigger": "review_due", "offset_days": 1, **values})


def lone_seat(story, zone: str = "UTC", due: date = DUE) -> ReviewAssignment:
    """Claire's seat, due on ``due`` in ``zone``; Ravi, the other one on the panel, has signed."""
    round = story.round("claire", "ravi")
    story.sign(round, "ravi")
    ReviewAssignment.objects.filter(round=round).update(time_zone=zone, review_on=due)
    forget_news()
    return story.seat(round, "claire")


def forget_news() -> None:
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()


def planned(**wanted) -> ReminderDispatch:
    return ReminderDispatch.objects.get(**wanted)


def dispatched(now: datetime = NOON_AFTER) -> ReminderDispatch:
    """The one reminder there is, planned and dispatched."""
    reminders.plan(now=now)
    reminders.dispatch_batch([planned().pk], now=now)
    return planned()


def effects() -> tuple[int, int]:
    """How many notifications there are, and how many mails."""
    return Notification.objects.count(), OutboxMessage.objects.count()


def refuse_inserts(model, *, when: str = "") -> None:
    """From here on the database itself refuses rows of this table: a fault, not a mock. A rollback lifts it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            f'CREATE TRIGGER broken BEFORE INSERT ON "{model._meta.db_table}" FOR EACH ROW {when} '
            "EXECUTE FUNCTION broken()"
        )


def allow_inserts(model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER broken ON "{model._meta.db_table}"')
