"""The end of a run: everything is up again, time passes, and what came of it is told."""

import time
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from editorial import clock
from editorial.models import OutboxMessage, User
from editorial.parking import MAIL
from editorial.roles import Role
from reviews.models import ReminderDispatch, ReviewAssignment
from reviews.reminders import PARKED
from tests.faults import serving
from tests.faults.feeding import opened
from tests.faults.house import wait_until
from tests.faults.postbox import Kept
from tests.faults.reckoning import Mail, Reckoning, State, reckon

__all__ = ["opened", "time_passes", "told"]

PATIENCE_SECONDS = 900
STOP, WAKE = "a group stopped", "a group woken"
WINDOW_SECONDS = 2
"""From the last look at a lease to the mark that the mail has left, with the wait for a mail server that is slow."""

SENDERS = {
    "one process of a pool": 1,
    "worker-1": 2,
    "worker-2": 2,
    "all of postgres": 4,
    "one process of postgres": 4,
    STOP: 2,
    WAKE: 2,
}
"""How many may be between the mail server's 250 and their mark when this dies. Beats and Redis send nothing."""


def told(run: Any, killing: float) -> int:
    """Let everything come to rest, print the table, and return 1 when a promise is broken."""
    begun = time.monotonic()
    run.house.postbox.moods("keep")
    rested = wait_until(lambda: _at_rest(run), seconds=PATIENCE_SECONDS, every=1)
    time.sleep(3)  # two sweeps more, that could still do something twice
    seats = set(_late().values_list("pk", flat=True))
    found = reckon(seats, run.house.postbox)
    by_kill, cut, unexplained = explained(run.house.postbox.kept(), run.kills)
    broken = [*found.broken, *([] if rested else ["not at rest after a quarter of an hour"])]
    broken += [f"{len(run.fed - seats)} seats that were committed and are gone"] if run.fed - seats else []
    broken += [f"a copy that no cut line explains; the nearest kill was {gap:.1f} s away" for gap in unexplained]
    broken += [f"kill {at:.3f} left {n} copies" for (at, what), n in by_kill.items() if n > SENDERS[what]]
    _print(run, found, by_kill, cut, killing, time.monotonic() - begun)
    print("\n".join(["", *(f"BROKEN: {what}" for what in broken)]) if broken else "\nEvery promise holds.", flush=True)
    return 1 if broken else 0


def explained(kept: list[Kept], kills: list[tuple[float, str]]) -> tuple[Counter[tuple[float, str]], int, list[float]]:
    """Second copies by the kill that made each, those after a line that was cut or too slow, and the rest."""
    fatal = [kill for kill in kills if kill[1] in SENDERS]
    deliveries = defaultdict(list)
    for mail in sorted(kept, key=lambda mail: mail.at):
        deliveries[mail.mail].append(mail)
    by_kill: Counter[tuple[float, str]] = Counter()
    cut, unexplained = 0, []
    for before, after in (pair for mails in deliveries.values() for pair in pairwise(mails)):
        gaps = {kill: abs(kill[0] - (after if kill[1] == WAKE else before).at) for kill in fatal}
        near = [kill for kill in fatal if gaps[kill] <= WINDOW_SECONDS]
        if not before.answered:
            cut += 1
        elif near:
            by_kill[min(near, key=gaps.__getitem__)] += 1
        else:
            unexplained.append(min((abs(at - before.at) for at, _what in fatal), default=float("inf")))
    return by_kill, cut, unexplained


def _late() -> Any:
    return ReviewAssignment.objects.filter(member__user__username__startswith="member-")


def _at_rest(run: Any) -> bool:
    """Nothing left to do."""
    serving.look_after(run)
    time_passes(run)
    try:
        settled = ReminderDispatch.objects.exclude(state=State.PLANNED).filter(assignment__in=_late())
        unsent = OutboxMessage.objects.filter(kind="reminder").exclude(status__in=(Mail.SENT, Mail.SKIPPED))
        return settled.count() >= _late().count() and not unsent.exists()
    except (OperationalError, InterfaceError):
        connection.close()
        return False


def time_passes(run: Any) -> None:
    """Mail that waits is brought forward, so that hours of backoff needn't be sat through, and a chief editor has what
    is parked tried again."""
    now = clock.now()
    try:
        chief = User.objects.filter(groups__name=Role.CHIEF).first()
        OutboxMessage.objects.filter(status=Mail.WAITING, not_before__gt=now).update(not_before=now)
        for parking, rows in ((MAIL, OutboxMessage), (PARKED, ReminderDispatch)):
            parked = list(rows.objects.filter(**parking.parked).values_list("pk", flat=True))
            run.retried[parking.event] += parking.try_again(parked, actor=chief, now=now) if parked else 0
    except (OperationalError, InterfaceError):
        connection.close()


def _print(run: Any, found: Reckoning, by_kill: Counter[Any], cut: int, killing: float, resting: float) -> None:
    kills = Counter(what for _at, what in run.kills)
    print(f"{kills.total():,} kills in {timedelta(seconds=round(killing))}, at rest {resting:.0f} s later")
    for what, count in sorted(kills.items(), key=lambda item: -item[1]):
        print(f"  {what:<26}{count:>6,}")
    print(f"  of these {len(run.fed):,} committed by us; tries that died with the database: {dict(run.unfed)}")
    print(f"Redis emptied {run.flushes} times; ended by themselves: {dict(run.ended_by_themselves) or 'nothing'}")
    print(found.table())
    print(
        f"copies: {by_kill.total()} by {len(by_kill)} kills inside the window, {cut} after a line that was cut or slow"
    )
    print(f"parked and tried again by a chief editor: {dict(run.retried)}")
