from reviews.models.assignment import ConflictDeclaration, ReviewAssignment
from reviews.models.comment import ReviewComment
from reviews.models.reminder import ManualReminder, ReminderDispatch, ReminderRule
from reviews.models.review import (
    Objection,
    ObjectionStep,
    Review,
    ReviewDraft,
    Signature,
    SignatureKept,
    SignatureVoided,
)
from reviews.models.round import ReviewRound
from reviews.models.waiting import RoundPace, WaitingRound

__all__ = [
    "ConflictDeclaration",
    "ManualReminder",
    "Objection",
    "ObjectionStep",
    "ReminderDispatch",
    "ReminderRule",
    "Review",
    "ReviewAssignment",
    "ReviewComment",
    "ReviewDraft",
    "ReviewRound",
    "RoundPace",
    "Signature",
    "SignatureKept",
    "SignatureVoided",
    "WaitingRound",
]
