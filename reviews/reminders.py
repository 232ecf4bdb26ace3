"""Plans what is owed to whom, and turns each obligation into one notification and one mail.

Planning is catch-up: every obligation whose instant has passed gets its row, however long the clock
stood still. Dispatch looks again at the last moment; what is no longer relevant is skipped with its reason.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from articles.states import ArticleState
from editorial import clock, outbox
from editorial.models import OutboxMessage, User
from editorial.outbox import Kind
from editorial.roles import chiefs
from editorial.verbs import record, work
from reviews import calendar, decisions
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from reviews.states import OPEN

log = logging.getLogger(__name__)

BATCH = 500


def plan(*, now: datetime) -> int:
    """Write a row for each reminder whose instant has come. Running it twice writes nothing twice.

    A seat that can't be planned for is logged and never stops the others.
    """
    made = 0
    for rule in ReminderRule.objects.filter(active=True, trigger=ReminderRule.Trigger.REVIEW_DUE):
        for assignment in _owed(rule, now):
            try:
                made += _plan_for(rule, assignment, now)
            except Exception:
                log.exception("reminder rule %s couldn't be planned for seat %s", rule.pk, assignment.pk)
    return made


def standard_rules() -> str:
    """The rule that Imprimatur ships with: the member, on the day after the due day."""
    _rule, created = ReminderRule.objects.get_or_create(
        name="Review overdue",
        defaults={"trigger": ReminderRule.Trigger.REVIEW_DUE, "offset_days": 1},
    )
    return "made" if created else "stand"


def scheduled_for(rule: ReminderRule, assignment: ReviewAssignment) -> datetime:
    """The first instant of the day that the rule names, in the member's zone: never on the due day itself."""
    day = assignment.review_on + timedelta(days=rule.offset_days)
    return clock.first_instant(day, zone=ZoneInfo(assignment.time_zone))


def due(*, now: datetime) -> list[int]:
    """Ids of planned reminders whose instant has come, the oldest first."""
    return list(ReminderDispatch.objects.claimable(now=now).values_list("pk", flat=True)[:BATCH])


def claim(dispatch_id: int, *, now: datetime) -> bool:
    """Take one for this worker; False when another has it, or it is done."""
    free = ReminderDispatch.objects.claimable(now=now).filter(pk=dispatch_id)
    return bool(free.update(claimed_at=now, attempts=F("attempts") + 1))


def dispatch(dispatch_id: int, *, now: datetime) -> bool:
    """Notification, mail and mark in one transaction: the effect is exactly once, or skipped with a reason."""
    with work(actor=User.system(), now=now):
        rows = ReminderDispatch.objects.select_for_update(of=("self",))
        reminder = rows.select_related(
            "rule", "assignment__round__article", "assignment__member__user", "recipient"
        ).get(pk=dispatch_id)
        if reminder.state != ReminderDispatch.State.PLANNED:
            return False
        reminder.skip_reason = irrelevant(reminder, now=now)[:200]
        reminder.state = ReminderDispatch.State.SKIPPED if reminder.skip_reason else ReminderDispatch.State.DONE
        reminder.done_at = now
        reminder.save(update_fields=["state", "skip_reason", "done_at"])
        if not reminder.skip_reason:
            _write(reminder, now=now)
        record(
            f"reminder.{reminder.state}",
            reminder.assignment.subject,
            rule=reminder.rule_id,
            dispatch=reminder.pk,
            reason=reminder.skip_reason,
        )
        return reminder.state == ReminderDispatch.State.DONE


def irrelevant(row: ReminderDispatch, *, now: datetime) -> str:
    """Why this reminder must not go out any more; empty when it must.

    A member who is away or gone isn't reminded; their editors are, since they have to act.
    """
    assignment = row.assignment
    round, user = assignment.round, assignment.member.user
    own = row.recipient_id == user.pk
    absences = assignment.member.absences.all() if own else ()
    today = clock.day_in(ZoneInfo(assignment.time_zone), now)
    checks = (
        (not row.rule.active, "the rule was switched off"),
        (assignment.state not in OPEN, f"the review is {assignment.get_state_display()}"),
        (assignment.is_waiting_alternate, "an alternate who stands by owes nothing"),
        (not round.is_open, "the round is closed"),
        (round.article.state != ArticleState.UNDER_REVIEW, "the article isn't under review"),
        (own and not user.is_active, "the member's account is disabled"),
        (not row.recipient.is_active, "the recipient's account is disabled"),
        (row.due_version != str(assignment.due_version), "the due day was moved"),
        (any(a.first_day <= today <= a.last_day for a in absences), "the member is absent"),
        (now - row.scheduled_for > timedelta(days=row.rule.stale_after_days), "it is too late to be of use"),
    )
    return next((reason for fails, reason in checks if fails), "")


