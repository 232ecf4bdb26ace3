"""Turns planned reminders into notifications and mails, a hundred in one transaction, each exactly once.

At the last moment each is held against what is true now. One that can't be dispatched is tried five times and parked;
the others never wait for it.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from editorial import clock, outbox
from editorial.models import Notification, OutboxMessage, User
from editorial.verbs import record, work
from reviews.models import ManualReminder, ReminderDispatch, ReminderRule
from reviews.reminded import latest_by_hand
from reviews.reminders import wording
from reviews.reminders.owed import GONE, LATER, Owed
from reviews.reminders.triggers import DUTIES

log = logging.getLogger(__name__)

BATCH = 100
MOST_AT_ONCE = 10_000
"""How many one sweep rings for; the next one finds the rest."""

MOST_ATTEMPTS = 5
State = ReminderDispatch.State
RELATED = ("rule", "recipient__mail_preferences", "assignment")
Answers = dict[int, Owed | str]


class ByHand(str):
    """A reason that names who reminded them, and when. The chain keeps ``PLAIN``: no name is erased from it."""

    PLAIN = "a person has just reminded them"
    __slots__ = ()


def due(*, now: datetime) -> list[int]:
    """Ids of planned reminders whose instant has come, the oldest first."""
    return list(ReminderDispatch.objects.claimable(now=now).values_list("pk", flat=True)[:MOST_AT_ONCE])


def claim(dispatch_id: int, *, now: datetime) -> bool:
    """Take one for this worker; False when another has it, or it is done."""
    return bool(_claimed([dispatch_id], now=now))


def dispatch(dispatch_id: int, *, now: datetime) -> bool:
    """Notification, mail and mark in one transaction: the effect is exactly once, or skipped with a reason."""
    return bool(_dispatched([dispatch_id], now=now))


def dispatch_batch(ids: Sequence[int], *, now: datetime) -> int:
    """Claim and dispatch what is still to be done of ``ids``. Returns how many went out.

    What was tried before goes one by one: if one of them kills its worker, the others are spared.
    """
    before = ReminderDispatch.objects.filter(pk__in=ids, attempts__gt=0)
    tried = set(before.values_list("pk", flat=True))
    made = _together(_claimed([pk for pk in ids if pk not in tried], now=now), now=now)
    return made + sum(_alone(pk, now=now) for pk in tried if claim(pk, now=now))


def _claimed(ids: Sequence[int], *, now: datetime) -> list[int]:
    """Those that nobody else holds, now held. What took its workers with it five times is parked instead."""
    with transaction.atomic():
        free = ReminderDispatch.objects.claimable(now=now).filter(pk__in=ids)
        rows = dict(free.select_for_update(skip_locked=True).values_list("pk", "attempts"))
        held = [pk for pk, attempts in rows.items() if attempts < MOST_ATTEMPTS]
        ReminderDispatch.objects.filter(pk__in=held).update(claimed_at=now, attempts=F("attempts") + 1)
        for pk in rows.keys() - set(held):
            _park(pk, "its workers died while they held it", now=now)
    return held


def _together(ids: Sequence[int], *, now: datetime) -> int:
    try:
        return _dispatched(ids, now=now)
    except Exception:
        log.exception("%s reminders couldn't be dispatched at once; each is tried alone", len(ids))
    return sum(_alone(pk, now=now) for pk in ids)


def _alone(pk: int, *, now: datetime) -> bool:
    try:
        return bool(_dispatched([pk], now=now))
    except Exception as problem:
        log.exception("reminder %s couldn't be dispatched", pk)
        if ReminderDispatch.objects.filter(pk=pk, attempts__gte=MOST_ATTEMPTS).exists():
            _park(pk, repr(problem), now=now)
        return False


def _park(pk: int, problem: str, *, now: datetime) -> None:
    """It waits for a person. The desk shows it, and readiness says so."""
    with work(actor=User.system(), now=now):
        reminder = ReminderDispatch.objects.filter(pk=pk, state=State.PLANNED)
        if reminder.update(state=State.PARKED, skip_reason=problem[:200], done_at=now):
            record("reminder.parked", f"reminder:{pk}", problem=problem[:200])
            log.error("reminder %s is parked", pk)


def _dispatched(ids: Sequence[int], *, now: datetime) -> int:
    """All of ``ids`` in one transaction, or none of them."""
    if not ids:
        return 0
    with work(actor=User.system(), now=now):
        free = ReminderDispatch.objects.select_for_update(of=("self",), skip_locked=True)
        reminders = list(free.select_related(*RELATED).filter(pk__in=ids, state=State.PLANNED).order_by("pk"))
        answers = judged(reminders, now=now)
        going = [reminder for reminder in reminders if isinstance(answers[reminder.pk], Owed)]
        _write([(reminder, answers[reminder.pk]) for reminder in going], now=now)
        _mark(reminders, answers, now=now)
        return len(going)


def judged(reminders: Sequence[ReminderDispatch], *, now: datetime) -> Answers:
    """For each what is owed, or why it must not go out, by its pk. Takes as many queries for 100 as for one."""
    found = _looked_at(reminders, now=now)
    by_hand, latest = latest_by_hand(r.assignment_id for r in reminders if r.assignment_id), _latest(reminders, now=now)
    answers: Answers = {}
    for reminder in reminders:
        owed = found[(reminder.rule.trigger, reminder.target)]
        reason = owed if isinstance(owed, str) else _bars(reminder, owed, by_hand.get(reminder.assignment_id), now)
        if not reason and latest.get(_same(reminder), _age(reminder)) > _age(reminder):
            reason = LATER
        answers[reminder.pk] = reason or owed
    return answers


def _same(reminder: ReminderDispatch) -> tuple[object, ...]:
    """Reminders that share this say the same to the same person, whichever rules they come from."""
    return reminder.rule.trigger, reminder.target, reminder.due_version, reminder.recipient_id


def _age(reminder: ReminderDispatch) -> tuple[datetime, int]:
    return reminder.scheduled_for, reminder.pk


def _latest(reminders: Sequence[ReminderDispatch], *, now: datetime) -> dict[tuple[object, ...], tuple[datetime, int]]:
    """The latest that has come due of all that say the same: after an outage several steps of a ladder have."""
    rows = ReminderDispatch.objects.filter(
        target__in={reminder.target for reminder in reminders},
        state__in=[State.PLANNED, State.DONE],
        rule__active=True,
        scheduled_for__lte=now,
    )
    found: dict[tuple[object, ...], tuple[datetime, int]] = {}
    for row in rows.select_related("rule").only(
        *("rule__trigger", "target", "due_version", "recipient_id", "scheduled_for")
    ):
        found[_same(row)] = max(found.get(_same(row), _age(row)), _age(row))
    return found


def irrelevant(reminder: ReminderDispatch, *, now: datetime) -> str:
    """Why this reminder must not go out any more; empty when it must."""
    answer = judged([reminder], now=now)[reminder.pk]
    return answer if isinstance(answer, str) else ""


def _looked_at(reminders: Iterable[ReminderDispatch], *, now: datetime) -> dict[tuple[str, str], Owed | str]:
    targets: dict[str, list[str]] = defaultdict(list)
    for reminder in reminders:
        targets[reminder.rule.trigger].append(reminder.target)
    return {
        (trigger, target): answer
        for trigger, wanted in targets.items()
        for target, answer in DUTIES[trigger].look_again(wanted, now).items()
    }


def _bars(reminder: ReminderDispatch, owed: Owed, by_hand: ManualReminder | None, now: datetime) -> str:
    """A member who is away or gone isn't reminded; their editors are, since they have to act."""
    rule, recipient = reminder.rule, reminder.recipient
    own = is_own(rule, owed, recipient)
    today = owed.today(now)
    quiet = _quiet(by_hand, rule, owed, now)
    checks = (
        (not rule.active, "the rule was switched off"),
        (own and not recipient.is_active, "the member's account is disabled"),
        (not recipient.is_active, "the recipient's account is disabled"),
        (reminder.due_version != owed.version, "the due day was moved"),
        (_is_members(rule) and not own, "it is no longer theirs to do"),
        (own and any(first <= today <= last for first, last in owed.away), "the member is absent"),
        (own and quiet, quiet),
        (rule.offset_days < 0 and today >= owed.due, "the due day has come: this one was meant for before it"),
        (now - reminder.scheduled_for > timedelta(days=rule.stale_after_days), "it is too late to be of use"),
    )
    return next((reason for bars, reason in checks if bars), "")


