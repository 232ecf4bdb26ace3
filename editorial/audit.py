"""The chain of audit events: append, seal, verify.

An event's body is canonical JSON; its hash is SHA-256 over the previous hash, a line feed and the
body's bytes. A *seal* is the SHA-256 of a recorded row's own values, kept in the event that recorded
it, so that a change to the row shows even where no trigger stood in the way.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Func

from editorial.models import AuditEvent, AuditHead, PersonalText, User


@dataclass(frozen=True)
class Entry:
    """An event that a verb wants to leave behind when it commits."""

    kind: str
    subject: str
    actor: User
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    records: tuple[models.Model, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One thing that verification found, with the row it is about."""

    row: str
    message: str


SEALED: dict[str, frozenset[str]] = {}
"""Models whose rows are sealed, with the fields that verbs may move afterwards."""

ADDED: dict[str, frozenset[str]] = {}
"""Fields that a sealed model got later: they count only where they hold something, so that older seals stay true."""


def sealed(label: str, *, moving: Iterable[str] = (), added: Iterable[str] = ()) -> None:
    """Have `verify` hold every row of this model against the seal in its event."""
    SEALED[label] = frozenset(moving)
    ADDED[label] = frozenset(added)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain)


def event_hash(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def commitment(text: PersonalText) -> str:
    """Binds the chain to a personal text without holding it."""
    return hashlib.sha256(f"{text.salt}\n{text.text}".encode()).hexdigest()


def stored(row: models.Model) -> dict[str, Any]:
    """The row's values that its seal covers: all but those that verbs may move."""
    moving, added = SEALED.get(row._meta.label, frozenset()), ADDED.get(row._meta.label, frozenset())
    return {
        f.attname: f.get_prep_value(getattr(row, f.attname))
        for f in row._meta.concrete_fields
        if f.name not in moving and not (f.name in added and getattr(row, f.attname) in (None, "", [], {}))
    }


def seal(row: models.Model) -> str:
    """SHA-256 over the row's stored values, but for those that verbs may move."""
    return hashlib.sha256(canonical(stored(row)).encode()).hexdigest()


def append(entries: Iterable[Entry]) -> list[AuditEvent]:
    """Add events to the end of the chain; call it last in a transaction, since it locks the head row."""
    entries = list(entries)
    if not entries:
        return []
    head = AuditHead.objects.select_for_update().get(pk=1)
    made = []
    for entry in entries:
        body = canonical(_body(entry, head.sequence + 1))
        event = AuditEvent(
            sequence=head.sequence + 1,
            body=body,
            previous_hash=head.hash,
            hash=event_hash(head.hash, body),
            at=entry.at,
            kind=entry.kind,
            subject=entry.subject,
        )
        head.sequence, head.hash = event.sequence, event.hash
        made.append(event)
    AuditEvent.objects.bulk_create(made)
    head.save(update_fields=["sequence", "hash"])
    return made


def verify() -> list[Problem]:
    """Walk the whole chain and every sealed row. An empty list means that nothing was changed."""
    problems: list[Problem] = []
    seals: dict[str, dict[str, str]] = {label: {} for label in SEALED}
    problems.extend(chain_problems(seals))
    for label, known in seals.items():
        problems.extend(_row_problems(label, known))
    return problems


COLUMNS = ("sequence", "previous_hash", "hash", "body", "instant", "kind", "subject")
_INSTANT = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def chain_problems(seals: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """Walk the chain from its first event; what the events say of recorded rows comes into ``seals``.

    Rows come as plain values from a server-side cursor: a million of them take no more memory than a thousand.
    """
    expected, before = 1, AuditEvent.GENESIS
    with transaction.atomic():
        for row in _rows():
            sequence, previous, own = row[:3]
            if (sequence, previous) != (expected, before) or own != event_hash(previous, row[3]):
                yield from _link_problems(row, expected, before)
            expected, before = sequence + 1, own
            said = _said(row)
            if said.__class__ is str:
                yield Problem(f"AuditEvent {sequence}", said)
                continue
            for model, pk, sha in said:
                seals.setdefault(model, {})[pk] = sha
        head = AuditHead.objects.filter(pk=1).values_list("sequence", "hash").first()
    if head is None:
        yield Problem("AuditHead 1", "the head row is missing; run `manage.py migrate`")
    elif head != (expected - 1, before):
        yield Problem("AuditHead 1", f"the head names event {head[0]}, the chain ends at {expected - 1}")


def _rows() -> Iterator[tuple[Any, ...]]:
    """The events as ``COLUMNS``. PostgreSQL writes the instants as text: to parse them costs as much as all else."""
    events = AuditEvent.objects.order_by("sequence")
    if connection.vendor == "postgresql":
        instant = Func("at", template=_INSTANT, output_field=models.TextField())
        yield from events.annotate(instant=instant).values_list(*COLUMNS).iterator(chunk_size=5000)
        return
    for row in events.annotate(instant=models.F("at")).values_list(*COLUMNS).iterator(chunk_size=5000):
        yield (*row[:4], plain(row[4]), *row[5:])


def _link_problems(row: tuple[Any, ...], expected: int, before: str) -> Iterator[Problem]:
    sequence, previous, own, body = row[:4]
    if sequence != expected:
        yield Problem(f"AuditEvent {sequence}", f"the chain has a gap: event {expected} is missing")
    if previous != before:
        yield Problem(f"AuditEvent {sequence}", "doesn't follow from the event before it")
    if own != event_hash(previous, body):
        yield Problem(f"AuditEvent {sequence}", "the body was changed: its hash doesn't match")


UNREADABLE = "the body can't be read"


def _said(row: tuple[Any, ...]) -> Any:
    """The rows that an event recorded; or, as a text, what is wrong with its body."""
    sequence, _previous, _own, body, at, kind, subject = row
    try:
        said, end = _scan(body, 0)
        if end != len(body) and body[end:].strip():
            return UNREADABLE
        records: list[Any] = said["records"]
        same = (said["sequence"], said["kind"], said["subject"], said["at"]) == (sequence, kind, subject, at)
        seals = [(record["model"], record["pk"], record["sha256"]) for record in records] if records else ()
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError):
        return UNREADABLE
    return seals if same else "its columns don't say what its body says"


def _row_problems(label: str, known: dict[str, str]) -> Iterator[Problem]:
    if label not in SEALED:
        return
    unseen = dict(known)
    for row in apps.get_model(label)._base_manager.order_by("pk").iterator(chunk_size=500):
        expected = unseen.pop(str(row.pk), None)
        if expected is None:
            yield Problem(f"{label} {row.pk}", "no event recorded this row")
        elif expected != seal(row):
            yield Problem(f"{label} {row.pk}", "the row was changed after it was recorded")
    for pk in unseen:
        yield Problem(f"{label} {pk}", "the row was recorded and is gone")


def _body(entry: Entry, sequence: int) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "at": entry.at,
        "kind": entry.kind,
        "subject": entry.subject,
        "actor": entry.actor.uuid,
        "data": entry.data,
        "records": [{"model": row._meta.label, "pk": str(row.pk), "sha256": seal(row)} for row in entry.records],
    }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} can't stand in an audit event")
