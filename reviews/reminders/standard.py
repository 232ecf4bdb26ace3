"""The rules that Imprimatur ships with: few mails, and nothing that is overdue stays with one person alone."""

from reviews.models import ReminderRule

T = ReminderRule.Trigger
A = ReminderRule.Audience

# name, trigger, audience, days, repeats, every … days
LADDER = (
    ("Answer due tomorrow", T.RESPONSE_DUE, A.MEMBER, -1, 0, 7),
    ("Review due soon", T.REVIEW_DUE, A.MEMBER, -3, 0, 7),
    ("Review overdue", T.REVIEW_DUE, A.MEMBER, 1, 0, 7),
    ("Review overdue, second reminder", T.REVIEW_DUE, A.MEMBER, 3, 0, 7),
    ("Review overdue, last reminder", T.REVIEW_DUE, A.MEMBER, 7, 0, 7),
    ("Review overdue, to the handling editor", T.REVIEW_DUE, A.HANDLING_EDITOR, 3, 4, 7),
    ("Review overdue, to the chief editors", T.REVIEW_DUE, A.CHIEF_EDITORS, 10, 0, 7),
    ("Decision waits", T.DECISION_DUE, A.HANDLING_EDITOR, 1, 10, 2),
    ("Decision waits, to the chief editors", T.DECISION_DUE, A.CHIEF_EDITORS, 7, 3, 7),
    ("Not triaged", T.NOT_TRIAGED, A.HANDLING_EDITOR, 2, 5, 3),
    ("Not triaged, to the chief editors", T.NOT_TRIAGED, A.CHIEF_EDITORS, 7, 3, 7),
    ("No panel yet", T.NO_PANEL, A.HANDLING_EDITOR, 3, 5, 3),
    ("No panel yet, to the chief editors", T.NO_PANEL, A.CHIEF_EDITORS, 10, 3, 7),
    ("Objection waits for a peer", T.OBJECTION_OPEN, A.MEMBER, 1, 3, 3),
    ("Objection open", T.OBJECTION_OPEN, A.HANDLING_EDITOR, 1, 10, 3),
    ("Objection open, to the chief editors", T.OBJECTION_OPEN, A.CHIEF_EDITORS, 1, 10, 3),
    ("Panel can't decide", T.UNSATISFIABLE, A.HANDLING_EDITOR, 1, 5, 3),
    ("Panel can't decide, to the chief editors", T.UNSATISFIABLE, A.CHIEF_EDITORS, 5, 3, 7),
    ("Licence expires in two months", T.CREDENTIAL_EXPIRY, A.MEMBER, -60, 0, 7),
    ("Licence expires in a month", T.CREDENTIAL_EXPIRY, A.MEMBER, -30, 0, 7),
    ("Licence expires in a week", T.CREDENTIAL_EXPIRY, A.MEMBER, -7, 0, 7),
    ("Licence expires, to the chief editors", T.CREDENTIAL_EXPIRY, A.CHIEF_EDITORS, -30, 0, 7),
    ("Re-review due in a month", T.RE_REVIEW_DUE, A.HANDLING_EDITOR, -30, 0, 7),
    ("Re-review overdue", T.RE_REVIEW_DUE, A.HANDLING_EDITOR, 1, 3, 7),
    ("Full review due in a week", T.FULL_REVIEW_DUE, A.HANDLING_EDITOR, -7, 0, 7),
    ("Full review due soon", T.FULL_REVIEW_DUE, A.HANDLING_EDITOR, -3, 0, 7),
    ("Full review due soon, to the chief editors", T.FULL_REVIEW_DUE, A.CHIEF_EDITORS, -3, 0, 7),
    ("Source got an alert", T.REFERENCE_ALERT, A.HANDLING_EDITOR, 0, 4, 7),
    ("Source got an alert, to the chief editors", T.REFERENCE_ALERT, A.CHIEF_EDITORS, 0, 1, 7),
)


def standard_rules() -> str:
    """Add the rules that are missing, by name. One that is there stays as somebody changed it."""
    there = set(ReminderRule.objects.values_list("name", flat=True))
    missing = [
        ReminderRule(name=name, trigger=trigger, audience=audience, offset_days=days, repeats=repeats, every_days=every)
        for name, trigger, audience, days, repeats, every in LADDER
        if name not in there
    ]
    ReminderRule.objects.bulk_create(missing)
    return f"{len(missing)} made" if missing else "stand"
