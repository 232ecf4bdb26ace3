"""Whether a panel's reviews carry an article. Pure: values in, a verdict in words out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from editorial.pairing import unmatched
from reviews.states import APPROVING, SEATED, SeatKind, VerdictKind


@dataclass(frozen=True)
class Rule:
    """What the policy asks, as the round's snapshot keeps it."""

    approvals: int
    specialties: tuple[str, ...] = ()
    changes_needed_blocks: bool = True
    editor_confirms: bool = True
    chief_confirms: bool = False

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> "Rule":
        return cls(
            approvals=snapshot["approvals"],
            specialties=tuple(snapshot["specialties"]),
            changes_needed_blocks=snapshot["changes_needed_blocks"],
            editor_confirms=snapshot["editor_confirms"],
            chief_confirms=snapshot.get("chief_confirms", False),
        )


@dataclass(frozen=True)
class Seat:
    """One seat of the round and the state of its assignment."""

    member: int
    kind: str
    state: str


@dataclass(frozen=True)
class SignedReview:
    """One signed review. ``order`` grows with time; ``specialties`` are the signer's at signing."""

    member: int
    verdict: str
    digest: str
    order: int
    specialties: frozenset[str] = frozenset()
    stands: bool = True


@dataclass(frozen=True)
class Decision:
    """What follows from the records. At most one of ``satisfied``, ``sends_back`` is true.

    ``ready``: nothing is missing but the editor's confirmation, or the editor has to choose.
    """

    satisfied: bool = False
    sends_back: bool = False
    ready: bool = False
    needs_confirmation: bool = False
    approvals: int = 0
    missing: tuple[str, ...] = ()


def decide(
    rule: Rule,
    seats: Sequence[Seat],
    reviews: Sequence[SignedReview],
    *,
    digest: str,
    objections: int,
    confirmed: bool = False,
) -> Decision:
    """Judge one round by the quorum table of the house. The order of reviews in the list never matters.

    Only reviews over ``digest`` that stand count, of each member the latest. One open safety objection
    outweighs any number of approvals.
    """
    latest = latest_reviews(reviews, digest=digest)
    approvers = [review for review in latest if review.verdict in APPROVING]
    opposed = [review for review in latest if review.verdict == VerdictKind.CHANGES_NEEDED]
    missing = [
        *_approvals_missing(rule, approvers),
        *_specialties_missing(rule, approvers),
        *_verdicts_missing(seats, latest),
        *([f"{objections} open safety objection{'s' if objections > 1 else ''}"] if objections else []),
    ]
    blocked = bool(opposed) and rule.changes_needed_blocks
    if blocked:
        missing.append("changes needed by a reviewer")
    if blocked and not objections:
        return Decision(sends_back=True, approvals=len(approvers), missing=tuple(missing))
    if missing:
        all_in = not _verdicts_missing(seats, latest) and not _waiting(seats)
        return Decision(ready=all_in, approvals=len(approvers), missing=tuple(missing))
    suggests = any(review.verdict == VerdictKind.APPROVE_WITH_SUGGESTIONS for review in approvers)
    must_confirm = rule.editor_confirms or rule.chief_confirms or suggests or bool(opposed)
    if must_confirm and not confirmed:
        whose = "a chief editor's confirmation" if rule.chief_confirms else "the editor's confirmation"
        return Decision(ready=True, needs_confirmation=True, approvals=len(approvers), missing=(whose,))
    return Decision(satisfied=True, approvals=len(approvers))


def latest_reviews(reviews: Sequence[SignedReview], *, digest: str) -> list[SignedReview]:
    """Of each member the last review over ``digest``, if it stands."""
    last: dict[int, SignedReview] = {}
    for review in sorted(reviews, key=lambda r: r.order):
        if review.digest == digest:
            last[review.member] = review
    return [review for review in last.values() if review.stands]


def can_satisfy(rule: Rule, panel: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """What a panel of these members' specialties could never bring, in words; empty when it can."""
    missing = []
    if len(panel) < rule.approvals:
        missing.append(f"the panel has {len(panel)} of the {rule.approvals} members that must approve")
    missing.extend(_unmatched(rule.specialties, panel))
    return tuple(missing)


def _approvals_missing(rule: Rule, approvers: Sequence[SignedReview]) -> list[str]:
    lacking = rule.approvals - len(approvers)
    return [f"{lacking} more approval{'s' if lacking > 1 else ''}"] if lacking > 0 else []


def _specialties_missing(rule: Rule, approvers: Sequence[SignedReview]) -> list[str]:
    return _unmatched(rule.specialties, [review.specialties for review in approvers])


def _verdicts_missing(seats: Sequence[Seat], latest: Sequence[SignedReview]) -> list[str]:
    signed = {review.member for review in latest}
    waiting = [s for s in seats if s.kind == SeatKind.REQUIRED and s.state in SEATED and s.member not in signed]
    count = len(waiting)
    return [f"the verdict of {count} required seat{'s' if count > 1 else ''}"] if count else []


def _waiting(seats: Sequence[Seat]) -> bool:
    return any(seat.kind == SeatKind.REQUIRED and seat.state in ("invited", "accepted") for seat in seats)


def _unmatched(wanted: Sequence[str], people: Sequence[frozenset[str]]) -> list[str]:
    return [f"an approver in {specialty}" for specialty in unmatched(wanted, people)]
