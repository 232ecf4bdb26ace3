"""Due days and the instants they end. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def due_instant(due_on: date, *, tz: ZoneInfo) -> datetime:
    """The last instant of ``due_on`` in ``tz``; an assignment is overdue from the next one.

    Raises TypeError for a datetime. Holds on days that are 23 or 25 hours long.
    """
    if isinstance(due_on, datetime):
        raise TypeError("a due day is a date, not an instant")
    midnight = datetime.combine(due_on + timedelta(days=1), time.min, tzinfo=tz)
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
