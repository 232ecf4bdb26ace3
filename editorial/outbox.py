"""Mail that follows from what was committed: written in the caller's transaction, sent by one sender.

Sending is at least once, with a Message-ID that never changes: the only window for a second copy lies
between the mail server's 250 and the mark that follows it.
"""

from datetime import datetime
from typing import Any

from editorial import mailing
from editorial.holding import OWED
from editorial.kinds import Kind, Urgency, _kinds, add_kind, link, stored_path
from editorial.mailing import digest_key
from editorial.models import Notification, OutboxMessage, User
from editorial.sending import send_due, send_one
from editorial.verbs import subject_now

__all__ = ["Kind", "Urgency", "add_kind", "drafted", "link", "send_due", "send_one", "stored_path", "write"]


def write(
    kind: str,
    recipient: User,
    *,
    now: datetime,
    text: str,
    path: str,
    urgency: str = "",
    since: datetime | None = None,
    subject: str = "",
    **payload: Any,
) -> OutboxMessage:
    """Write a mail and its notification. Both stand or fall with the caller's transaction. See ``drafted``."""
    notification, message = drafted(
        kind, recipient, now=now, text=text, path=path, urgency=urgency, since=since, subject=subject, **payload
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
    subject: str = "",
    **payload: Any,
) -> tuple[Notification, OutboxMessage]:
    """A notification and a mail, neither saved: for whoever writes many at once.

    ``text`` is the one sentence of the news, ``path`` the page to act on. ``urgency`` is the kind's own unless given.
    What goes with the day's mail is owed from ``since`` (else from ``now``): it leaves with the first one from then on,
    and without further waiting when that hour has passed already. ``subject`` is what it is about: that of the
    running verb unless given.
    """
    chosen = OutboxMessage.Urgency(urgency or _kinds[kind].urgency)
    not_before, digest_key = _leaves(recipient, chosen, now, since or now)
    notification = Notification(user=recipient, kind=kind, text=text, path=path, created_at=now)
    message = OutboxMessage(
        kind=kind,
        recipient=recipient,
        payload={"text": text, "path": path, **({OWED: since.isoformat()} if since else {}), **payload},
        subject=subject or subject_now(),
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
