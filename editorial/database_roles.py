"""What each role in PostgreSQL may do: the owner of the tables, the application, and the public site's reader.

Nothing is listed by hand. What the application may only add to is what ``editorial.guards`` protects; what the reader
may see is what an app registers here. Rights are given afresh after every migrate, so that a new table has them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, models, transaction

from editorial import guards

_OURS = """
SELECT c.oid::regclass::text, c.relkind::text, r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.relname
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text, p.prorettype = 'trigger'::regtype, r.rolname
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1
"""
ONLY_READ = ("django_migrations", "editorial_changecapture")
"""What the application needs to see and never writes: migrations run as the owner, and triggers note as the owner."""


@dataclass(frozen=True)
class Roles:
    owner: str
    application: str
    reader: str


def roles() -> Roles:
    return Roles(**settings.DATABASE_ROLES)


_shown: list[str] = []
_letters: dict[str, tuple[str, ...]] = {}


def show_readers(*labels: str) -> None:
    """Let the reader see the tables of these models, and those of their many-to-many fields."""
    _shown.extend(label for label in labels if label not in _shown)


def let_readers_add(label: str, *, fields: Iterable[str]) -> None:
    """Let the reader add rows to a table that it can't see, and name these fields of them alone."""
    _letters[label] = tuple(fields)


def shown() -> list[type[models.Model]]:
    """The models that readers see."""
    named = [apps.get_model(label) for label in _shown]
    return named + [field.remote_field.through for model in named for field in model._meta.local_many_to_many]


def grant(using: str = "default") -> list[str]:
    """Give application and reader their rights on all of our tables, and take every other. Says what they are.

    As a superuser, or as the owner.
    """
    with transaction.atomic(using), connections[using].cursor() as cursor:
        own(cursor)
        for statement in _rights_on_functions(cursor):
            cursor.execute(statement)
        tables = [name for name, _kind, _owner in _asked(cursor, _OURS)]
        for statement in _rights_on_tables(tables):
            cursor.execute(statement)
    return _in_words(tables)


def own(cursor: Any) -> int:
    """Make the owner the owner of our tables and functions; how many weren't theirs."""
    owner = roles().owner
    kinds = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW"}
    others = [(kinds[kind], name) for name, kind, now in _asked(cursor, _OURS) if now != owner]
    others += [("FUNCTION", name) for name, _trigger, now in _asked(cursor, _FUNCTIONS) if now != owner]
    for kind, name in others:
        cursor.execute(f'ALTER {kind} {name} OWNER TO "{owner}"')
    return len(others)


def grant_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The post_migrate receiver: once all else is done, and only where the roles were set up."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last and connections[using].vendor == "postgresql" and is_set_up(using):
        grant(using)


def is_set_up(using: str = "default") -> bool:
    """Whether this database's tables belong to the owner, and this connection may act as the owner."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class"
            " WHERE oid = to_regclass('django_migrations') AND relowner = to_regrole(%s)",
            [f'"{roles().owner}"'],
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def may_rewrite(using: str = "default") -> bool:
    """Whether this connection may change or delete rows that guards protect, or owns one of their tables."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relname = ANY(%s) AND (pg_has_role(relowner, 'USAGE')"
            " OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')))",
            [[guard.table for guard in guards.standing()]],
        )
        return bool(cursor.fetchone()[0])


def sees_too_much(using: str = "default") -> bool:
    """Whether this connection may read a table that readers aren't shown, or do with theirs what they may not."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return False
    tables = [model._meta.db_table for model in shown()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm') AND (has_any_column_privilege(oid, 'UPDATE')"
            " OR relname <> ALL(%s) AND has_any_column_privilege(oid, 'SELECT')))",
            [tables],
        )
        return bool(cursor.fetchone()[0])


def _rights_on_tables(tables: list[str]) -> Iterator[str]:
    application, reader = f'"{roles().application}"', f'"{roles().reader}"'
    yield f"REVOKE ALL ON {', '.join(tables)} FROM PUBLIC, {application}, {reader}"
    recorded = _recorded(tables)
    yield f"GRANT SELECT ON {', '.join(tables)} TO {application}"
    added = [table for table in tables if table not in ONLY_READ]
    yield f"GRANT INSERT ON {', '.join(added)} TO {application}"
    yield f"GRANT UPDATE, DELETE ON {', '.join(t for t in added if t not in recorded)} TO {application}"
    for table, columns in recorded.items():
        if columns:
            yield f"GRANT UPDATE ({', '.join(map(_quoted, columns))}) ON {table} TO {application}"
    yield f"GRANT SELECT ON {', '.join(_tables_of(shown()))} TO {reader}"
    for label, fields in _letters.items():
        meta = apps.get_model(label)._meta
        columns = ", ".join(_quoted(meta.get_field(name).column) for name in fields)
        yield f'GRANT INSERT ({columns}) ON "{meta.db_table}" TO {reader}'


def _recorded(tables: list[str]) -> dict[str, list[str]]:
    """What guards protect, and the columns that verbs still move there."""
    found = {}
    for guard in guards.standing():
        if guard.table in tables and guard.table not in ONLY_READ:
            fields = guard.model._meta.get_field
            found[guard.table] = [fields(name).column for name in sorted(guard.moving)]
    return found


def _rights_on_functions(cursor: Any) -> Iterator[str]:
    """A trigger fires without a right to its function, so nobody but the owner gets one to those."""
    application, reader = f'"{roles().application}"', f'"{roles().reader}"'
    for name, is_trigger, _owner in _asked(cursor, _FUNCTIONS):
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC, {application}, {reader}"
        if not is_trigger:
            yield f"GRANT EXECUTE ON FUNCTION {name} TO {application}"


def _in_words(tables: list[str]) -> list[str]:
    found, recorded = roles(), _recorded(tables)
    moving = [f"{column} of {table}" for table, columns in recorded.items() for column in columns]
    changed = len(tables) - len(recorded) - len(ONLY_READ)
    letters = ", ".join(apps.get_model(label)._meta.db_table for label in _letters)
    return [
        f"{found.application} writes {changed} tables, only adds to {len(recorded)} recorded ones"
        + (f" (and changes {', '.join(moving)})" if moving else "")
        + f", and only reads {', '.join(ONLY_READ)}.",
        f"{found.reader} sees {len(shown())} tables, and only adds to {letters}.",
    ]


def _tables_of(found: Iterable[type[models.Model]]) -> list[str]:
    return [_quoted(model._meta.db_table) for model in found]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _asked(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())
