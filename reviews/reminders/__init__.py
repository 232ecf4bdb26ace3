"""Plans what is owed to whom, and turns each obligation into one notification and one mail.

Planning is catch-up: every obligation whose instant has passed gets its row, however long the clock
stood still. Dispatch looks again at the last moment; what is no longer relevant is skipped with its reason.
"""

from reviews.reminders.dispatching import BATCH, claim, dispatch, dispatch_batch, due, irrelevant
from reviews.reminders.kinds import MAIL_KINDS
from reviews.reminders.owed import batches
from reviews.reminders.parked import PARKED
from reviews.reminders.planning import plan
from reviews.reminders.preview import preview
from reviews.reminders.standard import standard_rules
from reviews.reminders.wording import rule_words

__all__ = [
    "BATCH",
    "MAIL_KINDS",
    "PARKED",
    "batches",
    "claim",
    "dispatch",
    "dispatch_batch",
    "due",
    "irrelevant",
    "plan",
    "preview",
    "rule_words",
    "standard_rules",
]
