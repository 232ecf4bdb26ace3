"""The verbs that people use on an article under review.

Each takes the article, locks it, settles the round where it must, and only then calls down.
"""

from reviews.workflow.comments import (
    add_comment,
    apply_suggestion,
    downgrade,
    reopen,
    reply,
    resolve,
    withdraw_comment,
)
from reviews.workflow.drafts import keep_late, save_draft
from reviews.workflow.editors import confirm, reject, request_changes, withdraw
from reviews.workflow.publications import lift, publish_scheduled
from reviews.workflow.reviewing import declare, sign_review
from reviews.workflow.rounds import open_round
from reviews.workflow.seats import due_day, release, step_aside

__all__ = [
    "add_comment",
    "apply_suggestion",
    "confirm",
    "declare",
    "downgrade",
    "due_day",
    "keep_late",
    "lift",
    "open_round",
    "publish_scheduled",
    "reject",
    "release",
    "reopen",
    "reply",
    "request_changes",
    "resolve",
    "save_draft",
    "sign_review",
    "step_aside",
    "withdraw",
    "withdraw_comment",
]
