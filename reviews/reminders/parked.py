"""What a chief editor does with reminders that couldn't be dispatched: try them again, or give them up."""

from editorial.parking import Parking
from reviews.models import ReminderDispatch

State = ReminderDispatch.State

PARKED = Parking(
    ReminderDispatch,
    "reminder",
    {"state": State.PARKED},
    subject=lambda reminder: reminder.target,
    again=lambda now: {"state": State.PLANNED, "skip_reason": "", "done_at": None, "claimed_at": None, "attempts": 0},
    given_up=lambda reason, now: {"state": State.SKIPPED, "skip_reason": reason, "done_at": now},
)
