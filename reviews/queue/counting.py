"""How many stand in each view, and which first: one query for all views, prepared as ``editorial.tallies`` says."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from editorial import tallies
from editorial.models import User
from editorial.prepared import Prepared, anyone, union
from reviews.queue.named import VIEWS, Moment, View

NOBODY = anyone()


def counts(user: User, now: datetime, views: Iterable[View] = VIEWS) -> dict[str, int]:
    """By view's name, how many rows ``user`` may know of; ``MOST + 1`` stands for “more than that”."""
    return dict(_counts(tuple(views), tallies.quarter(now), tallies.MOST).rows(user))


@lru_cache(maxsize=16)
def _counts(views: tuple[View, ...], at: datetime, most: int) -> Prepared:
    moment = everywhere(at)
    return tallies.counting({view.name: view.seen_by(NOBODY, moment) for view in views}, most)


def firsts(user: User, now: datetime, views: Iterable[View], each: int) -> dict[str, list[int]]:
    """By view's name, the ``each`` articles in it that have waited longest, in one query for all views."""
    views = tuple(views)
    found = sorted(_firsts(views, tallies.quarter(now), each).rows(user), key=lambda row: (row[2], row[1]))
    return {view.name: [pk for name, pk, _since in found if name == view.name] for view in views}


@lru_cache(maxsize=16)
def _firsts(views: tuple[View, ...], at: datetime, each: int) -> Prepared:
    moment = everywhere(at)
    rows = {view.name: view.seen_by(NOBODY, moment).order_by("state_since", "pk") for view in views}
    cut = {name: found.values("pk", "state_since")[:each] for name, found in rows.items()}
    return union("SELECT %s AS named, firsts.* FROM ({}) AS firsts", cut)


def everywhere(now: datetime) -> Moment:
    """Now, in every zone there is: to reckon with all of them is cheaper than to ask which ones matter."""
    return Moment(now, zones=_zones())


@cache
def _zones() -> dict[str, ZoneInfo]:
    """Each kept as read."""
    return {name: ZoneInfo(name) for name in available_timezones()}
