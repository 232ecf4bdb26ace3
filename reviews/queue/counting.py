"""How many stand in each view, and which first: one query for all views. A count stops at ``MOST``."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from editorial.models import User
from reviews.queue.named import VIEWS, Moment, View

MOST = 999
"""Beyond it a count is shown as “999+”: nobody works by the exact figure, and counting on costs."""


def counts(user: User, at: Moment, views: Iterable[View] = VIEWS) -> dict[str, int]:
    """By view's name, how many rows ``user`` may know of; ``MOST + 1`` stands for “more than that”."""
    return of_rows({view.name: view.seen_by(user, at) for view in views})


def of_rows(named: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """By name, how many rows there are, counted up to ``MOST + 1``, in one query for all."""
    parts, values = [], []
    for name, rows in named.items():
        sql, params = rows.values("pk")[: MOST + 1].query.get_compiler(connection=connection).as_sql()
        parts.append(f"SELECT %s, COUNT(*) FROM ({sql}) AS counted")
        values += [name, *params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def firsts(user: User, at: Moment, views: Iterable[View], each: int) -> dict[str, list[int]]:
    """By view's name, the ``each`` articles in it that have waited longest, in one query for all views."""
    parts, values = [], []
    for view in views:
        rows = view.seen_by(user, at).order_by("state_since", "pk").values("pk", "state_since")[:each]
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
        parts.append(f"SELECT %s AS named, firsts.* FROM ({sql}) AS firsts")
        values += [view.name, *params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        found = sorted(cursor.fetchall(), key=lambda row: (row[2], row[1]))
    return {view.name: [pk for name, pk, _since in found if name == view.name] for view in views}


def shown(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)
