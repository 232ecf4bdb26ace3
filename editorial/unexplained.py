"""Changes past the verbs: what the database noted and neither an event nor a person's history entry explains.

A change is explained by an event, or a migration, noted in the same transaction; a change that forms may make also by
an entry of the row's own history that names a person, written in the same transaction. Nothing explains a change of
what never changes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from editorial import audit, captures, guards
from editorial.audit import Problem
from editorial.conditions import Condition, unless
from editorial.models import AuditEvent, CaptureCheck, ChangeCapture, UnexplainedChange, User
from editorial.roles import is_chief
from editorial.verbs import record, verb, work

ACKNOWLEDGED = "changes.acknowledged"
WORDS = {"I": "added", "U": "changed", "D": "deleted", "T": "emptied"}

_UNEXPLAINED = """
SELECT c.transaction, c.at, c.role, c."table", c."row", c.operation, c.columns
FROM editorial_changecapture c
WHERE c.transaction >= %(since)s AND c.transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint
AND (
    NOT EXISTS (
        SELECT FROM editorial_changecapture e
        WHERE e.transaction = c.transaction AND e.at = c.at AND e.operation = 'I'
        AND e."table" IN ('editorial_auditevent', 'django_migrations')
    )
    OR c.operation <> 'I' AND %(fixed)s::jsonb ? c."table"
    AND (c.operation <> 'U' OR NOT c.columns <@ (%(fixed)s::jsonb -> c."table"))
)
ORDER BY c.transaction, c.at, c.id
"""


@dataclass(frozen=True)
class Change:
    table: str
    row: str
    operation: str
    columns: tuple[str, ...]

    def in_words(self) -> str:
        said = f"{WORDS[self.operation]} past the verbs"
        return f"{said} ({', '.join(self.columns)})" if self.columns else said


@dataclass
class Unexplained:
    """One transaction's changes that nothing explains."""

    transaction: int
    at: datetime
    role: str
    count: int = 0
    first: list[Change] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, str]:
        return self.transaction, audit.canonical(self.at)


def is_noted() -> bool:
    """Whether this database notes changes at all."""
    return connection.vendor == "postgresql"


def found(*, since: int = 0) -> Iterator[Unexplained]:
    """Every transaction from number ``since`` on with changes that nothing explains; those acknowledged too."""
    if not is_noted():
        return
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="unexplained") as cursor:
        cursor.itersize = 2000
        cursor.execute(_UNEXPLAINED, {"since": since, "fixed": json.dumps(_fixed())})
        for (number, at, role), rows in groupby(cursor, key=itemgetter(0, 1, 2)):
            one = Unexplained(number, at, role)
            for change in _unexplained([Change(*row[3:6], tuple(json.loads(row[6]))) for row in rows]):
                one.count += 1
                if len(one.first) < UnexplainedChange.SHOWN:
                    one.first.append(change)
            if one.count:
                yield one


def _fixed() -> dict[str, list[str]]:
    """Tables whose rows stand as they were recorded, with the columns that verbs still move."""
    return {
        guard.table: [f.column for f in guard.model._meta.concrete_fields if f.name in guard.moving]
        for guard in guards.standing()
    }


def _unexplained(changes: list[Change]) -> Iterator[Change]:
    """Of one transaction without an event, what histories don't explain."""
    known = {one.table: one for one in captures.all_watched()}
    histories = {captures.history_of(one)._meta.db_table: one for one in known.values() if one.by_history}
    explained: set[tuple[str, str]] = set()
    for table, watched in histories.items():
        explained |= _by_person(watched, table, [c.row for c in changes if (c.table, c.operation) == (table, "I")])
    for change in changes:
        is_form = change.table in known and not known[change.table].decided(change.columns)
        if (change.table, change.row) in explained and (is_form or change.operation == "I"):
            continue
        if not _is_systems_own(change):
            yield change


def _by_person(watched: captures.Watched, table: str, entries: list[str]) -> set[tuple[str, str]]:
    """The entries of a history that name a person, and the rows that they are about."""
    if not entries:
        return set()
    history = captures.history_of(watched)
    rows = history.objects.filter(pk__in=entries, history_user_id__isnull=False)  # type: ignore[attr-defined]
    told: set[tuple[str, str]] = set()
    for entry, row in rows.values_list("pk", watched.model._meta.pk.attname):  # type: ignore[union-attr]
        told |= {(table, str(entry)), (watched.table, str(row))}
    return told


