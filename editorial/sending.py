"""The one sender of mail. What a person's day brings leaves as one mail.

Sending is at least once, with a Message-ID that is settled and committed before the first try: the only window for a
second copy lies between the mail server's 250 and the mark that follows it, one mail wide.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core.mail import EmailMessage, get_connection

from editorial import composing, leasing
from editorial.composing import Item
from editorial.leasing import BATCH
from editorial.looking import MAILS, Look, Rows, held
from editorial.models import OutboxMessage
from editorial.models.messages import MOST_ATTEMPTS

log = logging.getLogger(__name__)

BATCH_SECONDS = 35
Status = OutboxMessage.Status


class Line:
    """One connection to the mail server for many mails, opened anew after whatever broke it."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, mail: EmailMessage) -> None:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        try:
            self._connection.send_messages([mail])
        except SMTPRecipientsRefused:
            raise  # the server said no to one recipient: the line is as good as before
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                log.info("the mail server's line broke before it was closed")


def send_due(*, now: datetime, limit: int = BATCH) -> dict[str, int]:
    """Send what is due, ``limit`` at a time, for 35 seconds at most. Returns counts of messages by outcome."""
    counts: Counter[str] = Counter()
    end = time.monotonic() + BATCH_SECONDS
    line = Line()
    try:
        while time.monotonic() < end:
            mails = leasing.lease(now=now, limit=limit)
            if not mails:
                break
            counts.update(_send_all(mails, line, now=now, end=end))
    finally:
        line.close()
    return dict(counts)


def send_one(pk: int, *, now: datetime) -> str:
    """Send one message, with what leaves in the same mail, if it is still to be sent."""
    line = Line()
    try:
        mails = leasing.lease(now=now, limit=1, only=pk)
        outcomes = [_send(rows, Look([rows], now=now), line, now=now, asked=pk) for rows in mails]
    finally:
        line.close()
    return next((outcome for mail in outcomes for outcome in mail), "taken")


def _send_all(mails: Sequence[Rows], line: Line, *, now: datetime, end: float) -> Iterator[str]:
    """Send mails that were leased together, one by one, until ``end``; what is left then is given back."""
    look = None
    for number, rows in enumerate(mails):
        if time.monotonic() >= end:
            leasing.release([row for rest in mails[number:] for row in rest])
            return
        if look is None or not look.covers(rows):
            look = Look(mails[number : number + MAILS], now=now)
        yield from _send(rows, look, line, now=now)


def _send(rows: Rows, look: Look, line: Line, *, now: datetime, asked: int | None = None) -> list[str]:
    """Send one mail, and say what became of each of its messages (of ``asked`` first).

    Whoever wakes after its lease was taken over finds no row of its own here, and does nothing.
    """
    outcomes: dict[int, str] = {}
    items: list[Item] = []
    for row in look.ours(rows):
        done = _looked_at(row, look, items, now=now)
        if done:
            outcomes[row.pk] = done
    if items:
        done = _try(items, line, now=now)
        outcomes |= {item.message.pk: done for item in items}
    return [outcomes[pk] for pk in sorted(outcomes, key=lambda pk: pk != asked)]


def _looked_at(row: OutboxMessage, look: Look, items: list[Item], *, now: datetime) -> str:
    """Ask once more whether this message matters, and add it to the mail. What it throws hurts no other message."""
    if row.attempts > MOST_ATTEMPTS:
        return _park([row], "its senders died while they held it")
    try:
        reason = look.reason(row)
        if not reason:
            items.append(composing.item(row))
    except Exception as problem:
        return _failed([row], problem, now=now, mail_id=None)
    return finish([row], Status.SKIPPED, problem=reason) if reason else ""


def _try(items: Sequence[Item], line: Line, *, now: datetime) -> str:
    rows = [item.message for item in items]
    try:
        line.send(composing.mail(items, mail_id=rows[0].mail_id))
    except SMTPRecipientsRefused as refusal:
        said = "; ".join(f"{code} {text!r}" for code, text in refusal.recipients.values())
        if all(500 <= code < 600 for code, _text in refusal.recipients.values()):
            return _park(rows, f"The mail server refused the address: {said}")
        return _failed(rows, refusal, now=now)
    except Exception as problem:
        return _failed(rows, problem, now=now)
    return finish(rows, Status.SENT, sent_at=now)


def finish(rows: Rows, status: str, **values: Any) -> str:
    held(rows).update(status=status, leased_until=None, **values)
    return str(status)


def _park(rows: Rows, problem: str) -> str:
    log.error("mail %s is parked: messages %s", rows[0].mail_id, [row.pk for row in rows])
    return finish(rows, Status.PARKED, problem=problem[:500])


def _failed(rows: Rows, problem: Exception, *, now: datetime, **values: Any) -> str:
    """Another try later. One attempt is counted for all rows of a mail: they were leased together."""
    attempts = max(row.attempts for row in rows)
    log.warning("mail %s failed at attempt %s", rows[0].mail_id, attempts, exc_info=problem)
    if attempts >= MOST_ATTEMPTS:
        return _park(rows, repr(problem))
    wait = timedelta(seconds=30 * 4**attempts)
    finish(rows, Status.WAITING, not_before=now + wait, problem=repr(problem)[:500], **values)
    return "failed"
