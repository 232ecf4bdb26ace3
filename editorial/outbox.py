"""Mail that follows from what was committed: written in the caller's transaction, sent by one sender.

Sending is at least once, with a Message-ID that never changes: the only window for a second copy lies
between the mail server's 250 and the mark that follows it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string

from editorial.models import Notification, OutboxMessage, User
from editorial.models.messages import LEASE_SECONDS, MOST_ATTEMPTS

log = logging.getLogger(__name__)


def stored_path(message: OutboxMessage) -> str:
    return str(message.payload["path"])


@dataclass(frozen=True)
class Kind:
    """One kind of mail: its template, and whether it still matters at the instant of sending.

    ``irrelevant`` returns the reason for not sending, or an empty text. ``path`` builds the page that the
    link opens when the mail is rendered: what is secret in it is never stored.
    """

    name: str
    template: str
    irrelevant: Callable[[OutboxMessage, datetime], str] = lambda message, now: ""
    path: Callable[[OutboxMessage], str] = stored_path


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    _kinds[kind.name] = kind


def link(path: str) -> str:
    """The one builder of links in mail: the public address from the settings, never from a request."""
    return f"{settings.PUBLIC_URL}{path}"


def write(
    kind: str,
    recipient: User,
    *,
    now: datetime,
    text: str,
    path: str,
    not_before: datetime | None = None,
    digest_key: str = "",
    **payload: Any,
) -> OutboxMessage:
    """Write a mail and its notification. Both stand or fall with the caller's transaction.

    ``text`` is the one sentence of the news, ``path`` the page to act on.
    """
    Notification.objects.create(user=recipient, kind=kind, text=text, path=path, created_at=now)
    return OutboxMessage.objects.create(
        kind=kind,
        recipient=recipient,
        payload={"text": text, "path": path, **payload},
        not_before=not_before or now,
        digest_key=digest_key,
        created_at=now,
    )


def send_due(*, now: datetime, limit: int = 100) -> dict[str, int]:
    """Send what is due; one bad message never stops the others. Returns counts by outcome."""
    counts: dict[str, int] = {}
    for pk in OutboxMessage.objects.due(now=now).values_list("pk", flat=True)[:limit]:
        outcome = send_one(pk, now=now)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def send_one(pk: int, *, now: datetime) -> str:
    """Send one message if it is still to be sent. A second sender finds it leased and does nothing."""
    claimed = OutboxMessage.objects.due(now=now).filter(pk=pk)
    lease = now + timedelta(seconds=LEASE_SECONDS)
    if not claimed.update(status=OutboxMessage.Status.LEASED, leased_until=lease, attempts=F("attempts") + 1):
        return "taken"
    message = OutboxMessage.objects.select_related("recipient").get(pk=pk)
    if message.attempts > MOST_ATTEMPTS:
        return _finish(message, OutboxMessage.Status.PARKED, problem="its senders died while they held it")
    try:
        reason = _irrelevant(message, now)
        if reason:
            return _finish(message, OutboxMessage.Status.SKIPPED, problem=reason)
        _mail(message).send()
    except Exception as problem:
        return _failed(message, problem, now=now)
    return _finish(message, OutboxMessage.Status.SENT, sent_at=now)


def _irrelevant(message: OutboxMessage, now: datetime) -> str:
    if not message.recipient.is_active:
        return "the account is disabled"
    if not message.recipient.email:
        return "the account has no mail address"
    return _kinds[message.kind].irrelevant(message, now)


def _mail(message: OutboxMessage) -> EmailMessage:
    context = {
        "message": message,
        "recipient": message.recipient,
        "link": link(_kinds[message.kind].path(message)),
        "site_name": settings.SITE_NAME,
        **message.payload,
    }
    rendered = render_to_string(_kinds[message.kind].template, context)
    subject, _, body = rendered.partition("\n")
    domain = settings.PUBLIC_URL.split("://")[-1].split("/")[0].split(":")[0]
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[message.recipient.email],
        headers={"Message-ID": f"<{message.uuid}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _finish(message: OutboxMessage, status: str, **values: Any) -> str:
    OutboxMessage.objects.filter(pk=message.pk, status=OutboxMessage.Status.LEASED).update(
        status=status, leased_until=None, **values
    )
    return str(status)


def _failed(message: OutboxMessage, problem: Exception, *, now: datetime) -> str:
    log.error("outbox message %s failed at attempt %s", message.pk, message.attempts, exc_info=problem)
    if message.attempts >= MOST_ATTEMPTS:
        return _finish(message, OutboxMessage.Status.PARKED, problem=repr(problem)[:500])
    wait = timedelta(seconds=30 * 4**message.attempts)
    _finish(message, OutboxMessage.Status.WAITING, not_before=now + wait, problem=repr(problem)[:500])
    return "failed"
