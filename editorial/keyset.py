"""Pages by the last row's own values, so that the thousandth costs what the first costs and none slips between two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

SEPARATOR = "~"


@dataclass(frozen=True)
class Order:
    """One way to sort: an expression that is never NULL, and how its value is read back from an address."""

    expression: Any
    reads: Callable[[str], Any]
    descending: bool = False
    of_whole: Any = None
    """The same value of a row that is read whole, where it is found by another join."""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    before: str = ""
    """Where the page before begins, for the address; empty on the first."""
    after: str = ""


def instant(text: str) -> datetime:
    """Raises ValueError."""
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found


def day(text: str) -> date:
    """Raises ValueError."""
    found = parse_date(text)
    if found is None:
        raise ValueError(text)
    return found


def cut(
    rows: QuerySet[Any],
    order: Order,
    *,
    size: int,
    after: str = "",
    before: str = "",
    whole: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> Page:
    """One page of ``rows``: behind the place ``after``, or in front of ``before``. Raises ValueError for no place.

    ``whole`` adds what is shown of a row: it is read for the rows of this page alone, in the same query.
    """
    rows = rows.annotate(place=order.expression)
    backwards = bool(before)
    descending = order.descending != backwards
    place = before or after
    if place:
        rows = rows.filter(_beyond(place, order, descending))
    direction = F("place").desc() if descending else F("place").asc()
    ordering = (direction, "-pk" if descending else "pk")
    here = rows.order_by(*ordering)[: size + 1]
    if whole is not None:
        named = rows.model._default_manager.filter(pk__in=here.values("pk"))
        here = whole(named).annotate(place=order.of_whole or order.expression).order_by(*ordering)
    found = list(here)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    ahead, behind = (bool(place), more) if not backwards else (more, True)
    return Page(
        found,
        before=_place(found[0]) if found and ahead else "",
        after=_place(found[-1]) if found and behind else "",
    )


def _beyond(place: str, order: Order, descending: bool) -> Q:
    text, separator, pk = place.rpartition(SEPARATOR)
    if not separator or not pk.isdecimal() or len(pk) > 18 or "\x00" in text:
        raise ValueError(place)
    value, way = order.reads(text), "lt" if descending else "gt"
    beyond = Q(**{f"place__{way}": value}) | Q(**{f"pk__{way}": int(pk)})
    return Q(**{f"place__{way}e": value}) & beyond  # said so, an index begins at the place


def _place(row: Any) -> str:
    value = row.place.isoformat() if isinstance(row.place, date) else row.place
    return f"{value}{SEPARATOR}{row.pk}"
