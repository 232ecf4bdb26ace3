"""The kinds of mail that reviews write, and the last look at each before it is sent."""

from datetime import datetime

from editorial import outbox
from editorial.models import OutboxMessage
from editorial.outbox import Kind
from reviews import calendar
from reviews.models import ReviewAssignment
from reviews.reminders.dispatching import no_longer, none_longer


def _assignment_gone(message: OutboxMessage, now: datetime) -> str:
    """The review may have been signed, or the seat given up, since the mail was written."""
    row = ReviewAssignment.objects.select_related("round").filter(pk=message.payload["assignment"]).first()
    if row is None or not row.is_open or row.is_waiting_alternate or not row.round.is_open:
        return "nothing is owed any more"
    return ""


def _moved_again(message: OutboxMessage, now: datetime) -> str:
    """The new due day isn't news any more once the review is in, or the day was moved once more."""
    gone = _assignment_gone(message, now)
    row = ReviewAssignment.objects.filter(pk=message.payload["assignment"]).first()
    moved = row is not None and row.due_version != message.payload["due_version"]
    return gone or ("the due day was moved again" if moved else "")


MAIL_KINDS = (
    Kind("invitation", "invitation", _assignment_gone, attachments=calendar.attached),
    Kind("reminder", "reminder", no_longer, urgency=outbox.Urgency.DAILY, together=none_longer),
    # why: rows that an earlier version wrote still wait to be sent
    Kind("review_overdue", "reminder", _assignment_gone, urgency=outbox.Urgency.DAILY),
    Kind("extended", "extended", _moved_again, attachments=calendar.attached),
    Kind("news", "news", urgency=outbox.Urgency.DAILY),
    Kind("hold", "hold", urgency=outbox.Urgency.URGENT),
    Kind("objection", "objection", urgency=outbox.Urgency.URGENT),
)
