"""What is owed, and how one kind of duty finds and re-reads what is owed under it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from articles.models import Article
from editorial import clock
from editorial.models import User
from reviews.models import ReminderDispatch, ReviewAssignment

GONE = "it is no longer there"
LATER = "a later one stands"


@dataclass(frozen=True)
class Owed:
    """One obligation as it stands. ``since`` is when it was given to its member, ``members`` who owe it."""

    target: str
    version: str
    due: date
    zone: str
    title: str
    path: str
    article: Article | None = None
    assignment: ReviewAssignment | None = None
    members: tuple[User, ...] = ()
    who: str = ""
    own_path: str = ""
    since: datetime | None = None
    away: tuple[tuple[date, date], ...] = ()
    detail: str = ""

    def instant(self, days: int) -> datetime:
        """The first instant of the day ``days`` after the due day, in the obligation's own zone."""
        return clock.first_instant(self.due + timedelta(days=days), zone=ZoneInfo(self.zone))

    def today(self, now: datetime) -> date:
        return clock.day_in(ZoneInfo(self.zone), now)


class Duty(ABC):
    """One trigger. ``rows`` are all that it could be about, ``due_by`` those that are owed, however old."""

    trigger: ClassVar[str]
    kind: ClassVar[str]
    urgent: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    """Whether ``unplanned`` leaves out what has its row, one occurrence at a time; else all are read together."""

    @abstractmethod
    def rows(self) -> QuerySet[Any]: ...

    @abstractmethod
    def due_by(self, latest: date) -> QuerySet[Any]:
        """Rows that stand and whose due day may be ``latest`` or earlier in some time zone."""

    @abstractmethod
    def gone(self, row: Any) -> str:
        """Why nothing is owed any more; empty while it is."""

    @abstractmethod
    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        """The obligation that stands on ``row``."""

    def shared(self, rows: Sequence[Any], now: datetime) -> Any:
        """What all of a batch needs, read at once."""
        return None

    def unplanned(self, rows: QuerySet[Any], rule_pk: int, occurrence: int) -> QuerySet[Any]:
        """Without those that have their row already."""
        return rows

    def without_row(self, rows: QuerySet[Any], rule_pk: int, occurrence: int, version: str) -> QuerySet[Any]:
        """An anti-join on the index of the unique key; ``version`` is the column that an obligation's version is."""
        known = ReminderDispatch.objects.filter(
            target=self.target_in_sql(),
            rule=rule_pk,
            occurrence=occurrence,
            due_version=Cast(OuterRef(version), CharField()),
        )
        return rows.filter(~Exists(known))

    def target_in_sql(self) -> Concat:
        """What ``target`` gives, of the row around a subquery."""
        return Concat(Value(f"{self.kind}:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())

    def target(self, row: Model) -> str:
        return f"{self.kind}:{row.pk}"

    def found(self, targets: Iterable[str]) -> list[Any]:
        return list(self.rows().filter(pk__in=[int(target.partition(":")[2]) for target in targets]))

    def look_again(self, targets: Iterable[str], now: datetime) -> dict[str, Owed | str]:
        """Each target as it stands now, or the reason why nothing is owed. The number of queries is bounded."""
        wanted = list(dict.fromkeys(targets))
        answers: dict[str, Owed | str] = dict.fromkeys(wanted, GONE)
        rows = self.found(wanted)
        shared = self.shared(rows, now)
        for row in rows:
            answers[self.target(row)] = self.gone(row) or self.owed(row, shared, now)
        return {target: answers[target] for target in wanted}


def house_zone() -> str:
    return timezone.get_default_timezone_name()


def house_day(instant: datetime) -> date:
    return clock.day_in(ZoneInfo(house_zone()), instant)


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """``items`` in lists of ``size``; the last one may be shorter."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
