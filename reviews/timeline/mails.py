"""Who was written to about an article, and what became of each mail."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models import OutboxMessage
from reviews.models import ManualReminder
from reviews.timeline import words
from reviews.timeline.case import Case
from reviews.timeline.entries import MAILS, Entry, Span

Status = OutboxMessage.Status
SOON = timedelta(minutes=5)
"""A mail that left so soon needs no instant of its own."""

KINDS = {
    "invitation": gettext_lazy("Invitation"),
    "reminder": gettext_lazy("Reminder"),
    "manual": gettext_lazy("Reminder by hand"),
    "extended": gettext_lazy("New due day"),
    "news": gettext_lazy("News"),
    "objection": gettext_lazy("Safety objection"),
    "hold": gettext_lazy("Taken off the site"),
}
STATES = {
    Status.WAITING: ("info", gettext_lazy("On its way")),
    Status.LEASED: ("info", gettext_lazy("On its way")),
    Status.SENT: ("good", gettext_lazy("Sent")),
    Status.SKIPPED: ("plain", gettext_lazy("Not sent")),
    Status.PARKED: ("bad", gettext_lazy("Parked")),
    Status.DISCARDED: ("plain", gettext_lazy("Given up")),
}


def rows_of(case: Case, span: Span) -> list[OutboxMessage]:
    """Whoever may not know the reviewers sees what went to the authors and to themselves."""
    seen = Q() if case.is_named else Q(recipient__in=[*case.authors, case.user.pk])
    rows = OutboxMessage.objects.filter(seen, span.of(MAILS, when="created_at"), subject=case.article.subject)
    return list(rows.select_related("recipient").order_by("-created_at", "-pk")[: span.size])


def of(case: Case, span: Span, group: str) -> list[Entry]:
    if group not in ("", words.MAIL):
        return []
    rows = rows_of(case, span)
    by_hand = _by_hand(rows) if case.is_named else {}
    return [_entry(case, row, by_hand) for row in rows]


def label(message: OutboxMessage) -> str:
    return str(KINDS.get(message.kind) or message.kind.replace("_", " ").capitalize())


def _by_hand(rows: Iterable[OutboxMessage]) -> dict[int, ManualReminder]:
    """The reminders that people sent, with who did, and whether with words of their own."""
    pks = {row.payload["reminder"] for row in rows if row.payload.get("reminder")}
    if not pks:
        return {}
    return {row.pk: row for row in ManualReminder.objects.filter(pk__in=pks).select_related("sent_by", "note")}


def _entry(case: Case, row: OutboxMessage, by_hand: Mapping[int, ManualReminder]) -> Entry:
    tone, state = STATES[Status(row.status)]
    reminder = by_hand.get(row.payload.get("reminder", 0))
    return Entry(
        key=(row.created_at, MAILS, row.pk),
        group=words.MAIL,
        title=_("%(kind)s to %(who)s") % {"kind": label(row), "who": _recipient(case, row)},
        who=reminder.sent_by.shown_name if reminder else "",
        detail=row.problem if case.is_named and row.status != Status.SENT else "",
        reason=_note(reminder) if reminder else "",
        tone=tone,
        state=str(state),
        moment=_moment(row),
        waits=row.status == Status.WAITING,
    )


def _recipient(case: Case, row: OutboxMessage) -> str:
    return _("you") if row.recipient_id == case.user.pk else case.shown(row.recipient)


def _moment(row: OutboxMessage) -> datetime | None:
    if row.status == Status.SENT:
        return row.sent_at if row.sent_at and row.sent_at - row.created_at > SOON else None
    return row.not_before if row.status == Status.WAITING and row.not_before > row.created_at else None


def _note(reminder: ManualReminder) -> str:
    """That there were words, never which: they go to that member alone."""
    if reminder.note is None:
        return ""
    return _("The words were erased.") if reminder.note.erased_at else _("With a few words to them alone.")
