"""How long it takes to find what is due among everything that isn't, and to write it down."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from editorial.models import OutboxMessage
from reviews import reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from reviews.reminders.dispatching import message_of
from reviews.reminders.people import People
from reviews.reminders.planning import drafted
from reviews.reminders.triggers import DUTIES
from reviews.states import OPEN
from tests.load.filling import House

TIMES = 5
State = ReminderDispatch.State
OFF = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")
OVERDUE = "Review overdue"


@dataclass
class Planned:
    made: int
    seconds: float
    queries: int
    again: float
    again_queries: int
    by_trigger: dict[str, float] = field(default_factory=dict)

    def words(self) -> str:
        slowest = sorted(self.by_trigger.items(), key=lambda pair: -pair[1])
        listed = ", ".join(f"{name} {seconds * 1000:.0f}" for name, seconds in slowest)
        return (
            f"planning {self.made:,} reminders: {self.seconds:.2f} s, {self.queries} queries\n"
            f"planning when all is planned: {self.again:.2f} s, {self.again_queries} queries;"
            f" ms by trigger: {listed}"
        )


def settle(house: House) -> None:
    """The clock ran until yesterday: what was owed by then is planned and done."""
    reminders.plan(now=house.now - timedelta(days=1))
    ReminderDispatch.objects.filter(state=State.PLANNED).update(state=State.DONE, done_at=house.now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reviews_reminderdispatch")


def planning(house: House) -> Planned:
    """Plan what came due, and once more when nothing is left to plan; all of it is rolled back."""
    with transaction.atomic():
        made, seconds, queries = _timed(lambda: reminders.plan(now=house.now))
        again = [_timed(lambda: reminders.plan(now=house.now)) for _ in range(3)]
        by_trigger: dict[str, float] = {}
        for rule in ReminderRule.objects.filter(active=True):
            took = _timed(lambda rule=rule: sum(map(len, drafted(rule, People(house.now), until=house.now))))[1]
            by_trigger[rule.trigger] = by_trigger.get(rule.trigger, 0) + took
        transaction.set_rollback(True)
    return Planned(made, seconds, queries, statistics.median(t[1] for t in again), again[0][2], by_trigger)


def _timed(act: Callable[[], Any]) -> tuple[Any, float, int]:
    with CaptureQueriesContext(connection) as asked:
        started = time.perf_counter()
        given = act()
        return given, time.perf_counter() - started, len(asked)


def selection(house: House, say: Callable[..., None]) -> None:
    """The query that finds the due seats, by its index and by reading the whole table, in turns."""
    rule = ReminderRule.objects.get(name=OVERDUE)
    duty = DUTIES[rule.trigger]
    whole = duty.unplanned(duty.due_by(house.today), rule.pk, 1).values_list("pk")
    bare = ReviewAssignment.objects.filter(state__in=sorted(OPEN), review_on__lte=house.today).values_list("pk")
    bare = bare.order_by("review_on", "pk")
    for name, rows in (("due seats alone", bare), ("as planning asks, with all its joins", whole)):
        fast, slow = [], []
        for _ in range(TIMES):
            fast.append(_taken(rows))
            with transaction.atomic():
                _switch_off()
                slow.append(_taken(rows))
        by_index, by_scan = statistics.median(fast), statistics.median(slow)
        say(
            f"\nselecting {len(rows):,} ({name}): {by_index * 1000:.1f} ms;"
            f" by sequential scans {by_scan * 1000:.1f} ms: {by_index / by_scan:.2f} of it"
        )
        say(plan_of(rows))


def _taken(rows: Any) -> float:
    started = time.perf_counter()
    list(rows.all())
    return time.perf_counter() - started


def _switch_off() -> None:
    with connection.cursor() as cursor:
        for name in OFF:
            cursor.execute(f"SET LOCAL {name} = off")


def plan_of(rows: Any) -> str:
    return str(rows.explain(analyze=True, buffers=True))


def sample(house: House) -> OutboxMessage:
    """One of the mails that will be written, unsaved."""
    rule = ReminderRule.objects.get(name=OVERDUE)
    reminder = next(drafted(rule, People(house.now), until=house.now))[0]
    owed = DUTIES[rule.trigger].look_again([reminder.target], house.now)[reminder.target]
    return message_of(reminder, owed, now=house.now)[1]
