"""Every trigger that a rule can have, by name."""

from reviews.reminders.owed import Duty
from reviews.reminders.pages import CredentialExpiry, FullReviewDue, ReferenceAlert, ReReviewDue
from reviews.reminders.seats import ResponseDue, ReviewDue
from reviews.reminders.waiting import DecisionDue, NoPanel, NotTriaged, ObjectionOpen, Unsatisfiable

DUTIES: dict[str, Duty] = {
    str(duty.trigger): duty()
    for duty in (
        ResponseDue,
        ReviewDue,
        DecisionDue,
        NotTriaged,
        NoPanel,
        ObjectionOpen,
        Unsatisfiable,
        CredentialExpiry,
        ReReviewDue,
        FullReviewDue,
        ReferenceAlert,
    )
}
