"""The verbs that people use on an article under review.

Each takes the article, locks it, settles the round where it must, and only then calls down.
"""

from reviews.workflow.board import leave_board, strike_off
from reviews.workflow.editors import confirm, reject, request_changes, withdraw
from reviews.workflow.publications import lift, publish_scheduled
from reviews.workflow.reviewing import declare, sign_review
from reviews.workflow.rounds import open_round
from reviews.workflow.seats import due_day, release, step_aside

__all__ = [
    "confirm",
    "declare",
    "due_day",
    "leave_board",
    "lift",
    "open_round",
    "publish_scheduled",
    "reject",
    "release",
    "request_changes",
    "sign_review",
    "step_aside",
    "strike_off",
    "withdraw",
]
