"""The verbs that people use on an article under review.

Each takes the article, locks it, settles the round where it must, and only then calls down.
"""

from reviews.workflow.clockwork import expire, look_after_seats
from reviews.workflow.editors import confirm, reject, request_changes, withdraw
from reviews.workflow.keeping import kept_panel
from reviews.workflow.passing import cover, cover_absences, vacate
from reviews.workflow.publications import lift, publish_scheduled
from reviews.workflow.reviewing import declare, sign_review
from reviews.workflow.rounds import open_round, rule_for
from reviews.workflow.seating import due_day
from reviews.workflow.seats import accept, add_seat, extend, recuse, release, step_aside

__all__ = [
    "accept",
    "add_seat",
    "confirm",
    "cover",
    "cover_absences",
    "declare",
    "due_day",
    "expire",
    "extend",
    "kept_panel",
    "lift",
    "look_after_seats",
    "open_round",
    "publish_scheduled",
    "recuse",
    "reject",
    "release",
    "request_changes",
    "rule_for",
    "sign_review",
    "step_aside",
    "vacate",
    "withdraw",
]
