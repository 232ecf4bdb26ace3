"""The timeline's pages: all sources merged, the newest first, and what was done at one instant told together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from reviews.timeline import comments, events, mails
from reviews.timeline.case import Case
from reviews.timeline.entries import Entry, Key, Span, token

SIZE = 30


@dataclass(frozen=True)
class Deed:
    """What one act left behind: its lines in the order in which they happened."""

    at: datetime
    who: str
    entries: tuple[Entry, ...]

    @property
    def others(self) -> bool:
        """Whether somebody else acted in it too, so that each line says who."""
        return len({entry.who for entry in self.entries if entry.who}) > 1


@dataclass(frozen=True)
class Page:
    deeds: tuple[Deed, ...]
    after: str = ""
    """Where the next page begins, for the address; empty on the last."""


def page(case: Case, *, group: str = "", before: Key | None = None, size: int = SIZE) -> Page:
    """As many queries whatever the number of events: each source is asked for one page's rows at most."""
    found = _entries(case, Span(size + 1, before=before), group)
    shown = found[:size]
    return Page(_deeds(shown), token(shown[-1].key) if len(found) > size else "")


def at(case: Case, instant: datetime) -> tuple[Entry, ...]:
    """What was done and said at this very instant, in its order, without the mails."""
    span = Span(100, at=instant)
    found = [*events.of(case, span, ""), *comments.of(case, span, "")]
    return tuple(sorted(found, key=lambda entry: entry.key))


def _entries(case: Case, span: Span, group: str) -> list[Entry]:
    found = [*events.of(case, span, group), *comments.of(case, span, group), *mails.of(case, span, group)]
    return sorted(found, key=lambda entry: entry.key, reverse=True)


def _deeds(entries: Iterable[Entry]) -> tuple[Deed, ...]:
    return tuple(_deed(at, tuple(group)) for at, group in groupby(entries, key=lambda entry: entry.at))


def _deed(at: datetime, newest_first: tuple[Entry, ...]) -> Deed:
    entries = newest_first[::-1]
    return Deed(at, next((entry.who for entry in entries if entry.who), ""), entries)
