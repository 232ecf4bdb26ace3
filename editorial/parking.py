"""What failed five times waits here for a chief editor, who has it tried again or gives it up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from editorial.conditions import Refused
from editorial.models import OutboxMessage, User
from editorial.roles import is_chief
from editorial.verbs import record, work


@dataclass(frozen=True)
class Parking:
    """One table's parked rows. ``event`` is what their audit events begin with, ``subject`` names a row in them.

    ``again(now)`` and ``given_up(reason)`` are the values that a row gets.
    """

    model: type[models.Model]
    event: str
    parked: dict[str, str]
    subject: Callable[[Any], str]
    again: Callable[[datetime], dict[str, Any]]
    given_up: Callable[[str, datetime], dict[str, Any]]

    def try_again(self, ids: Iterable[int], *, actor: User, now: datetime) -> int:
        """With all its attempts, at the next sweep. Returns how many were parked. Raises Refused for all but chiefs."""
        return self._move(ids, self.again(now), "retried", actor=actor, now=now)

    def discard(self, ids: Iterable[int], *, actor: User, now: datetime) -> int:
        """Never to be sent, with the name of whoever said so. Returns how many were parked. Raises Refused likewise."""
        reason = f"discarded by {actor.shown_name}"[:200]
        return self._move(ids, self.given_up(reason, now), "discarded", actor=actor, now=now)

    def _move(self, ids: Iterable[int], values: dict[str, Any], what: str, *, actor: User, now: datetime) -> int:
        with work(actor=actor, now=now) as running:
            if not is_chief(running.actor):
                raise Refused(_("Only a chief editor sees to what is parked. Ask one."))
            rows = self.model._base_manager.select_for_update().filter(pk__in=list(ids), **self.parked)
            found = {row.pk: self.subject(row) for row in rows}
            self.model._base_manager.filter(pk__in=found).update(**values)
            for pk, subject in found.items():
                record(f"{self.event}.{what}", subject, row=pk)
            return len(found)


Status = OutboxMessage.Status

MAIL = Parking(
    OutboxMessage,
    "mail",
    {"status": Status.PARKED},
    subject=lambda message: f"mail:{message.uuid}",
    again=lambda now: {"status": Status.WAITING, "not_before": now, "attempts": 0, "leased_until": None, "problem": ""},
    given_up=lambda reason, now: {"status": Status.DISCARDED, "problem": reason},
)
"""Tried again, a mail keeps its id: whoever got it after all gets no second one."""
