"""A round's seats as pages show them."""

from typing import Any

from reviews.models import ReviewAssignment, ReviewRound, Signature
from reviews.states import VERDICT_LABELS, SeatKind, VerdictKind

STATE_LABELS = {
    "invited": "Invited",
    "accepted": "Reviewing",
    "completed": "Signed",
    "declined": "Declined",
    "recused": "Recused",
    "expired": "Expired",
    "released": "Released",
}


def seats_shown(round: ReviewRound, *, verdicts: bool) -> list[dict[str, Any]]:
    """Chips for each seat. ``verdicts``: whether this viewer may see what others signed already."""
    latest: dict[int, str] = {}
    if verdicts:
        signed = Signature.objects.filter(round=round, review__isnull=False).order_by("id")
        latest = dict(signed.values_list("review__member_id", "review__verdict"))
    rows = ReviewAssignment.objects.filter(round=round).select_related("member__user", "specialty")
    return [
        {
            "pk": row.pk,
            "name": row.member.user.shown_name,
            "specialty": row.specialty.name if row.specialty else "",
            "required": row.seat == SeatKind.REQUIRED,
            "status": row.state,
            "status_label": STATE_LABELS[row.state],
            "verdict": latest.get(row.member_id, ""),
            "verdict_label": VERDICT_LABELS[VerdictKind(latest[row.member_id])] if row.member_id in latest else "",
            "due_on": row.review_on if row.is_open else None,
            "reason": row.reason,
            "open": row.is_open,
        }
        for row in rows
    ]
