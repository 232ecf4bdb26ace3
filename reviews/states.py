"""States of an assignment, verdicts, and how a round can end. Pure."""

from enum import StrEnum


class AssignmentState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    DECLINED = "declined"
    RECUSED = "recused"
    EXPIRED = "expired"
    RELEASED = "released"


A = AssignmentState

OPEN = frozenset({A.INVITED, A.ACCEPTED})
"""Somebody still owes a review."""

SEATED = frozenset({A.INVITED, A.ACCEPTED, A.COMPLETED})
"""The seat is taken: it counts when the quorum is judged."""

EDGES: dict[str, tuple[frozenset[AssignmentState], AssignmentState]] = {
    "accept": (frozenset({A.INVITED}), A.ACCEPTED),
    "decline": (frozenset({A.INVITED, A.ACCEPTED}), A.DECLINED),
    "complete": (frozenset({A.ACCEPTED, A.COMPLETED}), A.COMPLETED),
    "reopen": (frozenset({A.COMPLETED}), A.ACCEPTED),
    "recuse": (frozenset({A.INVITED, A.ACCEPTED}), A.RECUSED),
    "expire": (frozenset({A.INVITED, A.ACCEPTED}), A.EXPIRED),
    "release": (frozenset({A.INVITED, A.ACCEPTED}), A.RELEASED),
}


class SeatKind(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    ALTERNATE = "alternate"


class VerdictKind(StrEnum):
    APPROVE = "approve"
    APPROVE_WITH_SUGGESTIONS = "approve_with_suggestions"
    CHANGES_NEEDED = "changes_needed"
    SAFETY_OBJECTION = "safety_objection"
    ABSTAIN = "abstain"


V = VerdictKind

APPROVING = frozenset({V.APPROVE, V.APPROVE_WITH_SUGGESTIONS})

VERDICT_LABELS = {
    V.APPROVE: "Approve this text as it stands",
    V.APPROVE_WITH_SUGGESTIONS: "Approve, with suggestions",
    V.CHANGES_NEEDED: "Changes needed",
    V.SAFETY_OBJECTION: "Safety objection",
    V.ABSTAIN: "Abstain",
}

MEANINGS = {
    V.APPROVE_WITH_SUGGESTIONS: "I reviewed this text and approve it for publication; I suggest improvements.",
    V.CHANGES_NEEDED: "I reviewed this text; it needs changes before publication.",
    V.SAFETY_OBJECTION: "I reviewed this text; publishing it could harm a patient.",
    V.ABSTAIN: "I looked at this text and abstain from judging it.",
}
"""What a signature under each verdict means; approval's meaning is the policy's attestation."""


class RoundOutcome(StrEnum):
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
