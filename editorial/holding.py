"""Holding all mail back, and letting it go without sending twice what had left before a disaster.

A restored database doesn't know what was sent after its backup. So it starts with its mail held; whoever restored it
says what the mail server's log tells, or gives up what was due before the disaster, and then lets the rest go.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from editorial.models import MailHold, OutboxMessage, User
from editorial.verbs import record, work

OWED = "owed_since"
"""In a message's payload: since when its news was owed, where whoever wrote it knew."""

SUBJECT = "mail"
Status = OutboxMessage.Status
OPEN = (Status.WAITING, Status.LEASED)
LEFT = "had left before the restore, by the mail server's log"
MAY_HAVE_LEFT = "was due before the disaster, and may have left"

_IDENTITY = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>", re.IGNORECASE)
_QUEUED = re.compile(r"\]: ([0-9A-Za-z]{6,20}): ")
_TO = re.compile(r"\bto=<([^>]+)>.*\bstatus=sent\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """What a mail server's log says left: mails by id, and the addresses that each id went to, where it tells."""

    ids: frozenset[UUID]
    addresses: dict[UUID, frozenset[str]]


def held() -> MailHold | None:
    return MailHold.objects.first()


def hold(*, reason: str, now: datetime, backup_at: datetime | None = None) -> MailHold:
    """Let no mail leave from now on. What a sender holds already may still leave in the next minute."""
    with work(actor=User.system(), now=now):
        row, made = MailHold.objects.get_or_create(
            pk=1, defaults={"since": now, "reason": reason[:200], "backup_at": backup_at}
        )
        if made:
            record("mail.held", SUBJECT, reason=reason[:200])
    return row


def release(*, now: datetime, skip_due_before: datetime | None = None) -> tuple[bool, int]:
    """Let mail go again; whether it was held, and how many messages were given up instead.

    ``skip_due_before`` gives up what was due until then: sent or not, it isn't sent again.
    """
    with work(actor=User.system(), now=now):
        skipped = skip(due_before=skip_due_before, now=now) if skip_due_before else 0
        was_held = bool(MailHold.objects.all().delete()[0])
        if was_held or skipped:
            record("mail.released", SUBJECT, skipped=skipped)
    return was_held, skipped


def owed_until(instant: datetime) -> Iterator[OutboxMessage]:
    """What waits and was due, or its news owed, until ``instant``: whoever ran until then has sent it."""
    rows = OutboxMessage.objects.filter(status__in=OPEN).select_related("recipient").order_by("not_before", "pk")
    for row in rows.iterator(chunk_size=500):
        if row.not_before <= instant or _owed(row, instant):
            yield row


def skip(*, due_before: datetime, now: datetime) -> int:
    """Give up what was due until then."""
    return _finish(_ids(owed_until(due_before)), Status.SKIPPED, problem=MAY_HAVE_LEFT)


def read_log(lines: Iterable[str]) -> Sent:
    """Ids of mails in a log. Where lines carry a queue's number, as Postfix writes them, also whom each went to."""
    ids: set[UUID] = set()
    queued: dict[str, UUID] = {}
    went: dict[str, set[str]] = {}
    for line in lines:
        number = _QUEUED.search(line)
        found = [UUID(text) for text in _IDENTITY.findall(line)]
        ids.update(found)
        if number and found:
            queued[number[1]] = found[0]
        if number and (to := _TO.search(line)):
            went.setdefault(number[1], set()).add(to[1].lower())
    if went:  # the log says what was delivered: an id alone was only taken on
        ids = {identity for number, identity in queued.items() if number in went}
    addresses = {queued[number]: frozenset(people) for number, people in went.items() if number in queued}
    return Sent(frozenset(ids), addresses)


def suppress(sent: Sent, *, now: datetime, until: datetime | None = None) -> tuple[int, dict[UUID, frozenset[str]]]:
    """Mark as sent what the log says left. How many messages, and the mails that this database doesn't know.

    A day's mail whose id was settled after the backup is among those. With ``until``, whoever got such a mail isn't
    sent what was due for them in a day's mail until then.
    """
    with work(actor=User.system(), now=now):
        mine = OutboxMessage.objects.filter(mail_id__in=sent.ids) | OutboxMessage.objects.filter(uuid__in=sent.ids)
        known = {identity for pair in mine.values_list("mail_id", "uuid") for identity in pair if identity}
        marked = _finish(_ids(mine.filter(status__in=OPEN)), Status.SENT, problem=LEFT, sent_at=now)
        unknown = {identity: sent.addresses.get(identity, frozenset()) for identity in sent.ids - known}
        if until is not None:
            people = {address for addresses in unknown.values() for address in addresses}
            daily = [row for row in owed_until(until) if row.digest_key and row.recipient.email.lower() in people]
            marked += _finish(_ids(daily), Status.SENT, problem=LEFT, sent_at=now)
        record("mail.suppressed", SUBJECT, messages=marked)
    return marked, unknown


def _owed(row: OutboxMessage, instant: datetime) -> bool:
    since = row.payload.get(OWED)
    return bool(since) and datetime.fromisoformat(since) <= instant


def _ids(rows: Iterable[OutboxMessage]) -> list[int]:
    return [row.pk for row in rows]


def _finish(ids: list[int], status: str, **values: object) -> int:
    return OutboxMessage.objects.filter(pk__in=ids, status__in=OPEN).update(status=status, leased_until=None, **values)
