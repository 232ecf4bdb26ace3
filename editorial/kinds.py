"""The kinds of mail there are: each app registers its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from editorial.models import OutboxMessage

Urgency = OutboxMessage.Urgency
Attachment = tuple[str, bytes, str]


def stored_path(message: OutboxMessage) -> str:
    return str(message.payload["path"])


@dataclass(frozen=True)
class Kind:
    """One kind of mail: its templates, how urgent it is, and whether it still matters at the instant of sending.

    ``template`` names ``mail/<template>.txt`` and ``.html``. ``irrelevant`` returns the reason for not sending, or an
    empty text; ``together`` gives the same answers for many messages at once, by pk. ``path`` builds the page that the
    link opens when the mail is rendered: what is secret in it is never stored. ``details`` are what the template takes
    besides the payload, read likewise: a text that can be erased stays where it is. ``attachments`` gives name, bytes
    and media type of what goes with it. ``to`` gives the address where it isn't the account's. ``sample`` is an
    invented payload, with its ``text``: the desk shows a mail of each kind by it, so nothing may come from the records.
    """

    name: str
    template: str
    irrelevant: Callable[[OutboxMessage, datetime], str] = lambda message, now: ""
    path: Callable[[OutboxMessage], str] = stored_path
    urgency: Urgency = Urgency.PROMPT
    attachments: Callable[[OutboxMessage], list[Attachment]] = lambda message: []
    details: Callable[[OutboxMessage], dict[str, Any]] = lambda message: {}
    to: Callable[[OutboxMessage], str] = lambda message: message.recipient.email
    sample: Mapping[str, Any] = field(default_factory=dict)
    together: Callable[[Sequence[OutboxMessage], datetime], dict[int, str]] | None = None


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    _kinds[kind.name] = kind


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def kind_of(message: OutboxMessage) -> Kind:
    """Raises KeyError for a kind that nobody registered."""
    return _kinds[message.kind]


def link(path: str) -> str:
    """The one builder of links in mail: the public address from the settings, never from a request."""
    return f"{settings.PUBLIC_URL}{path}"
