"""The figures of reminders that an operator watches."""

from datetime import datetime

from django.db.models import Min

from reviews.models import ReminderDispatch

State = ReminderDispatch.State


def obligation_age(now: datetime) -> float:
    """Seconds for which the oldest reminder has been due and not dispatched; 0 when none is."""
    due = ReminderDispatch.objects.filter(state=State.PLANNED, scheduled_for__lte=now)
    oldest = due.aggregate(at=Min("scheduled_for"))["at"]
    return (now - oldest).total_seconds() if oldest else 0.0


def parked_reminders(now: datetime) -> float:
    return float(ReminderDispatch.objects.filter(state=State.PARKED).count())


GAUGES = (
    ("imprimatur_obligation_age_seconds", "Seconds for which the oldest reminder has been due.", obligation_age),
    ("imprimatur_reminders_parked", "Reminders that were given up.", parked_reminders),
)
