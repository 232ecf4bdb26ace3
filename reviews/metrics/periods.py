"""A stretch of days, and its weeks or months. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from editorial import clock

T = TypeVar("T")

LONGEST = 731
"""Days in the longest period: two years, one of them a leap year. Every list that a page reads is bounded by it."""

WEEKLY_UP_TO = 120


@dataclass(frozen=True)
class Slice:
    """A week from Monday to Sunday, or a month; the first and the last may be cut short by the period."""

    first: date
    last: date
    label: str


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``, both included, as days in ``zone``."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def start(self) -> datetime:
        return clock.first_instant(self.first, zone=self.zone)

    @cached_property
    def end(self) -> datetime:
        """The first instant after it."""
        return clock.after(self.last, zone=self.zone)

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last

    @cached_property
    def weekly(self) -> bool:
        return self.days <= WEEKLY_UP_TO

    @cached_property
    def slices(self) -> list[Slice]:
        """Weeks of a period of up to 120 days, else months. Together they are the period, none overlaps."""
        found: list[Slice] = []
        day = self.first
        while day <= self.last:
            end = min(self._end_of_slice(day), self.last)
            found.append(Slice(day, end, _label(day, weekly=self.weekly)))
            day = end + timedelta(days=1)
        return found

    def _end_of_slice(self, day: date) -> date:
        if self.weekly:
            return day + timedelta(days=6 - day.weekday())
        return clock.add_months(day.replace(day=1), 1) - timedelta(days=1)

    def sorted_out(self, cases: Iterable[tuple[date, T]]) -> list[list[T]]:
        """What happened in each slice, given with its day; days outside the period are left out."""
        starts = [part.first for part in self.slices]
        found: list[list[T]] = [[] for _part in starts]
        for day, case in cases:
            if self.has(day):
                found[bisect_right(starts, day) - 1].append(case)
        return found

    def day_of(self, at: datetime) -> date:
        return clock.day_in(self.zone, at)


def latest(days: int, *, today: date, zone: ZoneInfo) -> Period:
    """The last ``days`` days, today included."""
    return Period(today - timedelta(days=days - 1), today, zone)


def coming_months(today: date, count: int) -> list[Slice]:
    """The rest of this month and the ``count`` - 1 months after it."""
    found = []
    for number in range(count):
        first = clock.add_months(today.replace(day=1), number)
        last = clock.add_months(first, 1) - timedelta(days=1)
        found.append(Slice(max(first, today), last, _label(first, weekly=False)))
    return found


def counted(slices: Sequence[Slice], days: Iterable[tuple[date, int]]) -> list[int]:
    """How many fall into each slice; each day comes with its number. Days before the first one count nowhere."""
    found = [0] * len(slices)
    for day, number in days:
        place = bisect_right([part.first for part in slices], day) - 1
        if place >= 0 and day <= slices[place].last:
            found[place] += number
    return found


def _label(day: date, *, weekly: bool) -> str:
    return f"{day.day} {day:%b}" if weekly else f"{day:%b}"
