"""The kinds of mail there are: each app registers its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    link opens when the mail is rendered: what is secret in it is never stored. ``attachments`` gives name, bytes and
    media type of what goes with it.
    """

    name: str
    template: str
    irrelevant: Callable[[OutboxMessage, datetime], str] = lambda message, now: ""
    path: Callable[[OutboxMessage], str] = stored_path
    urgency: Urgency = Urgency.PROMPT
    attachments: Callable[[OutboxMessage], list[Attachment]] = lambda message: []
    together: Callable[[Sequence[OutboxMessage], datetime], dict[int, str]] | None = None


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(message: OutboxMessage) -> Kind:
    """Raises KeyError for a kind that nobody registered."""
    return _kinds[message.kind]


def link(path: str) -> str:
    """The one builder of links in mail: the public address from the settings, never from a request."""
    return f"{settings.PUBLIC_URL}{path}"
