"""Mail that follows from what was committed: written in the caller's transaction, sent by one sender.

Sending is at least once, with a Message-ID that never changes: the only window for a second copy lies
between the mail server's 250 and the mark that follows it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string

from editorial import mailing
from editorial.models import Notification, OutboxMessage, User
from editorial.models.messages import LEASE_SECONDS, MOST_ATTEMPTS

log = logging.getLogger(__name__)

Urgency = OutboxMessage.Urgency


def stored_path(message: OutboxMessage) -> str:
    return str(message.payload["path"])


@dataclass(frozen=True)
class Kind:
    """One kind of mail: its templates, how urgent it is, and whether it still matters at the instant of sending.

    ``template`` names ``mail/<template>.txt`` and ``.html``. ``irrelevant`` returns the reason for not sending, or an
    empty text. ``path`` builds the page that the link opens when the mail is rendered: what is secret in it is never
    stored.
    """

    name: str
    template: str
    irrelevant: Callable[[OutboxMessage, datetime], str] = lambda message, now: ""
    path: Callable[[OutboxMessage], str] = stored_path
    urgency: Urgency = Urgency.PROMPT


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
    urgency: str = "",
    since: datetime | None = None,
    **payload: Any,
) -> OutboxMessage:
    """Write a mail and its notification. Both stand or fall with the caller's transaction. See ``drafted``."""
    notification, message = drafted(
        kind, recipient, now=now, text=text, path=path, urgency=urgency, since=since, **payload
    )
    notification.save()
    message.save()
    return message


def drafted(
    kind: str,
    recipient: User,
    *,
    now: datetime,
    text: str,
    path: str,
    urgency: str = "",
    since: datetime | None = None,
    **payload: Any,
) -> tuple[Notification, OutboxMessage]:
    """A notification and a mail, neither saved: for whoever writes many at once.

    ``text`` is the one sentence of the news, ``path`` the page to act on. ``urgency`` is the kind's own unless given.
    What goes with the day's mail is owed from ``since`` (else from ``now``): it leaves with the first one from then on,
    and without further waiting when that hour has passed already.
    """
    chosen = OutboxMessage.Urgency(urgency or _kinds[kind].urgency)
    not_before, digest_key = _leaves(recipient, chosen, now, since or now)
    notification = Notification(user=recipient, kind=kind, text=text, path=path, created_at=now)
    message = OutboxMessage(
        kind=kind,
        recipient=recipient,
        payload={"text": text, "path": path, **payload},
        urgency=chosen,
        not_before=not_before,
        digest_key=digest_key,
        created_at=now,
    )
    return notification, message


def _leaves(recipient: User, urgency: Urgency, now: datetime, since: datetime) -> tuple[datetime, str]:
    if urgency == Urgency.URGENT:
        return now, ""
    habits = mailing.of(recipient)
    if urgency == Urgency.PROMPT:
        return habits.waking(now), ""
    slot = habits.slot(since)
    instant = slot if slot >= now else habits.waking(now)
    return instant, digest_key(recipient, habits.day(instant))


def digest_key(recipient: User, day: date) -> str:
    """What the messages of one person's one mail of a day share."""
    return f"{recipient.uuid}:{day}"


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
    rendered = render_to_string(f"mail/{_kinds[message.kind].template}.txt", context)
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