def _quiet(by_hand: ManualReminder | None, rule: ReminderRule, owed: Owed, now: datetime) -> str:
    """Who reminded the member a short while ago, and when; empty where nobody did. The clock's own don't count."""
    if by_hand is None or now - by_hand.sent_at >= timedelta(days=rule.quiet_days):
        return ""
    return ByHand(f"{by_hand.sent_by.shown_name} reminded them on {clock.shown(owed.today(by_hand.sent_at))}")


def _is_members(rule: ReminderRule) -> bool:
    return rule.audience == ReminderRule.Audience.MEMBER


def is_own(rule: ReminderRule, owed: Owed, recipient: User) -> bool:
    """Whether the recipient is asked to do it themselves, and not as an editor."""
    return _is_members(rule) and any(user.pk == recipient.pk for user in owed.members)


def message_of(reminder: ReminderDispatch, owed: Owed, *, now: datetime) -> tuple[Notification, OutboxMessage]:
    """The notice and the mail as they would be written now; neither is saved."""
    rule = reminder.rule
    own = is_own(rule, owed, reminder.recipient)
    at_once = DUTIES[rule.trigger].urgent and reminder.occurrence == 1
    return outbox.drafted(
        "reminder",
        reminder.recipient,
        now=now,
        since=reminder.scheduled_for,
        urgency=outbox.Urgency.URGENT if at_once else "",
        subject=owed.article.subject if owed.article else "",
        text=wording.sentence(rule.trigger, owed, own=own, today=owed.today(now)),
        path=owed.own_path if own else owed.path,
        action=wording.action(rule.trigger, own=own),
        note=rule.note,
        due=clock.shown(owed.due),
        own=own,
        dispatch=reminder.pk,
        assignment=reminder.assignment_id,
    )


