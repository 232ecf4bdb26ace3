"""One thing that the timeline tells, where it stands in the order of all, and which stretch of them is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

EVENTS, COMMENTS, MAILS = range(3)
SEPARATOR = "~"

Key = tuple[datetime, int, int]
"""When, from which source, and as which row of it: newest first, no two alike."""


@dataclass(frozen=True)
class Entry:
    """``who`` acted and ``reason`` are empty where there is nothing to say; ``erased``: what stood there is gone."""

    key: Key
    group: str
    title: str
    kind: str = ""
    """Of the event that it tells."""
    who: str = ""
    detail: str = ""
    reason: str = ""
    tone: str = ""
    state: str = ""
    moment: datetime | None = None
    """An instant that belongs to the state: when a mail left, or (``waits``) when it will."""
    waits: bool = False

    @property
    def at(self) -> datetime:
        return self.key[0]


@dataclass(frozen=True)
class Span:
    """Entries older than ``before``, or those of one instant alone; at most ``size`` from each source."""

    size: int
    before: Key | None = None
    at: datetime | None = None

    def of(self, source: int, *, when: str, row: str = "pk") -> Q:
        """The rows of a source whose instant is ``when`` and whose number is ``row``."""
        if self.at is not None:
            return Q(**{when: self.at})
        if self.before is None:
            return Q()
        instant, before, number = self.before
        if source == before:
            return Q(**{f"{when}__lt": instant}) | Q(**{when: instant, f"{row}__lt": number})
        return Q(**{f"{when}__{'lte' if source < before else 'lt'}": instant})

    def holds(self, key: Key) -> bool:
        return key[0] == self.at if self.at is not None else self.before is None or key < self.before


def token(key: Key) -> str:
    """A place in the timeline, for an address."""
    return SEPARATOR.join((key[0].isoformat(), str(key[1]), str(key[2])))


def place(text: str) -> Key | None:
    """The place that ``token`` wrote; nothing for an empty text. Raises ValueError for what no token says."""
    if not text:
        return None
    parts: list[Any] = text.split(SEPARATOR)
    instant = parse_datetime(parts[0])
    if len(parts) != 3 or instant is None or instant.tzinfo is None:
        raise ValueError(text)
    if any(not part.isascii() or not part.isdecimal() or len(part) > 18 for part in parts[1:]):
        raise ValueError(text)
    return instant, int(parts[1]), int(parts[2])
