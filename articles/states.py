"""States of an article, its verbs as data, and the stepper that readers see. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class ArticleState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(state.value, LABELS[state]) for state in cls]


S = ArticleState

LABELS = {
    S.DRAFT: "Draft",
    S.SUBMITTED: "Submitted",
    S.UNDER_REVIEW: "Under review",
    S.CHANGES_REQUESTED: "Changes requested",
    S.APPROVED: "Approved",
    S.REJECTED: "Rejected",
}

EDITABLE = frozenset({S.DRAFT, S.CHANGES_REQUESTED})
"""The only states in which a word of the content may change."""


@dataclass(frozen=True)
class Edge:
    """One row of the table of verbs: from which states, to which."""

    sources: frozenset[ArticleState]
    target: ArticleState


def _edge(sources: set[ArticleState], target: ArticleState) -> Edge:
    return Edge(frozenset(sources), target)


EDGES: dict[str, Edge] = {
    "submit": _edge({S.DRAFT, S.CHANGES_REQUESTED}, S.SUBMITTED),
    "triage": _edge({S.SUBMITTED}, S.SUBMITTED),
    "withdraw": _edge({S.SUBMITTED, S.UNDER_REVIEW}, S.DRAFT),
    "open_round": _edge({S.SUBMITTED}, S.UNDER_REVIEW),
    "request_changes": _edge({S.SUBMITTED, S.UNDER_REVIEW}, S.CHANGES_REQUESTED),
    "approve": _edge({S.UNDER_REVIEW}, S.APPROVED),
    "reject": _edge({S.SUBMITTED, S.UNDER_REVIEW}, S.REJECTED),
    "reopen": _edge({S.REJECTED}, S.DRAFT),
    "revise": _edge({S.APPROVED}, S.DRAFT),
    "discard_revision": _edge({S.DRAFT, S.CHANGES_REQUESTED, S.SUBMITTED, S.REJECTED}, S.APPROVED),
    "re_review": _edge({S.APPROVED}, S.UNDER_REVIEW),
}

STEPS = ("Submitted", "Under review", "Approved")
_STEP = {S.SUBMITTED: 0, S.UNDER_REVIEW: 1, S.CHANGES_REQUESTED: 1, S.APPROVED: 2}


def stepper(state: str) -> list[dict[str, str]]:
    """The public stepper of three as a projection: each step done, current or to do.

    A draft has not begun; a rejected article has no stepper.
    """
    if state == S.REJECTED:
        return []
    at = _STEP.get(ArticleState(state), -1)
    marks = ["done" if i < at or at == 2 else "current" if i == at else "todo" for i in range(3)]
    if at == 2:
        marks[2] = "current"
    return [{"label": label, "state": mark} for label, mark in zip(STEPS, marks, strict=True)]


class PublicationStatus(StrEnum):
    SCHEDULED = "scheduled"
    LIVE = "live"
    ON_HOLD = "on_hold"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    RETIRED = "retired"
    REMOVED = "removed"


P = PublicationStatus

CURRENT = frozenset({P.LIVE, P.ON_HOLD, P.RETRACTED, P.RETIRED, P.REMOVED})
"""At most one publication of an article stands in one of these."""

PUBLICATION_EDGES: dict[str, tuple[frozenset[PublicationStatus], PublicationStatus]] = {
    "publish": (frozenset({P.SCHEDULED}), P.LIVE),
    "supersede": (frozenset({P.LIVE, P.ON_HOLD, P.RETIRED}), P.SUPERSEDED),
    "cancel": (frozenset({P.SCHEDULED}), P.SUPERSEDED),
    "hold": (frozenset({P.LIVE}), P.ON_HOLD),
    "lift": (frozenset({P.ON_HOLD}), P.LIVE),
    "retract": (frozenset({P.LIVE, P.ON_HOLD}), P.RETRACTED),
    "retire": (frozenset({P.LIVE}), P.RETIRED),
    "remove": (frozenset({P.LIVE, P.ON_HOLD, P.RETRACTED, P.RETIRED}), P.REMOVED),
}