def _write(going: Iterable[tuple[ReminderDispatch, Owed]], *, now: datetime) -> None:
    drafts = [message_of(reminder, owed, now=now) for reminder, owed in going]
    Notification.objects.bulk_create([notification for notification, _mail in drafts])
    OutboxMessage.objects.bulk_create([mail for _notification, mail in drafts])


def _mark(reminders: Iterable[ReminderDispatch], answers: Answers, *, now: datetime) -> None:
    by_reason: dict[str, list[int]] = defaultdict(list)
    for reminder in reminders:
        answer = answers[reminder.pk]
        reason = answer[:200] if isinstance(answer, str) else ""
        by_reason[reason].append(reminder.pk)
        record(
            "reminder.skipped" if reason else "reminder.done",
            reminder.target,
            rule=reminder.rule_id,
            dispatch=reminder.pk,
            reason=_said(answer)[:200],
        )
    for reason, pks in by_reason.items():
        outcome = State.SKIPPED if reason else State.DONE
        ReminderDispatch.objects.filter(pk__in=pks).update(state=outcome, skip_reason=reason, done_at=now)


def no_longer(message: OutboxMessage, now: datetime) -> str:
    """Looks again just before the mail is sent: what it is about may have been done since it was written."""
    return none_longer([message], now)[message.pk]


def none_longer(messages: Sequence[OutboxMessage], now: datetime) -> dict[int, str]:
    """``no_longer`` of many messages, by pk, with as many queries for a hundred as for one."""
    rows = ReminderDispatch.objects.select_related("rule", "recipient", "assignment")
    answers = judged(list(rows.filter(pk__in={message.payload["dispatch"] for message in messages})), now=now)
    reasons = {pk: _said(answer) for pk, answer in answers.items()}
    return {message.pk: reasons.get(message.payload["dispatch"], GONE) for message in messages}


def _said(answer: Owed | str) -> str:
    """The reason as records keep it: without the name of whoever reminded by hand."""
    if isinstance(answer, ByHand):
        return ByHand.PLAIN
    return answer if isinstance(answer, str) else ""
