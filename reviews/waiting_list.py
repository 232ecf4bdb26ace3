"""The list of submitted articles whose rounds the clock opens, as it stands: order, pace, and expected days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from articles.models import Article
from editorial import clock
from editorial.models import ClosedPeriod
from reviews import weekly_pace
from reviews.models import RoundPace, WaitingRound
from reviews.reminders.owed import house_day, house_zone
from reviews.weekly_pace import Pace


@dataclass(frozen=True)
class Wait:
    """One article's place: expected on ``day`` (none: nobody knows), or why its round couldn't be opened yet."""

    article: int
    day: date | None = None
    problem: str = ""


@dataclass(frozen=True)
class Listed:
    """All that waits, by article and in order, and at which pace."""

    row: RoundPace
    pace: Pace
    waits: Mapping[int, Wait]


def entry_of(article: Article) -> WaitingRound | None:
    """Its place on the list, while it still waits."""
    return WaitingRound.objects.standing().filter(article=article).first()


def pace(now: datetime, row: RoundPace | None = None) -> Pace:
    """The desk's pace with what was opened since this week's Monday, by the publisher's calendar."""
    row = row or RoundPace.current()
    since = clock.first_instant(weekly_pace.monday(house_day(now)), zone=ZoneInfo(house_zone()))
    opened = WaitingRound.objects.filter(ended=WaitingRound.Ended.OPENED, ended_at__gte=since)
    return Pace(a_week=row.a_week, opened=opened.count(), paused=row.paused)


def closed_periods(today: date) -> list[tuple[date, date]]:
    return list(ClosedPeriod.objects.filter(last_day__gte=today).values_list("first_day", "last_day"))


def left_today(now: datetime, row: RoundPace | None = None) -> int:
    """How many rounds the clock may still open today."""
    today = house_day(now)
    return weekly_pace.left_today(pace(now, row), today, closed_periods(today))


def look(now: datetime) -> Listed:
    """The whole list in its order, with the day on which each is expected. Four queries, however long it is.

    What couldn't be opened has no day: the clock goes on to the next, and looks again each time.
    """
    row, today = RoundPace.current(), house_day(now)
    rows = list(WaitingRound.objects.standing().values_list("article", "problem"))
    count = sum(not problem for _pk, problem in rows)
    found = pace(now, row)
    expected = iter(weekly_pace.days(count, found, today=today, closed=closed_periods(today)))
    waits = {pk: Wait(pk, None if problem else next(expected), problem) for pk, problem in rows}
    return Listed(row, found, waits)
