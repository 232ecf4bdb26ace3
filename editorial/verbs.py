"""What every verb shares: lock, re-read, check, act, record, announce.

A verb takes the row it is about as its first argument and locks it before anything else. Verbs may
call verbs; the outermost owns the transaction, and the audit events of all are appended last.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import Func, OuterRef, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from editorial import audit, clock, roles
from editorial.conditions import MovedOn, Refused
from editorial.models import HandledRequest, User

M = TypeVar("M", bound=models.Model)


@dataclass
class Work:
    """One transaction's work: who acts, when, and what will be recorded."""

    actor: User
    now: datetime
    entries: list[audit.Entry] = field(default_factory=list)
    locked: dict[tuple[str, Any], models.Model] = field(default_factory=dict)
    about: str = ""
    """The subject of the row that the innermost running verb took."""


_work: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def work(*, actor: User, now: datetime | None = None, row: models.Model | None = None) -> Iterator[Work]:
    """A transaction that begins by locking ``row`` and ends by appending its audit events.

    Joins the one that runs already.
    """
    running = _work.get()
    if running is not None:
        yield running
        return
    with transaction.atomic():
        made = Work(actor=actor, now=now or clock.now())
        if row is not None:
            _lock(row, made)
        # Read again, after the wait for the lock: a role taken away, or an account disabled, counts from this instant.
        made.actor = _read_again(actor)
        token = _work.set(made)
        try:
            yield made
            audit.append(made.entries)
        finally:
            _work.reset(token)


def _read_again(actor: User) -> User:
    """The actor as they are now, their roles with them; the same query tells the database for whom it notes what
    changes until the commit.
    """
    people = User.objects.all()
    if connection.vendor == "postgresql":
        held = User.groups.through.objects.filter(user=OuterRef("pk")).values("group__name")
        said = Func(
            Value("imprimatur.actor"),
            Cast("pk", TextField()),
            Value(True),
            function="set_config",
            output_field=TextField(),
        )
        people = people.annotate(noted=said, held=ArraySubquery(held))
    person = people.get(pk=actor.pk)
    if connection.vendor == "postgresql":
        roles.remember(person, person.held)
    return person


def record(
    kind: str, subject: str, *, actor: User | None = None, records: tuple[models.Model, ...] = (), **data: Any
) -> None:
    """Leave an audit event when the running verb commits. Raises RuntimeError outside a verb."""
    running = _work.get()
    if running is None:
        raise RuntimeError(f"{kind} must be recorded inside a verb")
    running.entries.append(
        audit.Entry(
            kind=kind, subject=subject, actor=actor or running.actor, at=running.now, data=data, records=records
        )
    )


def verb(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``function(row, *, actor, now, …)`` a verb.

    Callers may pass ``request`` (a form's own UUID: sent twice it acts once) and ``expected`` (the
    row's stamp as the caller saw it; another one raises MovedOn).
    """

    @functools.wraps(function)
    def run(
        row: models.Model,
        *,
        actor: User,
        now: datetime | None = None,
        request: UUID | None = None,
        expected: str | None = None,
        **values: Any,
    ) -> Any:
        with work(actor=actor, now=now, row=row) as running:
            locked = _lock(row, running)
            if request is not None and was_handled(request, locked, verb=function.__name__, actor=running.actor):
                return locked
            if expected is not None:
                unmoved(locked, expected)
            with _about(locked, running):
                result = function(locked, actor=_actor(actor, running), now=running.now, **values)
            if request is not None:
                HandledRequest.objects.create(
                    request=request, verb=function.__name__, subject=locked.subject, actor=running.actor, at=running.now
                )
            return result

    return run


@contextmanager
def _about(row: models.Model, running: Work) -> Iterator[None]:
    before, running.about = running.about, getattr(row, "subject", "")
    try:
        yield
    finally:
        running.about = before


def subject_now() -> str:
    """What the innermost running verb is about; empty outside of one."""
    running = _work.get()
    return running.about if running is not None else ""


def was_handled(request: UUID, row: models.Model | None, *, verb: str, actor: User) -> bool:
    """Whether this very form acted before; ``row`` is none where there was nothing yet that it could be about.

    Raises Refused when its number was used for something else.
    """
    before = HandledRequest.objects.filter(pk=request).first()
    if before is None:
        return False
    if row is None or (before.verb, before.subject, before.actor_id) != (verb, row.subject, actor.pk):
        raise Refused(_("This form's number was used for something else. Open the page again."))
    return True


def unmoved(row: models.Model, expected: str) -> None:
    """Raises MovedOn unless the row still has the stamp that the caller saw."""
    if row.stamp != expected:
        raise MovedOn(
            _("This moved on since you opened it: it is now “%(state)s”. Look again, then decide.")
            % {"state": row.stamp_label}
        )


def save(row: models.Model, *, actor: User, reason: str = "", **options: Any) -> None:
    """Save a historied row with who changed it, when and why, and leave none of it behind on the instance.

    Inside a verb the history says the verb's own instant. The row and its history are written together or not at all.
    """
    with transaction.atomic(savepoint=False), attributed(row, actor=actor, reason=reason):
        row.save(**options)


@contextmanager
def attributed(row: models.Model, *, actor: User, reason: str = "") -> Iterator[None]:
    """What happens to the row inside, its many-to-many fields included, is written down as this person's."""
    running = _work.get()
    row._history_user = actor
    row._change_reason = reason[:100]
    row._history_date = running.now if running else clock.now()
    try:
        yield
    finally:
        del row._history_user, row._change_reason, row._history_date


def _lock(row: M, running: Work) -> M:
    key = (row._meta.label, row.pk)
    if key not in running.locked:
        running.locked[key] = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
        roles.forget(running.actor)  # whoever waited here has the roles of afterwards
    return running.locked[key]  # type: ignore[return-value]


def _actor(actor: User, running: Work) -> User:
    return running.actor if actor.pk == running.actor.pk else User.objects.get(pk=actor.pk)
