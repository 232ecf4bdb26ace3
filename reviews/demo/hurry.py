"""What the clock does in a minute and people's own hours spread over a day, done at once: for the demo's button."""

from datetime import datetime

from editorial import outbox, weekly
from editorial.models import OutboxMessage
from reviews import reminders

Status = OutboxMessage.Status


def send_today(*, now: datetime) -> tuple[int, int]:
    """Returns how many messages left, and how many still wait.

    Mail that waits for its recipient's hour leaves now. Every other rule holds: a person whose day has brought its one
    mail gets the rest on another day, and in quiet hours only urgent mail leaves.
    """
    reminders.plan(now=now)
    for ids in reminders.batches(reminders.due(now=now), reminders.BATCH):
        reminders.dispatch_batch(ids, now=now)
    weekly.write_due(now=now)
    waiting = OutboxMessage.objects.filter(status=Status.WAITING)
    waiting.filter(attempts=0, not_before__gt=now).update(not_before=now)
    counts = outbox.send_due(now=now)
    return counts.get(Status.SENT, 0), waiting.count()
