"""A round's seats as pages show them."""

from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from reviews.models import ReminderDispatch, Review, ReviewAssignment, ReviewRound
from reviews.states import VERDICT_LABELS, AssignmentState, SeatKind, VerdictKind

STATE_LABELS = {
    "invited": "Invited",
    "accepted": "Reviewing",
    "completed": "Signed",
    "declined": "Declined",
    "recused": "Recused",
    "expired": "Expired",
    "released": "Released",
}


def seats_shown(round: ReviewRound, *, verdicts: bool, all_of_it: bool = False) -> list[dict[str, Any]]:
    """Chips for each seat. ``verdicts``: whether this viewer may see what others signed already.

    ``all_of_it``: alternates too, with both due days and the last reminder, as the editors see the panel.
    """
    latest = dict(Review.objects.filter(round=round).order_by("id").values_list("member_id", "verdict"))
    if not verdicts:
        latest = {}
    rows = ReviewAssignment.objects.filter(round=round)
    rows = rows.select_related("member__user", "specialty", "replaces__member__user")
    if all_of_it:
        done = Q(reminders__state=ReminderDispatch.State.DONE)
        rows = rows.annotate(reminded_at=Max("reminders__done_at", filter=done))
    else:
        rows = rows.exclude(seat=SeatKind.ALTERNATE)
    carried = set(Review.objects.filter(round=round).exclude(carried_from=None).values_list("member_id", flat=True))
    return [
        {
            "pk": row.pk,
            "name": row.member.user.shown_name,
            "specialty": row.specialty.name if row.specialty else "",
            "required": row.seat == SeatKind.REQUIRED,
            "status": row.state,
            "status_label": _("Standing by") if row.is_waiting_alternate else STATE_LABELS[row.state],
            "kind": row.seat,
            "kind_label": _kind(row),
            "waiting": row.is_waiting_alternate,
            "carried": row.member_id in carried and row.state == AssignmentState.COMPLETED,
            "replaces": row.replaces.member.user.shown_name if row.replaces else "",
            "respond_on": row.respond_on
            if row.state == AssignmentState.INVITED and not row.is_waiting_alternate
            else None,
            "due_version": row.due_version,
            "reminded_at": getattr(row, "reminded_at", None),
            "verdict": latest.get(row.member_id, ""),
            "verdict_label": VERDICT_LABELS[VerdictKind(latest[row.member_id])] if row.member_id in latest else "",
            "due_on": row.review_on if row.is_open and not row.is_waiting_alternate else None,
            "reason": row.reason,
            "open": row.is_open,
        }
        for row in rows
    ]


def _kind(row: ReviewAssignment) -> str:
    if row.seat == SeatKind.ALTERNATE:
        return _("alternate %(rank)s") % {"rank": row.rank}
    return _("optional") if row.seat == SeatKind.OPTIONAL else _("required")
