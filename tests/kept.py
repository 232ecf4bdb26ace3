"""Rows that most tests begin with: made once in a process, and put back as they were in every later test.

A rollback takes them away again, and PostgreSQL gives no number out twice, so they come back under their own.
A flush also renews the groups that they point to: after one, everything is to be forgotten.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

Rows = list[tuple[Any, ...]]

_kept: dict[str, list[tuple[type[models.Model], Rows]]] = {}


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


def forget() -> None:
    _kept.clear()


def every_row() -> Iterator[tuple[type[models.Model], Rows]]:
    """All that stands in the database, table by table, as the driver gives and takes it."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label == "editorial.ChangeCapture":
            continue  # the database writes it, the second time too
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_columns(model)} FROM {_quoted(model._meta.db_table)}")
            yield model, cursor.fetchall()


def _insert(model: type[models.Model], rows: Rows) -> None:
    places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_quoted(model._meta.db_table)} ({_columns(model)}) VALUES {places}", values)


def _columns(model: type[models.Model]) -> str:
    return ", ".join(_quoted(field.column) for field in model._meta.local_concrete_fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
