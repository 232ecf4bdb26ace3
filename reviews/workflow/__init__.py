"""The verbs that people use on an article under review.

Each takes the article, locks it, settles the round where it must, and only then calls down.
"""

from reviews.workflow.board import leave_board, strike_off
from reviews.workflow.clockwork import expire, look_after_seats
from reviews.workflow.closing import move_due_days
from reviews.workflow.comments import add_comment, apply_suggestion, downgrade, reopen, reply, resolve, withdraw_comment
from reviews.workflow.drafts import keep_late, keep_typed, save_draft
from reviews.workflow.editors import confirm, reject, request_changes, withdraw
from reviews.workflow.handing import hand_over
from reviews.workflow.keeping import kept_panel
from reviews.workflow.listing import (
    list_round,
    open_in_its_week,
    open_what_waits,
    reorder_round,
    set_pace,
    unlist_round,
)
from reviews.workflow.passing import cover, cover_absences, vacate
from reviews.workflow.publications import lift, publish_scheduled, restore
from reviews.workflow.re_review import re_review, re_review_by_clock
from reviews.workflow.reminding import remind
from reviews.workflow.reviewing import declare, sign_review
from reviews.workflow.rounds import open_round, rule_for
from reviews.workflow.seating import due_day
from reviews.workflow.seats import accept, add_seat, extend, recuse, release, step_aside
from reviews.workflow.standing import hold_without_full_review, hold_without_quorum, keep_signature, void_signature

__all__ = [
    "accept",
    "add_comment",
    "add_seat",
    "apply_suggestion",
    "confirm",
    "cover",
    "cover_absences",
    "declare",
    "downgrade",
    "due_day",
    "expire",
    "extend",
    "hand_over",
    "hold_without_full_review",
    "hold_without_quorum",
    "keep_late",
    "keep_signature",
    "keep_typed",
    "kept_panel",
    "leave_board",
    "lift",
    "list_round",
    "look_after_seats",
    "move_due_days",
    "open_in_its_week",
    "open_round",
    "open_what_waits",
    "publish_scheduled",
    "re_review",
    "re_review_by_clock",
    "recuse",
    "reject",
    "release",
    "remind",
    "reopen",
    "reorder_round",
    "reply",
    "request_changes",
    "resolve",
    "restore",
    "rule_for",
    "save_draft",
    "set_pace",
    "sign_review",
    "step_aside",
    "strike_off",
    "unlist_round",
    "vacate",
    "void_signature",
    "withdraw",
    "withdraw_comment",
]
