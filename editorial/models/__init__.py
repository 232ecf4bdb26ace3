from editorial.models.audit import AuditEvent, AuditHead, HandledRequest, PersonalText
from editorial.models.board import Absence, BoardInvitation, BoardMember, Credential, Interest, Specialty
from editorial.models.capture import CaptureCheck, ChangeCapture, UnexplainedChange
from editorial.models.mail import Heartbeat, Leave, MailHold, MailPreferences
from editorial.models.messages import Notification, OutboxMessage
from editorial.models.policy import ChecklistItem, ClosedPeriod, EditorialPolicy, ReviewRule
from editorial.models.user import User

__all__ = [
    "Absence",
    "AuditEvent",
    "AuditHead",
    "BoardInvitation",
    "BoardMember",
    "CaptureCheck",
    "ChangeCapture",
    "ChecklistItem",
    "ClosedPeriod",
    "Credential",
    "EditorialPolicy",
    "HandledRequest",
    "Heartbeat",
    "Interest",
    "Leave",
    "MailHold",
    "MailPreferences",
    "Notification",
    "OutboxMessage",
    "PersonalText",
    "ReviewRule",
    "Specialty",
    "UnexplainedChange",
    "User",
]
