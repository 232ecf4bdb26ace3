"""When rounds that wait are opened: so many a week, on its first open weekday. Days alone, no hours. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
WEEKDAYS = 5
FARTHEST = 520
"""Weeks that are looked ahead: what comes later than in ten years has no day."""

Closed = Sequence[tuple[date, date]]
"""First and last days on which nothing is opened."""


@dataclass(frozen=True)
class Pace:
    """``a_week`` rounds, of which ``opened`` were opened since this week's Monday; none while it is ``paused``."""

    a_week: int
    opened: int = 0
    paused: bool = False


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def is_open(day: date, closed: Closed) -> bool:
    """A weekday outside every closed period."""
    return day.weekday() < WEEKDAYS and not any(first <= day <= last for first, last in closed)


def left_today(pace: Pace, today: date, closed: Closed) -> int:
    """How many rounds the clock may open today."""
    if pace.paused or not is_open(today, closed):
        return 0
    return max(pace.a_week - pace.opened, 0)


def days(count: int, pace: Pace, *, today: date, closed: Closed) -> list[date | None]:
    """On which day each of the ``count`` that wait is expected, in their order; nothing where no day is known."""
    found: list[date | None] = []
    if not pace.paused and pace.a_week > 0:
        this_week = max(pace.a_week - pace.opened, 0)
        for day in _openings(today, closed):
            places = this_week if monday(day) == monday(today) else pace.a_week
            found += [day] * min(places, count - len(found))
            if len(found) == count:
                return found
    return found + [None] * (count - len(found))


def _openings(today: date, closed: Closed) -> Iterator[date]:
    """The first open weekday of each week, from today on; weeks without one are left out."""
    for number in range(FARTHEST):
        start = max(monday(today) + number * WEEK, today)
        end = monday(start) + timedelta(days=WEEKDAYS)
        week = (start + timedelta(days=ahead) for ahead in range((end - start).days))
        first = next((day for day in week if is_open(day, closed)), None)
        if first is not None:
            yield first
