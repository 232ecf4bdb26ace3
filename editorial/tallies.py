"""What every page of the desk counts, in one query for all: what is unread, and what waits for whoever looks.

Its SQL is kept for people of the same roles, for a quarter of an hour. The counts themselves are never kept: they are
those of this moment.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from editorial import clock
from editorial.models import User
from editorial.prepared import Prepared, Rows, anyone, union
from editorial.roles import Role, roles_of

MOST = 999
"""Beyond it a count is shown as “999+”: nobody works by the exact figure, and counting on costs."""

QUARTER = timedelta(minutes=15)
"""For as long the SQL holds: every zone's midnight is on a quarter of an hour, so none's day changes within one."""

Maker = Callable[[User, datetime], Rows]

_makers: list[Maker] = []


def add_tallies(maker: Maker) -> None:
    """Have every page count ``maker(user, now)``: rows by name, which depend on the person's number and roles alone.

    What is sliced already is counted up to there, all else up to ``MOST + 1``.
    """
    if maker not in _makers:
        _makers.append(maker)


def of_page(user: User) -> dict[str, int]:
    """By name, what the frame of a page shows this person; ``MOST + 1`` stands for “more than that”. One query."""
    return dict(_of_page(roles_of(user), quarter(clock.now()), MOST).rows(user))


@lru_cache(maxsize=64)
def _of_page(roles: frozenset[Role], at: datetime, most: int) -> Prepared:
    asking = anyone(roles)
    return counting({name: rows for maker in _makers for name, rows in maker(asking, at).items()}, most)


def quarter(now: datetime) -> datetime:
    """The quarter of an hour that ``now`` is in, by its first instant."""
    return now - (now - datetime.min.replace(tzinfo=UTC)) % QUARTER


def counting(named: Rows, most: int = MOST) -> Prepared:
    """One query for all of ``named``; each row of its answer is a name and its count."""
    cut = {name: rows if rows.query.is_sliced else rows[: most + 1] for name, rows in named.items()}
    return union("SELECT %s, COUNT(*) FROM ({}) AS counted", {name: rows.values("pk") for name, rows in cut.items()})


def shown(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def beside(count: int) -> str:
    """As it stands beside a place of the sidebar: nothing for none."""
    return shown(count) if count else ""