def _owed(rule: ReminderRule, now: datetime) -> Iterable[ReviewAssignment]:
    """Open seats whose reminder under ``rule`` may be due by now in some time zone, and isn't planned yet."""
    latest = (now + timedelta(days=1)).date() - timedelta(days=rule.offset_days)
    planned = ReminderDispatch.objects.filter(
        rule=rule, due_version=Cast(F("assignment__due_version"), models.CharField())
    )
    return (
        ReviewAssignment.objects.owed()
        .filter(review_on__lte=latest)
        .exclude(pk__in=planned.values("assignment"))
        .select_related("member__user", "round__article__handling_editor")
        .order_by("review_on", "pk")
        .iterator(chunk_size=BATCH)
    )


def _recipients(rule: ReminderRule, assignment: ReviewAssignment) -> list[User]:
    if rule.audience == ReminderRule.Audience.MEMBER:
        return [assignment.member.user]
    editor = assignment.round.article.handling_editor
    if rule.audience == ReminderRule.Audience.HANDLING_EDITOR:
        return [editor] if editor else []
    return chiefs()


def _plan_for(rule: ReminderRule, assignment: ReviewAssignment, now: datetime) -> int:
    """A row for everyone whom the rule addresses, or for nobody: dying in between leaves no one out."""
    instant = scheduled_for(rule, assignment)
    if instant > now:
        return 0
    with transaction.atomic():
        return sum(_plan_one(rule, assignment, recipient, instant) for recipient in _recipients(rule, assignment))


def _plan_one(rule: ReminderRule, assignment: ReviewAssignment, recipient: User, instant: datetime) -> int:
    try:
        with transaction.atomic():
            ReminderDispatch.objects.create(
                rule=rule,
                target=assignment.subject,
                assignment=assignment,
                article=assignment.round.article,
                recipient=recipient,
                due_version=str(assignment.due_version),
                scheduled_for=instant,
            )
    except IntegrityError:
        return 0  # another beat planned it in this very moment
    return 1


def _write(row: ReminderDispatch, *, now: datetime) -> None:
    assignment = row.assignment
    names = {
        "title": assignment.round.article.title,
        "day": clock.shown(assignment.review_on),
        "who": assignment.member.user.shown_name,
    }
    own = row.recipient.pk == assignment.member.user_id
    text = (
        _("Your review of “%(title)s” was due on %(day)s.")
        if own
        else _("The review of “%(title)s” by %(who)s was due on %(day)s.")
    )
    outbox.write(
        "review_overdue",
        row.recipient,
        now=now,
        since=row.scheduled_for,
        text=text % names,
        path=assignment.get_absolute_url() if own else decisions.article_path(assignment.round.article),
        assignment=assignment.pk,
        dispatch=row.pk,
        own=own,
    )


def _assignment_gone(message: OutboxMessage, now: datetime) -> str:
    """Looks again just before sending: the review may have been signed since the mail was written."""
    row = ReviewAssignment.objects.select_related("round").filter(pk=message.payload["assignment"]).first()
    if row is None or not row.is_open or row.is_waiting_alternate or not row.round.is_open:
        return "nothing is owed any more"
    return ""


def _moved_again(message: OutboxMessage, now: datetime) -> str:
    """The new due day isn't news any more once the review is in, or the day was moved once more."""
    gone = _assignment_gone(message, now)
    row = ReviewAssignment.objects.filter(pk=message.payload["assignment"]).first()
    moved = row is not None and row.due_version != message.payload["due_version"]
    return gone or ("the due day was moved again" if moved else "")


MAIL_KINDS = (
    Kind("invitation", "invitation", _assignment_gone, attachments=calendar.attached),
    Kind("review_overdue", "review_overdue", _assignment_gone, urgency=outbox.Urgency.DAILY),
    Kind("extended", "extended", _moved_again, attachments=calendar.attached),
    Kind("reminder", "reminder", urgency=outbox.Urgency.DAILY),
    Kind("manual", "manual"),
    Kind("news", "news", urgency=outbox.Urgency.DAILY),
    Kind("hold", "hold", urgency=outbox.Urgency.URGENT),
    Kind("objection", "objection", urgency=outbox.Urgency.URGENT),
)
