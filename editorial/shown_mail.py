"""Mail as a page shows it: samples of each kind, one that stands in the outbox, and the frame for a mail's HTML."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from csp.constants import SELF
from django.http import HttpResponse
from django.utils.translation import gettext as _

from editorial import composing, kinds
from editorial.composing import Item, Mail, rendered, style_sheet
from editorial.kinds import Kind, Urgency, kind_of, link, stored_path
from editorial.models import OutboxMessage, User

DIGEST = "digest"
HOME = "/admin/"
FRAMES = {"frame-src": [SELF]}
"""What a page adds to the site's content policy to hold a frame of ours."""


@dataclass(frozen=True)
class Sample:
    """A mail made of invented words, as ``recipient`` would get it."""

    name: str
    label: str
    urgency: str
    mail: Mail


def samples(recipient: User) -> list[Sample]:
    """One for each kind, and the mail that several make together. Asks the database nothing."""
    singles = [
        Sample(kind.name, kind.name.replace("_", " ").capitalize(), str(kind.urgency.label), _made([kind], recipient))
        for kind in kinds.all_kinds()
    ]
    daily = [kind for kind in kinds.all_kinds() if kind.urgency == Urgency.DAILY]
    together = Sample(DIGEST, _("Several in one mail"), str(Urgency.DAILY.label), _made(daily, recipient))
    return [*singles, together]


def _made(some: Sequence[Kind], recipient: User) -> Mail:
    return rendered([_invented(kind, recipient) for kind in some], recipient)


def _invented(kind: Kind, recipient: User) -> Item:
    """Its link opens the desk: the kind's own would be of something that doesn't exist."""
    payload = {name: value if isinstance(value, int) else str(value) for name, value in kind.sample.items()}
    message = OutboxMessage(kind=kind.name, recipient=recipient, payload=payload, urgency=kind.urgency)
    return Item(message, " ".join(str(payload["text"]).split()), link(HOME))


@dataclass(frozen=True)
class Shown:
    """A mail of the outbox. ``secret`` says that its link is for its recipient alone, and was left out."""

    mail: Mail
    secret: bool
    attachments: tuple[str, ...]


def shown(rows: Sequence[OutboxMessage]) -> Shown:
    """What ``rows`` say together in one mail, by today's templates. Raises KeyError for a kind that is gone."""
    secret = any(_is_secret(row) for row in rows)
    items = [composing.item(row, path=HOME if _is_secret(row) else None) for row in rows]
    names = tuple(name for item in items for name, _content, _kind in item.attachments)
    return Shown(rendered(items, rows[0].recipient), secret, names)


def _is_secret(row: OutboxMessage) -> bool:
    return kind_of(row).path is not stored_path


def style_source() -> str:
    """Our style sheet for mail as a source of a content policy, by its hash."""
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return f"'sha256-{digest}'"


def framed(html: str) -> HttpResponse:
    """A mail's HTML for a frame of our own pages, whoever wrote it.

    Its document has no origin, runs nothing, sends no form and loads nothing. Only our own style sheet for mail takes
    effect, by its hash. Links open a window of their own, as they do in a mail program.
    """
    response = HttpResponse(f'<!doctype html><base target="_blank">{html}')
    response.headers["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"style-src {style_source()}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
