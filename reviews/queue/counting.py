"""How many stand in each view, and which first: one query for all views, prepared as ``editorial.tallies`` says."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import OrderBy, QuerySet

from articles.models import Article
from editorial import tallies
from editorial.keyset import Order
from editorial.models import User
from editorial.prepared import Prepared, anyone, union
from reviews.queue.looking import ORDERS
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
    """By view's name, the ``each`` articles that it begins with, in one query for all views."""
    views = tuple(views)
    found = sorted(_firsts(views, tallies.quarter(now), each).rows(user), key=lambda row: row[2])
    return {view.name: [pk for name, pk, _turn in found if name == view.name] for view in views}


@lru_cache(maxsize=16)
def _firsts(views: tuple[View, ...], at: datetime, each: int) -> Prepared:
    moment = everywhere(at)
    cut = {view.name: _begun(view.seen_by(NOBODY, moment), ORDERS[view.sort])[:each] for view in views}
    return union("SELECT %s AS named, firsts.pk, row_number() OVER () AS turn FROM ({}) AS firsts", cut)


def _begun(rows: QuerySet[Article], order: Order) -> QuerySet[Article, Any]:
    """In the order in which the view is looked at first."""
    place = OrderBy(order.expression, descending=order.descending)
    return rows.order_by(place, "pk").values("pk")


def everywhere(now: datetime) -> Moment:
    """Now, in every zone there is: to reckon with all of them is cheaper than to ask which ones matter."""
    return Moment(now, zones=_zones())


@cache
def _zones() -> dict[str, ZoneInfo]:
    """Each kept as read."""
    return {name: ZoneInfo(name) for name in available_timezones()}
