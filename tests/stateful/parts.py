"""Whose part an act is, and what brings an article on: so that walks of people who try anything get far."""

from articles import lifecycle
from articles import workflow as bare
from reviews import workflow
from tests.stateful.acts import (
    APPROVE,
    NO_CONFLICT,
    edit,
    on_article,
    open_a_round_that_carries,
    open_the_usual_round,
    open_without_a_panel,
    re_review,
    restore,
    sign,
    submit,
    touch_a_comma,
    triage,
    with_proof,
)
from tests.stateful.trying import PANEL, REASON, Act

SENSIBLE: dict[str, tuple[tuple[str, tuple[str, ...], Act], ...]] = {
    "draft": (
        ("edit", ("nora", "lena"), edit),
        ("touch a comma", ("nora",), touch_a_comma),
        ("submit", ("nora",), submit),
    ),
    "submitted": (
        ("triage", ("tom",), triage),
        ("open a round that carries", ("tom",), open_a_round_that_carries),
        ("open without a panel", ("tom",), open_without_a_panel),
        ("open the usual round", ("tom", "lena"), open_the_usual_round),
    ),
    "under_review": (
        ("declare no conflict", PANEL, NO_CONFLICT),
        ("approve", PANEL, sign(APPROVE)),
        ("confirm", ("tom", "ingrid"), with_proof(workflow.confirm)),
    ),
    "changes_requested": (("edit", ("nora",), edit), ("submit", ("nora",), submit)),
    "approved": (
        ("revise", ("nora",), on_article(bare.revise, reason=REASON)),
        ("hold", ("lena", "ana"), with_proof(lifecycle.hold, reason=REASON)),
        ("lift", ("ingrid",), with_proof(workflow.lift, reason=REASON)),
        ("restore", ("ingrid",), restore),
        ("ask the board to confirm", ("tom",), re_review),
    ),
    "rejected": (("reopen", ("tom",), on_article(bare.reopen, reason=REASON)),),
}
"""What brings the article on from each state, so that walks get far."""

OWNERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("sign", "accept", "recuse", "step aside", "leave the board", "withdraw a signature"), PANEL),
    **dict.fromkeys(("declare no conflict", "declare a conflict", "suggest", "must fix"), PANEL),
    "withdraw the objection": PANEL,
    "adjudicate": ("ana", "eva", *PANEL),
    **dict.fromkeys(("edit", "touch a comma", "submit", "revise", "withdraw", "resolve", "apply"), ("nora",)),
    **dict.fromkeys(("triage", "add a seat", "extend", "release", "confirm", "request changes", "reject"), ("tom",)),
}
"""Whose an act is. What isn't named here is a chief editor's, or any editor's."""
CHIEF = ("ingrid",)

POSSIBLE: dict[str, tuple[str, ...]] = {
    "draft": ("edit", "submit", "abandon", "discard the revision", "apply"),
    "submitted": ("triage", "open a round", "open a round", "withdraw", "request changes", "reject"),
    "under_review": (
        *("accept", "declare no conflict", "declare a conflict", "recuse", "step aside", "sign", "sign"),
        *("suggest", "must fix", "resolve", "add a seat", "release", "extend", "strike off", "leave the board"),
        *("adjudicate", "confirm the adjudication", "withdraw the objection"),
        *("confirm", "withdraw", "request changes", "reject", "withdraw a signature"),
    ),
    "changes_requested": ("edit", "submit", "apply", "resolve", "withdraw", "abandon"),
    "approved": (
        *("revise", "hold", "lift", "restore", "retire", "retract", "remove", "ask the board to confirm"),
        *("retire", "remove", "retract", "ask the board to confirm"),
        *("withdraw a signature", "keep a signature", "strike off", "leave the board"),
    ),
}
"""What can be done in a state at all."""