def _is_systems_own(change: Change) -> bool:
    """The account of the clock, which makes itself when it is first needed and can't sign in."""
    if (change.table, change.operation) != (User._meta.db_table, "I"):
        return False
    plain = Q(kind=User.Kind.SYSTEM, username=User.SYSTEM_USERNAME, is_staff=False, is_superuser=False)
    return User.objects.filter(plain, pk=change.row).exists()


@contextmanager
def by_operator(kind: str) -> Iterator[None]:
    """What a command changes inside, with one event where the database noted a change."""
    with work(actor=User.system()):
        yield
        if captures.is_noted_now():
            record(kind, "installation")


def problems() -> Iterator[Problem]:
    """For `manage.py verify`: each change past the verbs that no chief editor acknowledged."""
    known = _acknowledged()
    for one in found():
        if known.get(one.key) == one.count:
            continue
        by = f"at {one.at.isoformat()} by the database role {one.role}, transaction {one.transaction}"
        for change in one.first:
            yield Problem(f"{change.table} {change.row}".strip(), f"{change.in_words()} {by}")
        if one.count > len(one.first):
            yield Problem(f"transaction {one.transaction}", f"{one.count - len(one.first)} more rows {by}")


def triggers() -> Iterator[Problem]:
    for table in captures.missing():
        yield Problem(table, "changes of this table aren't noted as they should be; run `manage.py migrate`")


def _acknowledged() -> dict[tuple[int, str], int]:
    """How many changes of which transactions the record says were looked into."""
    said: dict[tuple[int, str], int] = {}
    bodies = AuditEvent.objects.filter(kind=ACKNOWLEDGED).values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=500):
        data = json.loads(body)["data"]
        said[data["transaction"], audit.canonical(data["began_at"])] = data["changes"]
    return said


def note() -> str:
    return "" if is_noted() else "not checked: only PostgreSQL notes changes past the verbs"


def look(now: datetime) -> int:
    """Keep what nothing explains for the chiefs' desk; returns how many transactions are new. For the clock.

    Looks from the oldest transaction that hadn't ended last time: a long one is looked at when it ends.
    """
    if not is_noted():
        return 0
    check, _created = CaptureCheck.objects.get_or_create(pk=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        [oldest] = cursor.fetchone()
    # A restored database counts its transactions from another number.
    news = sum(_kept(one, now) for one in found(since=check.below if check.below <= oldest else 0))
    CaptureCheck.objects.filter(pk=1).update(below=oldest, at=now)
    return news


def _kept(one: Unexplained, now: datetime) -> bool:
    rows = [[change.table, change.row, change.operation, list(change.columns)] for change in one.first]
    _row, created = UnexplainedChange.objects.get_or_create(
        transaction=one.transaction,
        began_at=one.at,
        defaults={"role": one.role, "changes": one.count, "rows": rows, "found_at": now},
    )
    return created


def prune(before: datetime) -> int:
    """Delete what was noted before this instant and is explained or acknowledged. For the tables' owner alone."""
    known = _acknowledged()
    kept = [one.transaction for one in found() if known.get(one.key) != one.count]
    check = CaptureCheck.objects.filter(pk=1).first()
    with guards.unlocked(ChangeCapture._meta.label):
        rows = ChangeCapture.objects.filter(at__lt=before, transaction__lt=check.below if check else 0)
        deleted = rows.exclude(transaction__in=kept).delete()[0]
        with work(actor=User.system()):
            record("captures.pruned", "installation", before=before, rows=deleted)
    return deleted


def waiting(now: datetime) -> float:
    """How many transactions past the verbs nobody looked into yet."""
    return float(UnexplainedChange.objects.filter(acknowledged_at=None).count())


def may_acknowledge(row: UnexplainedChange, user: User) -> Condition:
    chief = unless(is_chief(user), _("Only a chief editor looks into changes past the desk. Ask one."))
    return chief & unless(row.acknowledged_at is None, _("This was looked into already."))


@verb
def acknowledge(row: UnexplainedChange, *, actor: User, now: datetime, reason: str) -> UnexplainedChange:
    """Say in the record that these changes were looked into, and what came of it. They stay on record.

    Raises Refused for all but chief editors, and the second time.
    """
    may_acknowledge(row, actor).enforce()
    row.acknowledged_at, row.acknowledged_by, row.reason = now, actor, reason
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "reason"])
    record(
        ACKNOWLEDGED,
        row.subject,
        transaction=row.transaction,
        began_at=row.began_at,
        changes=row.changes,
        role=row.role,
        reason=reason,
    )
    return row


GAUGES = (("imprimatur_changes_past_verbs", "Transactions past the verbs that nobody looked into.", waiting),)
