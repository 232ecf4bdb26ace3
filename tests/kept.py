"""Rows that many tests begin with: made once in a process, and put back as they were in every later test.

A rollback takes them away again, and PostgreSQL gives no number out twice, so they come back under their own.
A flush also renews the groups that they point to: after one, everything is to be forgotten.

The cast is written as any rows are, under the guards. A scene (``kept.scene``: an article brought to some point by the
real verbs) is put back with the triggers asleep, because each of them saw these very rows when they were made.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import time_machine
from django.apps import apps
from django.db import connection, models, transaction

Row = tuple[Any, ...]
Rows = list[Row]

CAPTURES = "editorial.ChangeCapture"

_kept: dict[str, list[tuple[type[models.Model], Rows]]] = {}
_base: dict[type[models.Model], dict[Any, Row]] = {}
_scenes: dict[tuple[Any, ...], "Scene"] = {}
_written: list[int] = []


@dataclass
class Scene:
    """What a telling changed: rows by table, what waits for the commit, the time by then, and what it returned."""

    now: Any
    found: Any
    gone: list[tuple[type[models.Model], list[Any]]]
    rows: list[tuple[type[models.Model], Rows]]
    noted: Rows
    waiting: list[Callable[[], object]]


def once(name: str, make: Callable[[], object]) -> None:
    """Call ``make`` the first time, and put back what it wrote every other time. It may only add rows."""
    with transaction.atomic():
        if name in _kept:
            for model, rows in _kept[name]:
                _insert(model, rows)
            return
        before = {model: set(rows) for model, rows in every_row()}
        make()
        added = [(model, [row for row in rows if row not in before[model]]) for model, rows in every_row()]
        _kept[name] = [(model, rows) for model, rows in added if rows]


def begin() -> None:
    """Scenes may be put back from here on, until something else is written."""
    _written[:] = [_writes()]
    if not _base:
        _base.update((model, {row[0]: row for row in rows}) for model, rows in every_row())


def forget() -> None:
    _kept.clear()
    _base.clear()
    _scenes.clear()
    _written.clear()


def scene(tell: Callable[..., Any]) -> Callable[..., Any]:
    """What a story tells, if it is the first thing to happen to the cast, need not be told twice.

    It returns a row, or rows in mappings and dataclasses: they are read afresh.
    """

    @functools.wraps(tell)
    def told(story: Any, *args: Any, **values: Any) -> Any:
        if not _plain(args, values) or time_machine.escape_hatch.is_travelling() or not _untouched():
            return tell(story, *args, **values)
        key = (tell.__name__, story.now, args, tuple(sorted(values.items())))
        if key in _scenes:
            return _put_back(_scenes[key], story)
        return _recorded(key, functools.partial(tell, story, *args, **values), story)

    return told


def _plain(args: tuple[Any, ...], values: dict[str, Any]) -> bool:
    return all(isinstance(value, str | int | bool | None) for value in (*args, *values.values()))


def _untouched() -> bool:
    if connection.vendor != "postgresql" or not connection.in_atomic_block or not _written:
        return False
    return _written[0] == _writes() and _may_put_triggers_asleep()


def _writes() -> int:
    """How many rows this transaction wrote; what it took back counts too."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def _may_put_triggers_asleep() -> bool:
    """Only a superuser may; a test of what the other roles can do tells its story itself."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone()[0] == "on")


def _recorded(key: tuple[Any, ...], tell: Callable[[], Any], story: Any) -> Any:
    waiting, last = len(connection.run_on_commit), _last_capture()
    found = tell()
    noted = _rows(apps.get_model(CAPTURES), f"WHERE id > {last} ORDER BY id")
    gone, changed = [], []
    for model, rows in every_row():
        before, after = _base.get(model, {}), {row[0]: row for row in rows}
        changes = [row for key, row in after.items() if before.get(key) != row]
        stale = [key for key, row in before.items() if after.get(key) != row]
        changed += [(model, changes)] if changes else []
        gone += [(model, stale)] if stale else []
    calls = [entry[1] for entry in connection.run_on_commit[waiting:]]
    _scenes[key] = Scene(story.now, found, gone, changed, noted, calls)
    return found


def _put_back(scene: Scene, story: Any) -> Any:
    last = _last_capture()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, keys in scene.gone:
            key = _quoted(model._meta.pk.column)
            cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {key} = ANY(%s)", [keys])
        for model, rows in scene.rows:
            _insert(model, rows)
        _note(last, scene.noted)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for call in scene.waiting:
        transaction.on_commit(call)
    story.now = scene.now
    return _afresh(scene.found)


def _afresh(found: Any) -> Any:
    if isinstance(found, models.Model):
        return type(found)._default_manager.get(pk=found.pk)
    if isinstance(found, dict):
        return {key: _afresh(value) for key, value in found.items()}
    if is_dataclass(found):
        return type(found)(**{each.name: _afresh(getattr(found, each.name)) for each in fields(found)})
    return found


def _last_capture() -> int:
    return apps.get_model(CAPTURES).objects.aggregate(last=models.Max("pk"))["last"] or 0


def _note(last: int, rows: Rows) -> None:
    """What the database notes never sleeps: instead of rows put back it is to have noted the story's acts, by now."""
    captures = apps.get_model(CAPTURES)
    columns = [field.column for field in captures._meta.local_concrete_fields]
    now = {"transaction": "pg_current_xact_id()::text::bigint", "at": "transaction_timestamp()"}
    place = ", ".join(now.get(column, "%s") for column in columns[1:])
    values = [value for row in rows for column, value in zip(columns[1:], row[1:], strict=True) if column not in now]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {captures._meta.db_table} WHERE id > %s", [last])
        cursor.execute(
            f"INSERT INTO {captures._meta.db_table} ({', '.join(map(_quoted, columns[1:]))})"
            f" VALUES {', '.join([f'({place})'] * len(rows))}",
            values,
        )


def every_row() -> Iterator[tuple[type[models.Model], Rows]]:
    """All that stands in the database, table by table, as the driver gives and takes it."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label == CAPTURES:
            continue  # the database writes it, the second time too
        yield model, _rows(model)


def _rows(model: type[models.Model], condition: str = "") -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(model)} FROM {_quoted(model._meta.db_table)} {condition}")
        return cursor.fetchall()


def _insert(model: type[models.Model], rows: Rows) -> None:
    places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_quoted(model._meta.db_table)} ({_columns(model)}) VALUES {places}", values)


def _columns(model: type[models.Model]) -> str:
    """The primary key first, so that a row can be found by it."""
    fields = sorted(model._meta.local_concrete_fields, key=lambda field: not field.primary_key)
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
