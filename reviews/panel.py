"""A round's seats as pages show them."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from editorial.once import once
from reviews import reminded
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.states import VERDICT_LABELS, AssignmentState, SeatKind, VerdictKind

UTC = ZoneInfo("UTC")

STANDS = Q(signature__voided=None), Q(carried_from__signature__voided=None)
"""A withdrawn signature says nothing any more, a carried one with the one that it stands on."""

STATE_LABELS = {
    "invited": "Invited",
    "accepted": "Reviewing",
    "completed": "Signed",
    "declined": "Declined",
    "recused": "Recused",
    "expired": "Expired",
    "released": "Released",
}


def seats_shown(
    round: ReviewRound, *, verdicts: bool, all_of_it: bool = False, zone: ZoneInfo = UTC
) -> list[dict[str, Any]]:
    """Chips for each seat. ``verdicts``: whether this viewer may see what others signed already.

    ``all_of_it``: alternates too, with both due days and the last reminders (days in ``zone``), as the editors see
    the panel.
    """
    rows = [row for row in seats_of(round) if all_of_it or row.seat != SeatKind.ALTERNATE]
    latest = {review.member_id: review.verdict for review in _reviews_of(round)} if verdicts else {}
    last = last_reminders(rows) if all_of_it else reminded.Last()
    carried = {review.member_id for review in _reviews_of(round) if review.carried_from_id}
    return [
        {
            **_seat(row),
            "carried": row.member_id in carried and row.state == AssignmentState.COMPLETED,
            "reminded": last.words(row.pk, zone),
            "verdict": latest.get(row.member_id, ""),
            "verdict_label": VERDICT_LABELS[VerdictKind(latest[row.member_id])] if row.member_id in latest else "",
        }
        for row in rows
    ]


@once
def seats_of(round: ReviewRound) -> list[ReviewAssignment]:
    """All that were ever given out, with what a turn needs of them."""
    rows = with_verdicts(ReviewAssignment.objects.filter(round=round)).select_related(
        "specialty", "replaces__member__user"
    )
    return list(rows)


def with_verdicts(rows: QuerySet[ReviewAssignment]) -> QuerySet[ReviewAssignment]:
    """``rows`` with their round and member, what was signed last and stands, and the clock's last reminder."""
    verdict = Review.objects.filter(*STANDS, round=OuterRef("round"), member=OuterRef("member")).order_by("-pk")
    return (
        rows.select_related("round", "member__user")
        .defer("round__snapshot")
        .annotate(verdict=Subquery(verdict.values("verdict")[:1]), by_clock=reminded.LAST_BY_CLOCK)
    )


def last_reminders(seats: Iterable[ReviewAssignment]) -> reminded.Last:
    """The last reminders to seats that come ``with_verdicts``."""
    clocked = {seat.pk: seat.by_clock for seat in seats}
    by_clock = {pk: at for pk, at in clocked.items() if at is not None}
    return reminded.Last(by_hand=reminded.latest_by_hand(clocked), by_clock=by_clock)


def _seat(row: ReviewAssignment) -> dict[str, Any]:
    """What a chip says of the seat itself. Nothing is due of whoever stands by."""
    asked = row.is_open and not row.is_waiting_alternate
    return {
        "pk": row.pk,
        "name": row.member.user.shown_name,
        "specialty": row.specialty.name if row.specialty else "",
        "required": row.seat == SeatKind.REQUIRED,
        "status": row.state,
        "status_label": _("Standing by") if row.is_waiting_alternate else STATE_LABELS[row.state],
        "kind": row.seat,
        "kind_label": _kind(row),
        "waiting": row.is_waiting_alternate,
        "replaces": row.replaces.member.user.shown_name if row.replaces else "",
        "respond_on": row.respond_on if asked and row.state == AssignmentState.INVITED else None,
        "due_version": row.due_version,
        "due_on": row.review_on if asked else None,
        "reason": row.reason,
        "open": row.is_open,
    }


def reviewer_numbers(seats: Iterable[ReviewAssignment]) -> dict[int, int]:
    """“Reviewer 2” by member, in the order in which the round's seats were given out: stable to its end."""
    members = dict.fromkeys(seat.member_id for seat in sorted(seats, key=lambda seat: seat.pk))
    return {member: number for number, member in enumerate(members, start=1)}


def signed_in(round: ReviewRound) -> list[dict[str, Any]]:
    """All that a signature must show where it is shown: name, credentials, meaning, time, digest (21 CFR 11.50).

    A review carried over from an earlier round shows the signature it stands on.
    """
    return [_signed(review) for review in _reviews_of(round)]


@once
def _reviews_of(round: ReviewRound) -> list[Review]:
    rows = Review.objects.filter(round=round).select_related(
        "signature__voided", "carried_from__signature__voided", "carried_from__round", "private_note", "assignment"
    )
    return list(rows.order_by("id"))


def _signed(review: Review) -> dict[str, Any]:
    signature = (review.carried_from or review).signature
    return {
        "member": review.member_id,
        "signer": signature.signer_id,
        "name": signature.shown_name,
        "credentials": signature.shown_credentials,
        "specialty": ", ".join(signature.shown_specialties),
        "meaning": signature.meaning,
        "signed_at": signature.signed_at,
        "digest": signature.digest,
        "carried": review.carried_from.round.number if review.carried_from else None,
        "voided": hasattr(signature, "voided"),
        "verdict": review.verdict,
        "verdict_label": review.get_verdict_display(),
        "comment": review.comment,
        "note": review.private_note.text if review.private_note else "",
        "checklist": review.checklist,
    }


def _kind(row: ReviewAssignment) -> str:
    if row.seat == SeatKind.ALTERNATE:
        return _("alternate %(rank)s") % {"rank": row.rank}
    return _("optional") if row.seat == SeatKind.OPTIONAL else _("required")
