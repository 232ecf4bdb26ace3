"""What a mail says, as text and as HTML, from one context. Writes nothing and sends nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from editorial import unsubscribing
from editorial.kinds import Attachment, Urgency, kind_of, link
from editorial.models import OutboxMessage, User

WEEKLY = "weekly"
LONGEST_SUBJECT = 240
_ORDER = {Urgency.URGENT: 0, Urgency.PROMPT: 1, Urgency.DAILY: 2}


@dataclass(frozen=True)
class Item:
    """One piece of news, with all that may fail in it done: a digest is made of these."""

    message: OutboxMessage
    text: str
    link: str
    attachments: tuple[Attachment, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def item(message: OutboxMessage, *, path: str | None = None) -> Item:
    """With the kind's own path unless one is given: what is secret in it isn't shown on a page.

    Raises whatever the kind's own functions raise: the caller parks this item and sends the others.
    """
    kind = kind_of(message)
    text = " ".join(str(message.payload["text"]).split())
    address = link(kind.path(message) if path is None else path)
    return Item(message, text, address, tuple(kind.attachments(message)), kind.details(message))


@dataclass(frozen=True)
class Mail:
    """A mail as it would go, without headers."""

    subject: str
    text: str
    html: str


def rendered(items: Sequence[Item], recipient: User) -> Mail:
    """Writes and asks nothing: the desk shows a mail by the same words with which it leaves."""
    ordered = sorted(items, key=lambda row: (_ORDER[Urgency(row.message.urgency)], row.message.pk or 0))
    template = kind_of(ordered[0].message).template if len(ordered) == 1 else "digest"
    context = _context(ordered, recipient)
    subject, _sep, body = render_to_string(f"mail/{template}.txt", context).partition("\n")
    style = mark_safe(f"<style>{style_sheet()}</style>")
    html = render_to_string(f"mail/{template}.html", {**context, "style": style})
    text = re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
    return Mail(_short(" ".join(subject.split())), text, html)


def _short(subject: str) -> str:
    """A header's line takes 998 bytes, and no mail program shows half of that."""
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"


def mail(items: Sequence[Item], *, mail_id: Any) -> EmailMultiAlternatives:
    """The mail that leaves: a second try makes the same one under the same Message-ID."""
    recipient = items[0].message.recipient
    made = rendered(items, recipient)
    headers = {"Message-ID": message_id(mail_id), "Auto-Submitted": "auto-generated"}
    if any(row.message.kind == WEEKLY for row in items):
        headers |= _unsubscribe(recipient)
    address = kind_of(items[0].message).to(items[0].message)
    message = EmailMultiAlternatives(made.subject, made.text, to=[address], headers=headers)
    message.attach_alternative(made.html, "text/html")
    for row in items:
        for name, content, kind in row.attachments:
            message.attach(name, content, kind)
    return message


def message_id(mail_id: Any) -> str:
    domain = settings.PUBLIC_URL.split("://")[-1].split("/")[0].split(":")[0]
    return f"<{mail_id}@{domain}>"


def identity_of(message: OutboxMessage) -> str:
    """The Message-ID it leaves or left with; empty where a day's mail will settle it."""
    settled = message.mail_id or (None if message.digest_key else message.uuid)
    return message_id(settled) if settled else ""


def _context(items: Sequence[Item], recipient: User) -> dict[str, Any]:
    first = items[0]
    return {
        **first.message.payload,
        **first.details,
        "items": items,
        "text": first.text,
        "link": first.link,
        "message": first.message,
        "recipient": recipient,
        "preferences": link("/admin/mail/"),
        "site_name": settings.SITE_NAME,
        "site": link("/"),
    }


def _unsubscribe(recipient: User) -> dict[str, str]:
    """RFC 8058: one click ends the summaries."""
    address = unsubscribing.address(recipient)
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@cache
def style_sheet() -> str:
    """A mail carries it: linking it would be remote content."""
    return Path(str(finders.find("css/mail.css"))).read_text(encoding="utf-8")
