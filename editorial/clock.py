"""Days and instants. The only place outside verbs' callers that asks what time it is."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def day_in(zone: ZoneInfo, instant: datetime) -> date:
    """The calendar day of ``instant`` in ``zone``. Raises ValueError for a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone has no day")
    return instant.astimezone(zone).date()


def first_instant(day: date, *, zone: ZoneInfo) -> datetime:
    """Midnight at the start of ``day`` in ``zone``, as UTC. Raises TypeError for a datetime."""
    if isinstance(day, datetime):
        raise TypeError("a day is asked for, not an instant")
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def after(day: date, *, zone: ZoneInfo) -> datetime:
    """The first instant that is no longer ``day`` in ``zone``; days of 23 and 25 hours included."""
    return first_instant(day + timedelta(days=1), zone=zone)


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months; the last day of the month where the number doesn't exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shown(day: date) -> str:
    """A day as people read it: 14 March 2026."""
    return f"{day.day} {day:%B %Y}"
