"""The demo's mail: one file each in a folder, written whole or not at all, and read as letters from strangers."""

import logging
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as Outgoing
from django.core.mail.backends.base import BaseEmailBackend

from editorial import clock

log = logging.getLogger(__name__)

MOST = 500
"""How many letters are looked at, the newest: older ones stay in the folder."""

STAMP = "%Y%m%dT%H%M%S%fZ"
NAME = re.compile(r"(\d{8}T\d{12}Z)-[0-9a-f]{8}\.eml")
UNREADABLE = (ValueError, LookupError, AttributeError, TypeError)
"""What the standard library's parser raises for headers and parts that no mail program would write."""


class Backend(BaseEmailBackend):
    """Puts every mail into a file of its own."""

    def send_messages(self, messages: Sequence[Outgoing]) -> int:
        for message in messages:
            keep(message.message().as_bytes(), now=clock.now())
        return len(messages)


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def keep(content: bytes, *, now: datetime) -> Path:
    """Write one mail under a name that sorts by time. Nobody ever reads half of it."""
    folder().mkdir(parents=True, exist_ok=True)
    whole = folder() / f"{now.astimezone(UTC).strftime(STAMP)}-{secrets.token_hex(4)}.eml"
    part = whole.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, whole)
    return whole


@dataclass(frozen=True)
class Letter:
    """A mail in the folder. ``html`` is whatever its sender wrote: show it in a frame alone."""

    name: str
    at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[str, ...] = ()


def letters() -> list[Letter]:
    """The newest first, without their words."""
    return [letter for path in _files()[:MOST] if (letter := _read(path, whole=False)) is not None]


def letter(name: str) -> Letter | None:
    """The one of this name, if the folder has it. ``name`` is compared with what is there, never opened."""
    path = next((path for path in _files() if path.name == name), None)
    return _read(path, whole=True) if path is not None else None


def _files() -> list[Path]:
    if not folder().is_dir():
        return []
    with os.scandir(folder()) as entries:
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    return [folder() / name for name in sorted(filter(NAME.fullmatch, names), reverse=True)]


def _read(path: Path, *, whole: bool) -> Letter | None:
    """None for what can't be read: one such file never hides the others."""
    found = NAME.fullmatch(path.name)
    assert found is not None
    try:
        message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)  # type: ignore[arg-type]
        head = {
            "to": tuple(address for _name, address in getaddresses([str(message.get("To", ""))]) if address),
            "sender": str(message.get("From", "")),
            "subject": str(message.get("Subject", "")),
        }
        rest = _words(message) if whole else {}
    except (OSError, *UNREADABLE) as problem:
        log.warning("the demo's mail %s can't be read: %r", path.name, problem)
        return None
    at = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    return Letter(name=path.name, at=at, **head, **rest)  # type: ignore[arg-type]


def _words(message: EmailMessage) -> dict[str, object]:
    shown = ("Date", "Message-ID", "Reply-To", "List-Unsubscribe")
    return {
        "headers": tuple((name, str(message[name])) for name in shown if message[name]),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "attachments": tuple(_attachments(message)),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _attachments(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        name = part.get_filename()
        if name:
            yield f"{Path(name).name} ({part.get_content_type()})"
