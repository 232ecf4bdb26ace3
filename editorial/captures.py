"""What the database itself notes of changes to the record: one row for each row changed, whoever changed it and how.

Triggers write it, so ``update()``, bulk writes, a shell and plain SQL are noted as verbs are. The function behind them
runs with its owner's rights: who may write a watched table need not, and should not, be able to write what is noted
of it. PostgreSQL alone; on SQLite nothing is noted, and ``verify`` says so.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, connections, models
from django.db.migrations.recorder import MigrationRecorder

PREFIX = "imprimatur_capture"
KEEPER = "editorial_changecapture"
BOTH = [29, 32]
"""The kinds of the two triggers as the catalogue has them: after each row of any change, and after a TRUNCATE."""


@dataclass(frozen=True)
class Watched:
    """A table that is watched. ``unless``: columns whose change alone is nothing that the record holds.

    ``by_history``: a row of its history that names a person explains a change of it, but for the fields ``strict``.
    """

    label: str
    unless: frozenset[str] = frozenset()
    by_history: bool = False
    strict: frozenset[str] = frozenset()

    @property
    def model(self) -> type[models.Model]:
        """``app.Model``, or ``app.Model.field`` for the table between two."""
        if self.label == MIGRATIONS:
            return MigrationRecorder.Migration
        app, name, *field = self.label.split(".")
        model = apps.get_model(app, name)
        return model._meta.get_field(field[0]).remote_field.through if field else model

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def function(self) -> str:
        return f"{PREFIX}_{self.table}"[:63]

    def columns(self) -> list[str]:
        return [f.column for f in self.model._meta.concrete_fields if f.name not in self.unless]

    def decided(self, columns: Iterable[str]) -> bool:
        """Whether one of these is moved by verbs alone."""
        strict = {f.column for f in self.model._meta.concrete_fields if f.name in self.strict}
        return not self.by_history or not strict.isdisjoint(columns)


MIGRATIONS = "django_migrations"
_watched: dict[str, Watched] = {MIGRATIONS: Watched(MIGRATIONS)}
"""A migration's own row explains what it changed: only the tables' owner can write one."""


def watch(*labels: str, unless: Iterable[str] = (), by_history: bool = False, strict: Iterable[str] = ()) -> None:
    """Have every change to these models' rows noted. With ``by_history`` the rows of their histories too."""
    for label in labels:
        _watched[label] = Watched(label, frozenset(unless), by_history, frozenset(strict))


def all_watched() -> list[Watched]:
    """What is watched, histories included."""
    found = dict(_watched)
    for one in _watched.values():
        if one.by_history:
            history = history_of(one)._meta
            found.setdefault(history.label, Watched(history.label))
    return list(found.values())


def history_of(watched: Watched) -> type[models.Model]:
    return watched.model.history.model  # type: ignore[attr-defined, no-any-return]


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The post_migrate receiver; waits for ``editorial``, whose table keeps what is noted."""
    tables = set(connections[using].introspection.table_names())
    if KEEPER in tables:
        mine = [one for one in all_watched() if one.model._meta.app_label in (sender.label, "migrations")]
        install(using, [one for one in mine if one.table in tables])


def install(using: str = "default", watched: Iterable[Watched] | None = None) -> None:
    """(Re)install the triggers that aren't as they should be."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    standing = _standing(connection)
    schema = _schema(connection)
    for one in all_watched() if watched is None else watched:
        if standing.get(one.function) != _mark(one):
            with connection.cursor() as cursor:
                cursor.execute(_statements(one, schema))


def remove(using: str = "default") -> None:
    """Take every trigger away. For tests."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in _standing(connection):
                cursor.execute(f'DROP FUNCTION IF EXISTS "{name}"() CASCADE')


def missing(using: str = "default") -> list[str]:
    """Watched tables of which changes aren't noted as they should be: no trigger, another one, or switched off."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    standing = _standing(connection)
    return [one.table for one in all_watched() if standing.get(one.function) != _mark(one)]


def is_noted_now() -> bool:
    """Whether the transaction that runs has changed anything that is watched."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {KEEPER}"
            " WHERE transaction = pg_current_xact_id_if_assigned()::text::bigint AND at = transaction_timestamp())"
        )
        return bool(cursor.fetchone()[0])


def _standing(connection: Any) -> dict[str, str]:
    """Of each function of ours its mark; nothing where its triggers don't stand on its table, whole and always."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc, p.prosecdef, array_agg(t.tgtype ORDER BY t.tgtype), min(c.relname),"
            " count(DISTINCT c.oid) FROM pg_proc p LEFT JOIN pg_trigger t ON t.tgfoid = p.oid"
            " AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr = ''::int2vector"
            " LEFT JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE starts_with(p.proname, %s) AND p.pronamespace = current_schema()::regnamespace GROUP BY 1, 2, 3",
            [f"{PREFIX}_"],
        )
        found = cursor.fetchall()
    tables = {one.function: one.table for one in all_watched()}
    return {
        name: _hash(source) if definer and (types, table, count) == (BOTH, tables.get(name), 1) else ""
        for name, source, definer, types, table, count in found
    }


def _schema(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return str(cursor.fetchone()[0])


def _mark(watched: Watched) -> str:
    return _hash(_body(watched))


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _statements(watched: Watched, schema: str) -> str:
    function, table = f'{schema}."{watched.function}"', f'{schema}."{watched.table}"'
    row, emptied = f'"{PREFIX}_row"', f'"{PREFIX}_truncate"'
    return f"""
    CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, {schema}, pg_temp AS $capture${_body(watched)}$capture$;
    REVOKE ALL ON FUNCTION {function}() FROM PUBLIC;
    DROP TRIGGER IF EXISTS {row} ON {table};
    CREATE TRIGGER {row} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
    DROP TRIGGER IF EXISTS {emptied} ON {table};
    CREATE TRIGGER {emptied} AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {row}, ENABLE ALWAYS TRIGGER {emptied};
    """


def _body(watched: Watched) -> str:
    """The function's own text. Values never leave the row: only the names of the columns that differ."""
    differ = ", ".join(
        f'CASE WHEN OLD."{column}" IS DISTINCT FROM NEW."{column}" THEN \'{column}\' END'
        for column in watched.columns()
    )
    pk = watched.model._meta.pk.column  # type: ignore[union-attr]
    return f"""
DECLARE
    changed text[] := '{{}}';
    pk text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        changed := array_remove(ARRAY[{differ}]::text[], NULL);
        IF changed = '{{}}' THEN RETURN NULL; END IF;
        pk := OLD."{pk}"::text;
    ELSIF TG_OP = 'INSERT' THEN pk := NEW."{pk}"::text;
    ELSIF TG_OP = 'DELETE' THEN pk := OLD."{pk}"::text;
    END IF;
    INSERT INTO "{KEEPER}" ("table", "row", operation, columns, transaction, at, role, actor)
    VALUES (TG_TABLE_NAME, pk, left(TG_OP, 1), to_jsonb(changed), pg_current_xact_id()::text::bigint,
        transaction_timestamp(), session_user, left(coalesce(current_setting('imprimatur.actor', true), ''), 40));
    RETURN NULL;
END """
