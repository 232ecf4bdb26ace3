"""What a chief editor does with reminders that couldn't be dispatched: try them again, or give them up."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from editorial.conditions import Refused
from editorial.models import User
from editorial.roles import is_chief
from editorial.verbs import record, work
from reviews.models import ReminderDispatch

State = ReminderDispatch.State


def try_again(ids: Iterable[int], *, actor: User, now: datetime) -> int:
    """Parked ones wait for the next sweep, with all their attempts. Returns how many were parked."""
    values = {"state": State.PLANNED, "skip_reason": "", "done_at": None, "claimed_at": None, "attempts": 0}
    return _moved(ids, values, "reminder.retried", actor=actor, now=now)


def discard(ids: Iterable[int], *, actor: User, now: datetime) -> int:
    """Parked ones count as skipped, with the name of whoever said so. Returns how many were parked."""
    reason = f"discarded by {actor.shown_name}"[:200]
    values = {"state": State.SKIPPED, "skip_reason": reason, "done_at": now}
    return _moved(ids, values, "reminder.discarded", actor=actor, now=now)


def _moved(ids: Iterable[int], values: dict[str, object], event: str, *, actor: User, now: datetime) -> int:
    with work(actor=actor, now=now) as running:
        if not is_chief(running.actor):
            raise Refused(_("Only a chief editor sees to parked reminders."))
        parked = ReminderDispatch.objects.select_for_update().filter(pk__in=list(ids), state=State.PARKED)
        targets = dict(parked.values_list("pk", "target"))
        ReminderDispatch.objects.filter(pk__in=targets).update(**values)
        for pk, target in targets.items():
            record(event, target, dispatch=pk)
        return len(targets)
