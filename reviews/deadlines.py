"""Due days and the instants they end. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def due_instant(due_on: date, *, tz: ZoneInfo) -> datetime:
    """The last instant of ``due_on`` in ``tz``; an assignment is overdue from the next one.

    Raises TypeError for a datetime. Holds on days that are 23 or 25 hours long.
    """
    if isinstance(due_on, datetime):
        raise TypeError("a due day is a date, not an instant")
    return _last_instant(due_on, tz)


@lru_cache(maxsize=10_000)
def _last_instant(day: date, tz: ZoneInfo) -> datetime:
    """Kept: figures ask for the same few days and zones by the thousand."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=tz)
    return midnight.astimezone(ZoneInfo("UTC")) - timedelta(microseconds=1)


def due_day(start: date, days: int, *, closed: Iterable[tuple[date, date]] = ()) -> date:
    """The day ``days`` after ``start``, where days of a closed period don't count and nothing falls due.

    ``closed`` holds first and last days, both included. Raises ValueError for negative ``days``.
    """
    if days < 0:
        raise ValueError("a due day doesn't lie before its start")
    periods = list(closed)
    day, left = start, days
    while left:
        day += timedelta(days=1)
        if not any(first <= day <= last for first, last in periods):
            left -= 1
    return day


def days_late(due_on: date, today: date, *, closed: Iterable[tuple[date, date]] = ()) -> int:
    """How many days have passed since ``due_on`` was over, those of closed periods left out; 0 until then.

    Nothing expires while the board is closed: ``today`` itself doesn't count when it is closed.
    """
    return open_days(due_on, today, closed=closed)


def open_days(after: date, until: date, *, closed: Iterable[tuple[date, date]] = ()) -> int:
    """Days later than ``after``, ``until`` included, that lie in no closed period."""
    if until <= after:
        return 0
    lost = 0
    for first, last in merged(closed):
        lost += max(0, (min(last, until) - max(first, after + timedelta(days=1))).days + 1)
    return (until - after).days - lost


def merged(periods: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The same days as ``periods`` in order, none twice. A period that ends before it starts has no days."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(period for period in periods if period[0] <= period[1]):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def is_closed(day: date, *, closed: Iterable[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in closed)


def moved_beyond(due_on: date, period: tuple[date, date], *, closed: Iterable[tuple[date, date]] = ()) -> date:
    """A due day that lies in ``period``, moved so that the days left before it are given back after the period.

    ``closed`` are the other closed periods. A due day that doesn't lie in it stays.
    """
    first, last = period
    if not first <= due_on <= last:
        return due_on
    others = list(closed)
    eve = first - timedelta(days=1)
    left = max(1, open_days(eve, due_on, closed=others))
    return due_day(eve, left, closed=[*others, period])


def working_day(start: date, days: int, *, closed: Iterable[tuple[date, date]] = ()) -> date:
    """The day ``days`` working days after ``start``: Saturdays, Sundays and closed periods don't count."""
    periods = list(closed)
    day, left = start, days
    while left:
        day += timedelta(days=1)
        if day.weekday() < 5 and not is_closed(day, closed=periods):
            left -= 1
    return day
