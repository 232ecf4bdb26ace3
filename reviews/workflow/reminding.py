"""An editor reminds the member of one seat by hand; the clock's reminders of it then keep quiet for a while."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import outbox
from editorial.conditions import MovedOn, Refused
from editorial.models import Notification, OutboxMessage, PersonalText, User
from editorial.text import clean
from editorial.verbs import record, verb
from reviews import seat_conditions, signing
from reviews.models import ManualReminder, ReminderRule, ReviewAssignment
from reviews.reminders import wording
from reviews.reminders.owed import Owed
from reviews.states import AssignmentState
from reviews.workflow.seating import fresh

Trigger = ReminderRule.Trigger
LONGEST_NOTE = 1000
"""Characters."""


@verb
def remind(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    note: str = "",
    again: bool = False,
    seen: str | None = None,
) -> ReviewAssignment:
    """Ask the member once more, with the editor's own words if there are any. Notice, mail and event in one.

    ``again``: although somebody reminded them a short while ago. ``seen`` is the seat's stamp as the editor saw it:
    another one raises MovedOn. Raises Refused saying why this seat isn't reminded.
    """
    assignment = fresh(assignment, article)
    seat_conditions.may_remind(assignment, actor, now=now, again=again).enforce()
    if seen is not None and seen != stamp(assignment):
        raise MovedOn(_("This seat moved on since you opened the page. Look again, then decide."))
    note = clean(note).strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note has more than %(most)s characters. Shorten it.") % {"most": LONGEST_NOTE})
    written = PersonalText.objects.create(text=note, written_at=now) if note else None
    reminder = ManualReminder.objects.create(assignment=assignment, sent_by=actor, sent_at=now, note=written)
    record(
        "reminder.by_hand",
        assignment.subject,
        reminder=reminder.pk,
        due_version=assignment.due_version,
        again=again,
        note=signing.committed(written),
    )
    for row in mail(assignment, by=actor, now=now, reminder=reminder.pk):
        row.save()
    return assignment


def stamp(assignment: ReviewAssignment) -> str:
    """Changes with the seat's state and due days."""
    return f"{assignment.state}.{assignment.due_version}"


def mail(
    assignment: ReviewAssignment, *, by: User, now: datetime, reminder: int | None = None
) -> tuple[Notification, OutboxMessage]:
    """Notice and mail as they would be written now, neither saved: the page shows what the verb sends.

    The note isn't in them: the mail reads it when it is rendered, so that erasing it leaves no copy.
    """
    asked = Trigger.RESPONSE_DUE if assignment.state == AssignmentState.INVITED else Trigger.REVIEW_DUE
    title = assignment.round.article.title
    owed = Owed(
        target=assignment.subject,
        version=str(assignment.due_version),
        due=assignment.asked_by,
        zone=assignment.time_zone,
        title=title,
        path=assignment.get_absolute_url(),
    )
    said = wording.sentence(asked, owed, own=True, today=owed.today(now))
    return outbox.drafted(
        "manual",
        assignment.member.user,
        now=now,
        text=_("A reminder from %(by)s: %(said)s") % {"by": by.shown_name, "said": said},
        path=owed.path,
        action=wording.action(asked, own=True),
        title=title,
        assignment=assignment.pk,
        due_version=assignment.due_version,
        reminder=reminder,
    )
