"""The kinds of mail that reviews write, and the last look at each before it is sent."""

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from editorial import outbox
from editorial.models import OutboxMessage
from editorial.outbox import Kind
from reviews import calendar
from reviews.models import ManualReminder, ReviewAssignment
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


TITLE = {"title": _("An invented article on knee pain")}
NOTE = _("The dose in the second section is new.\nThank you for looking at it closely.")
ASKED = {
    "text": format_lazy(_("Please review “{title}” by 14 March 2026."), **TITLE),
    "note": NOTE,
}
OWED = {
    "text": format_lazy(_("Your review of “{title}” was due on 14 March 2026."), **TITLE),
    "action": _("Read it and sign"),
    "own": True,
    "assignment": 1,
}
ASKED_AGAIN = {
    "text": format_lazy(_("A reminder from Alex Example: your review of “{title}” was due on 14 March 2026."), **TITLE),
    **TITLE,
    "action": _("Read it and sign"),
    "note": NOTE,
}
MOVED = {"text": format_lazy(_("Your review of “{title}” is now due on 21 March 2026."), **TITLE)}
NEWS = {"text": format_lazy(_("“{title}” was approved and is published."), **TITLE)}
HELD = {
    "text": format_lazy(_("Alex Example took “{title}” off the site: the dose is ten times too high."), **TITLE),
}
OBJECTED = {
    "text": format_lazy(
        _("Alex Example raised a safety objection to “{title}”, to the very text that readers have now."), **TITLE
    ),
}
DAILY, URGENT = outbox.Urgency.DAILY, outbox.Urgency.URGENT


def _note(message: OutboxMessage) -> dict[str, str]:
    """What the editor wrote to this member, unless it was erased since."""
    reminder = message.payload.get("reminder")
    row = ManualReminder.objects.select_related("note").filter(pk=reminder).first() if reminder else None
    return {"note": row.note.text if row is not None and row.note is not None else ""}


MAIL_KINDS = (
    Kind("invitation", "invitation", _assignment_gone, attachments=calendar.attached, sample=ASKED),
    Kind("reminder", "reminder", no_longer, urgency=DAILY, together=none_longer, sample=OWED),
    # why: rows that an earlier version wrote still wait to be sent
    Kind("review_overdue", "reminder", _assignment_gone, urgency=DAILY, sample={**OWED, "action": ""}),
    Kind("manual", "manual", _moved_again, details=_note, sample=ASKED_AGAIN),
    Kind("extended", "extended", _moved_again, attachments=calendar.attached, sample=MOVED),
    Kind("news", "news", urgency=DAILY, sample=NEWS),
    Kind("hold", "hold", urgency=URGENT, sample=HELD),
    Kind("objection", "objection", urgency=URGENT, sample=OBJECTED),
)
