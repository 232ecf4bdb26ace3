"""The tables that stories leave rows in, read and written as PostgreSQL's own text (COPY)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from articles.models import LikeQuestion
from editorial.models import AuditEvent, ChangeCapture
from reviews.scale.gaps import APART, FIRST_ROW

NOT_COPIED = (ChangeCapture, ContentType, LikeQuestion)
"""Written by the database itself, the same everywhere, and a comparison of the stories' own titles."""


@dataclass(frozen=True)
class Table:
    """``first``: the number that a story's first row in it gets."""

    name: str
    key: str
    columns: str
    sequence: str = ""
    first: int = 0

    def read(self, low: int, high: int) -> str:
        """Rows with numbers above ``low``, up to ``high``, in order."""
        query = f'SELECT {self.columns} FROM "{self.name}" WHERE "{self.key}" > {low} AND "{self.key}" <= {high}'
        copy = f'COPY ({query} ORDER BY "{self.key}") TO STDOUT'
        with connection.cursor() as cursor, cursor.cursor.copy(copy) as out:
            return b"".join(bytes(part) for part in out).decode()

    def write(self, rows: bytes) -> None:
        copy = f'COPY "{self.name}" ({self.columns}) FROM STDIN'
        with connection.cursor() as cursor, cursor.cursor.copy(copy) as into:
            into.write(rows)


def _table(model: type[models.Model], sequence: str = "", first: int = 0) -> Table:
    meta = model._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    return Table(meta.db_table, meta.pk.column, columns, sequence, first)  # type: ignore[union-attr]


def events() -> Table:
    return _table(AuditEvent)


def numbered() -> list[Table]:
    """Every table whose rows the database numbers."""
    standing = set(connection.introspection.table_names())
    found = []
    for model in apps.get_models(include_auto_created=True):
        key, name = model._meta.pk, model._meta.db_table
        if isinstance(key, models.AutoField | models.BigAutoField) and name in standing and model not in NOT_COPIED:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', key.column])
                (sequence,) = cursor.fetchone()
            found.append(_table(model, sequence, FIRST_ROW + len(found) * APART))
    return found


def count_from_marks(tables: Iterable[Table]) -> None:
    """Have the next row of each table get its first mark. Undone with the transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER SEQUENCE {table.sequence} RESTART WITH {table.first + 1}")


def reached(tables: Iterable[Table]) -> dict[str, int]:
    """The highest number that each table has given out."""
    parts = " UNION ALL ".join(
        f"SELECT '{table.name}', CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {table.sequence}"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return dict(cursor.fetchall())


def continue_after(numbers: dict[str, int]) -> None:
    """Let the database number the next rows after these. Gaps after a rollback are harmless."""
    found = [(table.sequence, numbers[table.name]) for table in numbered()]
    parts = ", ".join(f"setval('{sequence}', {number})" for sequence, number in found if number)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
