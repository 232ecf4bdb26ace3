"""Durations, percentiles, who was on time and who answered. Pure.

A percentile is the nearest rank: the smallest value that at least so many per cent of all don't exceed, always one
that occurred. The median of an even number of values is the mean of the middle two.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from reviews.deadlines import due_instant
from reviews.states import OPEN, AssignmentState

DAY = 86_400
FEW = 5
"""Below so many cases a figure is a story, not a measure, and the page says so."""

AGES = (7, 14, 30)
"""The last whole day of each age group but the open one: 0–7, 8–14, 15–30, over 30."""


@dataclass(frozen=True)
class Spread:
    """Half of ``count`` cases took at most ``median`` days, four in five at most ``eightieth``."""

    count: int
    median: float
    eightieth: float


@dataclass(frozen=True)
class Share:
    """``part`` of ``whole`` cases."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        return 100 * self.part / self.whole


def days_between(start: datetime, end: datetime) -> float:
    """Days as they pass on a clock, parts of a day included; never below nothing."""
    return max(0.0, (end - start).total_seconds() / DAY)


def spread(values: Iterable[float]) -> Spread | None:
    """Nothing where there is no case."""
    found = sorted(values)
    return Spread(len(found), float(median(found)), nearest_rank(found, 80)) if found else None


def nearest_rank(values: Sequence[float], percent: int) -> float:
    """The value at the rank ⌈percent × n / 100⌉, counted from 1. Raises ValueError where there is none."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    rank = -(-percent * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]


def share(cases: Iterable[bool]) -> Share | None:
    """Nothing where there is no case."""
    found = list(cases)
    return Share(sum(found), len(found)) if found else None


def age_group(days: int) -> int:
    """Which of the age groups so many whole days fall into, counted from 0."""
    return bisect_left(AGES, days)


@dataclass(frozen=True)
class SeatLine:
    """One seat as the figures see it. Days are days in ``zone``, its member's.

    ``asked_at``: when its member was asked, at promotion for one who stood by. ``answers``: whether the policy asked
    for an answer; a standing board has accepted with the invitation. ``opened_at``: when they declared their
    interests, which opens the text. ``signed_at``: their first signature on it. ``reminders``: how many they got.
    """

    member: int
    state: str
    asked_at: datetime
    respond_on: date
    review_on: date
    zone: str
    answers: bool = False
    opened_at: datetime | None = None
    accepted_at: datetime | None = None
    signed_at: datetime | None = None
    ended_at: datetime | None = None
    reminders: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def on_time(seat: SeatLine, *, now: datetime) -> bool | None:
    """Whether the review was signed by the end of its due day in the member's zone; nothing while it isn't due.

    One that was never signed is late when its due day had passed before the seat ended: an expired seat doesn't make
    a board look punctual. A seat that ended before its due day, given back or not needed any more, doesn't count. Nor
    does a signature that was withdrawn: whoever has to sign again is asked by the new day.
    """
    due = due_instant(seat.review_on, tz=ZoneInfo(seat.zone))
    if seat.signed_at is not None and not seat.is_open:
        return seat.signed_at <= due
    return False if (seat.ended_at or now) > due else None


def answered_at(seat: SeatLine) -> datetime | None:
    """When the member first let it be known whether they review: accepted, gave the seat back, signed.

    On a standing board, which isn't asked, opening the text counts too.
    """
    gave_back = seat.state in (AssignmentState.DECLINED, AssignmentState.RECUSED)
    signs = [seat.signed_at, seat.accepted_at if seat.answers else seat.opened_at, seat.ended_at if gave_back else None]
    return min((sign for sign in signs if sign is not None), default=None)


def answered(seat: SeatLine, *, now: datetime) -> bool | None:
    """Whether an answer came; nothing while there is time for it, or when the seat ended before that time was over."""
    if answered_at(seat) is not None:
        return True
    silent = seat.state == AssignmentState.EXPIRED
    past = (seat.ended_at or now) > due_instant(seat.respond_on, tz=ZoneInfo(seat.zone))
    return False if silent or past else None


def said(days: float) -> str:
    """A number of days as people read it: one decimal below ten, none from there on."""
    return f"{days:.0f}" if round(days, 1) >= 10 else f"{days:.1f}".removesuffix(".0")
