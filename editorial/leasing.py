"""Who sends what: leases messages to one sender, a whole mail at a time, and settles each mail's id.

A mail that has its id is sealed: nobody joins it. At most one mail of the day leaves for each person and local day.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from editorial import mailing
from editorial.models import MailHold, OutboxMessage, User
from editorial.models.messages import LEASE_SECONDS

BATCH = 100
SENDERS = 8
"""How many may lease at the same instant: each looks so far ahead that it finds what the others leave."""

Status = OutboxMessage.Status
DAILY = OutboxMessage.Urgency.DAILY
WRITTEN = ["status", "leased_until", "digest_key", "not_before"]
"""What is written of a row that is put off."""

Before = dict[int, tuple[uuid.UUID | None, str]]


def lease(*, now: datetime, limit: int = BATCH, only: int | None = None) -> list[list[OutboxMessage]]:
    """Take about ``limit`` due messages for this sender, by the mails that they leave in.

    What would leave in quiet hours, or as somebody's second mail of a day, is put off instead. What a sender died with
    goes alone: a mail that kills whoever sends it takes no other down with it. Nothing is taken while mail is held.
    """
    if MailHold.objects.exists():
        return []
    due, until = OutboxMessage.objects.due(now=now), now + timedelta(seconds=LEASE_SECONDS)
    with transaction.atomic():
        found = due.filter(pk=only) if only else due
        first = list(found.only("pk", "urgency", "recipient_id", "status")[: limit * SENDERS])
        if orphans := [row for row in first if row.status == Status.LEASED]:
            first, limit = [row for row in orphans if row.urgency == orphans[0].urgency], 1
        rows = [
            *_locked(due.filter(pk__in=[row.pk for row in first if row.urgency != DAILY]), most=limit),
            *_dailies({row.recipient_id for row in first if row.urgency == DAILY}, now=now, most=limit),
        ]
        before = {row.pk: (row.mail_id, row.digest_key) for row in rows}
        mails = list(_mails(rows, now=now))
        leased = [row for mail in mails for row in mail]
        for row in leased:
            row.status, row.attempts = Status.LEASED, row.attempts + 1
            row.leased_until = until
        _write(leased, before, until=until)
        OutboxMessage.objects.bulk_update([row for row in rows if row.status == Status.WAITING], WRITTEN)
    return mails


def _write(leased: Sequence[OutboxMessage], before: Before, *, until: datetime) -> None:
    """One statement for what all have in common, and one for each field in which they differ and changed."""
    own = OutboxMessage.objects.filter(pk__in=[row.pk for row in leased])
    own.update(status=Status.LEASED, leased_until=until, attempts=F("attempts") + 1)
    OutboxMessage.objects.bulk_update([row for row in leased if row.mail_id != before[row.pk][0]], ["mail_id"])
    OutboxMessage.objects.bulk_update([row for row in leased if row.digest_key != before[row.pk][1]], ["digest_key"])


def release(rows: Iterable[OutboxMessage]) -> None:
    """Give back what wasn't tried: the next sender may take it at once. Its mail stays sealed."""
    for token in {row.leased_until for row in rows}:
        own = [row.pk for row in rows if row.leased_until == token]
        leased = OutboxMessage.objects.filter(pk__in=own, status=Status.LEASED, leased_until=token)
        leased.update(status=Status.WAITING, leased_until=None, attempts=F("attempts") - 1)


def _locked(rows, *, most: int | None) -> list[OutboxMessage]:  # type: ignore[no-untyped-def]
    """The first ``most`` that no other sender is about to take; all of them, waited for, when it is None."""
    locked = rows.select_for_update(of=("self",), skip_locked=most is not None)
    return list(locked.select_related("recipient__mail_preferences").order_by("not_before", "pk")[:most])


def _dailies(people: set[int], *, now: datetime, most: int) -> list[OutboxMessage]:
    """All that is due for these people's mail of the day. Their rows are locked, so that no two senders seal at once;
    whoever is busy is left to the other sender.
    """
    free = User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=people).order_by("pk")
    known = list(free.values_list("pk", flat=True)[:most])
    if not known:
        return []
    return _locked(OutboxMessage.objects.due(now=now).filter(urgency=DAILY, recipient__in=known), most=None)


def _mails(rows: Sequence[OutboxMessage], *, now: datetime) -> Iterable[list[OutboxMessage]]:
    """Group ``rows`` by mail and settle its id; what has to wait is changed and left out."""
    groups: dict[uuid.UUID, list[OutboxMessage]] = {}
    owners, fresh = _owners(rows, now=now), set()
    for row in sorted(rows, key=lambda row: row.mail_id is None):  # sealed mails first: the day is theirs
        habits = mailing.of(row.recipient)
        if row.urgency != OutboxMessage.Urgency.URGENT and habits.is_quiet(now):
            _put_off(row, habits, habits.waking(now))
            continue
        if row.urgency != DAILY:
            row.mail_id = row.mail_id or row.uuid
            groups[row.mail_id] = [row]
            continue
        row.digest_key = mailing.digest_key(row.recipient, habits.day(now))
        if row.digest_key not in owners and row.mail_id is None:
            fresh.add(owners.setdefault(row.digest_key, uuid.uuid4()))
        owner = owners.setdefault(row.digest_key, row.mail_id)
        if owner == row.mail_id or (row.mail_id is None and owner in fresh):
            row.mail_id = owner
            groups.setdefault(owner, []).append(row)
        else:
            _put_off(row, habits, habits.next_day(now))
    return list(groups.values())


def _owners(rows: Sequence[OutboxMessage], *, now: datetime) -> dict[str, uuid.UUID]:
    """The mail of today that has left, or is with another sender, by digest key."""
    days = {mailing.digest_key(row.recipient, mailing.of(row.recipient).day(now)) for row in rows}
    left = OutboxMessage.objects.taken_up(days).exclude(pk__in=[row.pk for row in rows])
    return dict(left.values_list("digest_key", "mail_id"))


def _put_off(row: OutboxMessage, habits: mailing.Habits, instant: datetime) -> None:
    row.status, row.leased_until, row.not_before = Status.WAITING, None, instant
    if row.urgency == DAILY:
        row.digest_key = mailing.digest_key(row.recipient, habits.day(instant))
