"""Database triggers that keep recorded rows as they are: no DELETE, no TRUNCATE, no UPDATE.

Installed after every migrate, since SQLite drops triggers silently when it rebuilds a table.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models, transaction

PREFIX = "imprimatur_guard"
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION imprimatur_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: recorded rows never change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


@dataclass(frozen=True)
class Guard:
    label: str
    moving: frozenset[str]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def fixed_columns(self) -> list[str]:
        return [f.column for f in self.model._meta.concrete_fields if f.name not in self.moving]

    def names(self, vendor: str) -> list[str]:
        last = "truncate" if vendor == "postgresql" else "replace"
        return [f"{PREFIX}_{self.table}_{what}" for what in ("delete", "update", last)]


_guards: dict[str, Guard] = {}


def protect(label: str, *, moving: Iterable[str] = ()) -> None:
    """Ask for guards on a model's table. ``moving`` names the fields that verbs may still update."""
    _guards[label] = Guard(label, frozenset(moving))


def standing() -> list[Guard]:
    """What is protected."""
    return list(_guards.values())


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The post_migrate receiver: guards for the tables of ``sender``, and the head row of the chain."""
    tables = set(connections[using].introspection.table_names()) if _of(sender.label) else set()
    install(using, [guard for guard in _of(sender.label) if guard.table in tables])
    if sender.label == "editorial" and "editorial_audithead" in tables:
        apps.get_model("editorial.AuditHead").objects.using(using).get_or_create(pk=1)


def install(using: str = "default", guards: Iterable[Guard] | None = None) -> None:
    """(Re)install the triggers; harmless when they stand."""
    connection = connections[using]
    chosen = list(_guards.values() if guards is None else guards)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and chosen:
            cursor.execute(_POSTGRESQL_FUNCTION)
        for guard in chosen:
            remove_one(cursor, guard, connection.vendor)
            for statement in _statements(guard, connection.vendor):
                cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take every guard away. For tests, and for an operator who restores a table by hand."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for guard in _guards.values():
            remove_one(cursor, guard, connection.vendor)


def remove_one(cursor: Any, guard: Guard, vendor: str) -> None:
    for name in guard.names(vendor):
        on = f' ON "{guard.table}"' if vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without guards inside, with them afterwards."""
    remove(using)
    try:
        yield
    finally:
        install(using)


@contextmanager
def unlocked(label: str) -> Iterator[None]:
    """Inside one transaction without this table's guards. Others wait meanwhile: they never find them missing."""
    guard, connection = _guards[label], connections["default"]
    with transaction.atomic(), connection.cursor() as cursor:
        remove_one(cursor, guard, connection.vendor)
        yield
        install(guards=[guard])


def missing(using: str = "default") -> list[str]:
    """Names of guards that should stand in the database and don't, or are switched off."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s AND tgenabled IN ('O', 'A')", [f"{PREFIX}%"]
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"])
        standing = {row[0] for row in cursor.fetchall()}
    wanted = [name for guard in _guards.values() for name in guard.names(connection.vendor)]
    return [name for name in wanted if name[:63] not in standing and name not in standing]


def _of(app_label: str) -> list[Guard]:
    return [guard for guard in _guards.values() if guard.label.split(".")[0] == app_label]


def _statements(guard: Guard, vendor: str) -> list[str]:
    delete, update, last = guard.names(vendor)
    table, columns = f'"{guard.table}"', guard.fixed_columns()
    if vendor == "postgresql":
        changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
        when = f"WHEN ({changed})" if guard.moving else ""
        refuse = "EXECUTE FUNCTION imprimatur_refuse()"
        return [
            f'CREATE TRIGGER "{delete}" BEFORE DELETE ON {table} FOR EACH ROW {refuse}',
            f'CREATE TRIGGER "{update}" BEFORE UPDATE ON {table} FOR EACH ROW {when} {refuse}',
            f'CREATE TRIGGER "{last}" BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}',
        ]
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    when = f"WHEN {changed} OR {_replaces(guard, updating=True)}" if guard.moving else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, 'refused on {guard.table}: recorded rows never change'); END"
    return [
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON {table} {refuse}',
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON {table} {when} {refuse}',
        # OR REPLACE deletes whatever stands in the way, without firing a DELETE trigger.
        f'CREATE TRIGGER "{last}" BEFORE INSERT ON {table} WHEN {_replaces(guard)} {refuse}',
    ]


def _replaces(guard: Guard, *, updating: bool = False) -> str:
    """SQL for SQLite: another row holds a unique key of NEW's, and could only be replaced or stop the statement."""
    meta = guard.model._meta
    keys = [([field.column], "") for field in meta.concrete_fields if field.unique]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            columns = [meta.get_field(name).column for name in constraint.fields]
            keys.append((columns, _condition_of(constraint, guard)))
    other = f'"{meta.pk.column}" IS NOT OLD."{meta.pk.column}" AND ' if updating else ""
    found = []
    for columns, condition in keys:
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
        found.append(f'EXISTS (SELECT 1 FROM "{guard.table}" WHERE {other}{same}{condition})')
    return "(" + " OR ".join(found) + ")"


def _condition_of(constraint: models.UniqueConstraint, guard: Guard) -> str:
    """A partial constraint's condition, asked of the row that stands and of the one that comes."""
    if constraint.condition is None:
        return ""
    editor = connections["default"].schema_editor(collect_sql=True)
    standing = coming = constraint._get_condition_sql(guard.model, editor)
    for field in guard.model._meta.concrete_fields:
        coming = coming.replace(f'"{field.column}"', f'NEW."{field.column}"')
    return f" AND ({standing}) AND ({coming})"
