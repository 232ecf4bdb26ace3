"""Beat and its workers in a simulated time: each tick runs the tasks as they run in earnest, at that instant."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import time_machine
from django.core import mail

from editorial import tasks as office
from editorial.models import MailPreferences, Notification, OutboxMessage, User
from reviews import tasks
from reviews.models import ReminderDispatch, ReviewAssignment

HOUR = timedelta(hours=1)


def hourly(first: datetime, last: datetime, step: timedelta = HOUR) -> list[datetime]:
    """Instants from ``first`` to ``last``, both included."""
    return [first + step * number for number in range((last - first) // step + 1)]


@dataclass
class Beat:
    """Remembers when each mail left: (instant, address), by the clock on the wall."""

    left: list[tuple[datetime, str]] = field(default_factory=list)

    def tick(self, now: datetime) -> None:
        before = len(mail.outbox)
        with time_machine.travel(now, tick=False):
            tasks.sweep()
            office.send_outbox()
        self.left += [(now, sent.to[0]) for sent in mail.outbox[before:]]

    def run(self, instants: Iterable[datetime]) -> "Beat":
        for instant in instants:
            self.tick(instant)
        return self

    def to(self, username: str) -> list[datetime]:
        return [instant for instant, address in self.left if address == f"{username}@example.org"]


def became() -> dict[str, str]:
    """What became of each rule's only reminder: “done”, or the reason of its skip. Fails where a rule has two."""
    rows = ReminderDispatch.objects.select_related("rule").order_by("scheduled_for", "rule__name")
    found = [(row.rule.name, row.skip_reason or row.state) for row in rows]
    assert [name for name, count in Counter(name for name, _end in found).items() if count > 1] == []
    return dict(found)


def each_took_effect_once() -> None:
    """Every reminder is done or skipped with its reason; those done have one notice and one mail each."""
    done = ReminderDispatch.objects.filter(state="done").count()
    left = ReminderDispatch.objects.exclude(state="done")
    assert [(row.state, row.skip_reason) for row in left if row.state != "skipped" or not row.skip_reason] == []
    assert Notification.objects.count() == OutboxMessage.objects.count() == done
    dispatches = [row.payload["dispatch"] for row in OutboxMessage.objects.all()]
    assert len(set(dispatches)) == len(dispatches)
    sent = {row.mail_id for row in OutboxMessage.objects.filter(status="sent")}
    waiting = OutboxMessage.objects.exclude(status="sent")
    assert [(row.status, row.problem) for row in waiting if row.status != "skipped" or not row.problem] == []
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) == len(sent)


def everybody_lives_in(zone: str, *, hour: int = 8, quiet: tuple[int, int] = (20, 7)) -> None:
    """Members and editors alike, with the hour of their day's mail and their quiet hours."""
    User.objects.update(time_zone=zone)
    ReviewAssignment.objects.update(time_zone=zone)
    MailPreferences.objects.bulk_create(
        MailPreferences(user=user, hour=hour, quiet_from=quiet[0], quiet_until=quiet[1])
        for user in User.objects.filter(kind=User.Kind.PERSON)
    )


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
