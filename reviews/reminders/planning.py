"""Turns what is owed into rows, one for each person and occurrence.

Planning is catch-up: whatever came due while the clock stood still gets its row, and what comes too late to be of use
gets one that says so. Rows are unique, so that two clocks plan nothing twice.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from reviews.models import ReminderDispatch, ReminderRule
from reviews.reminders.owed import LATER, Duty, Owed, batches
from reviews.reminders.people import People
from reviews.reminders.triggers import DUTIES

log = logging.getLogger(__name__)

BATCH = 500
State = ReminderDispatch.State


def plan(*, now: datetime) -> int:
    """Write a row for each reminder whose instant has come. Running it twice writes nothing twice.

    What can't be planned is logged and never stops the others. Returns how many are to be sent.
    """
    people = People(now)
    made = 0
    for rule in ReminderRule.objects.filter(active=True):
        try:
            for drafts in drafted(rule, people, until=now):
                made += _written(drafts)
        except Exception:
            log.exception("reminder rule %s couldn't be planned", rule.pk)
    return made


def drafted(rule: ReminderRule, people: People, *, until: datetime) -> Iterator[list[ReminderDispatch]]:
    """Rows that ``rule`` asks for by ``until`` and that aren't there yet, unsaved, in batches. The rule may be unsaved.

    The rows of one obligation's occurrence stand in one batch.
    """
    duty = DUTIES[rule.trigger]
    steps = [(number, rule.offset_days + (number - 1) * rule.every_days) for number in range(1, rule.repeats + 2)]
    for together in [[step] for step in steps] if duty.joins else [steps]:
        first, earliest = together[0]
        rows = duty.due_by((until + timedelta(days=1)).date() - timedelta(days=earliest))
        if duty.joins and rule.pk is not None:
            rows = duty.unplanned(rows, rule.pk, first)
        for batch in batches(rows.iterator(chunk_size=BATCH), BATCH):
            owed = list(_read(duty, batch, people.now))
            people.prepare(owed)
            drafts = [d for one in owed for step in together for d in _drafts(rule, one, *step, people, until)]
            yield _missing(rule, drafts)


def _read(duty: Duty, rows: Iterable[Any], now: datetime) -> Iterator[Owed]:
    """What is owed of a batch, each obligation once."""
    rows = list(rows)
    shared = duty.shared(rows, now)
    seen = set()
    for row in rows:
        target = duty.target(row)
        if target in seen:
            continue
        seen.add(target)
        try:
            if not duty.gone(row):
                yield duty.owed(row, shared, now)
        except Exception:
            log.exception("what is owed for %s can't be read", target)


def _drafts(
    rule: ReminderRule, owed: Owed, occurrence: int, days: int, people: People, until: datetime
) -> list[ReminderDispatch]:
    try:
        instant = owed.instant(days)
        if instant > until:
            return []
        reason = _too_late(rule, owed, occurrence, days, people.now)
        recipients = people.addressed(rule.audience, owed)
    except Exception:
        log.exception("reminder rule %s couldn't be planned for %s", rule.pk, owed.target)
        return []
    return [
        ReminderDispatch(
            rule=rule,
            target=owed.target,
            assignment=owed.assignment,
            article=owed.article,
            recipient=recipient,
            occurrence=occurrence,
            due_version=owed.version,
            scheduled_for=instant,
            state=State.SKIPPED if reason else State.PLANNED,
            skip_reason=reason,
            done_at=people.now if reason else None,
        )
        for recipient in recipients
    ]


def _too_late(rule: ReminderRule, owed: Owed, occurrence: int, days: int, now: datetime) -> str:
    """Why a reminder whose instant has come is written down and not sent; empty when it is to be sent."""
    instant = owed.instant(days)
    given_on = owed.today(owed.since) if owed.since else None
    stands_by = occurrence <= rule.repeats and owed.instant(days + rule.every_days) <= now
    checks = (
        (days < 0 and owed.today(now) >= owed.due, "the due day has come: this one was meant for before it"),
        (
            days < 0 and given_on is not None and owed.today(instant) <= given_on,
            "it was given out on that day or later",
        ),
        (stands_by, LATER),
        (now - instant > timedelta(days=rule.stale_after_days), "it is too late to be of use"),
    )
    return next((reason for applies, reason in checks if applies), "")


def _missing(rule: ReminderRule, drafts: list[ReminderDispatch]) -> list[ReminderDispatch]:
    """Without those of obligations that were planned before, whoever was addressed then."""
    if rule.pk is None or not drafts:
        return drafts
    targets = {draft.target for draft in drafts}
    known = set(
        ReminderDispatch.objects.filter(target__in=targets, rule=rule).values_list(
            "target", "occurrence", "due_version"
        )
    )
    return [draft for draft in drafts if (draft.target, draft.occurrence, draft.due_version) not in known]


def _written(drafts: list[ReminderDispatch]) -> int:
    """All rows of a batch at once; where one can't be written, each obligation's own apart."""
    if not drafts:
        return 0
    try:
        return _insert(drafts)
    except Exception:
        log.exception("%s reminders couldn't be planned at once; each is tried alone", len(drafts))
    by_target: dict[str, list[ReminderDispatch]] = {}
    for draft in drafts:
        by_target.setdefault(draft.target, []).append(draft)
    made = 0
    for target, rows in by_target.items():
        try:
            made += _insert(rows)
        except Exception:
            log.exception("reminder rule %s couldn't be planned for %s", rows[0].rule_id, target)
    return made


def _insert(drafts: list[ReminderDispatch]) -> int:
    """A row for everyone whom the rule addresses, or for nobody. What another clock wrote meanwhile stays.

    Returns how many to send this call wrote: where two clocks meet, both may count the same row.
    """
    with transaction.atomic():
        ReminderDispatch.objects.bulk_create(drafts, ignore_conflicts=True)
    return sum(draft.state == State.PLANNED for draft in drafts)
