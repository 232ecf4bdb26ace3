"""Search over all of the desk: each app finds in its own rows, with the eyes of whoever asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from editorial.text import clean

LONGEST = 300
"""Characters of a search; a pasted address is shorter."""

MOST_WORDS = 8
EACH = 8
"""Hits of one group: what one looks over. The list itself shows the rest."""


@dataclass(frozen=True)
class Hit:
    """``meta`` says more of it in a few words; ``badge`` where it stands, as ``components/badge.html`` takes it."""

    title: str
    url: str
    meta: str = ""
    badge: dict[str, Any] | None = None


@dataclass(frozen=True)
class Group:
    """``lists``: addresses of the full lists and what their links say; shown when there is more than ``hits``."""

    name: str
    title: Any
    hits: list[Hit]
    more: bool = False
    lists: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Finder:
    """``find(request, query)`` gives the group, or None for whoever may not look there at all.

    ``hint`` says what one can type to find something of it.
    """

    name: str
    find: Callable[[HttpRequest, str], Group | None]
    hint: Any
    may_look: Callable[[HttpRequest], bool]
    weight: int = 100


_finders: dict[str, Finder] = {}


@dataclass(frozen=True)
class Found:
    groups: list[Group] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)


def add_finder(finder: Finder) -> None:
    _finders[finder.name] = finder


def finders_for(request: HttpRequest) -> list[Finder]:
    """What this person may look through, the most asked for first."""
    return sorted((one for one in _finders.values() if one.may_look(request)), key=lambda one: one.weight)


def tidy(text: str) -> str:
    """What to look for: clean, without space around it. Raises ValidationError for what no database can look for."""
    return " ".join(clean(text, limit=40 * LONGEST).split())


def few_words(query: str) -> str:
    """The first words of a search: more would only cost."""
    return " ".join(query.split()[:MOST_WORDS])


def find(request: HttpRequest, query: str) -> Found:
    """Every group with something in it. ``query`` is tidy and not empty."""
    groups = (finder.find(request, query) for finder in finders_for(request))
    return Found([group for group in groups if group is not None and group.hits])


def cut(rows: Iterable[Any]) -> tuple[list[Any], bool]:
    """The rows of one group, and whether there are more; ``rows`` hold one more than are shown at most."""
    found = list(rows)
    return found[:EACH], len(found) > EACH
