"""Tables without their indexes, keys and change capture, while they are filled; with all of it again afterwards.

An index that is made of a million rows at once costs a fraction of one that a million rows are put into. A constraint
that is added to a full table checks each row in it, so what is made again also says that the load was sound.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from editorial import captures

_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), contype = 'f', pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype IN ('p', 'u', 'x') AND conrelid = ANY(%(tables)s::text[]::regclass[])
OR contype = 'f' AND (conrelid = ANY(%(tables)s::text[]::regclass[]) OR confrelid = ANY(%(tables)s::text[]::regclass[]))
ORDER BY 1, contype, 2
"""
_INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = ANY(%(tables)s::text[]::regclass[])
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Part:
    """Something that is taken from a table and made again."""

    table: str
    drop: str
    make: str
    points_elsewhere: bool = False


@contextmanager
def bare(tables: Iterable[str], *, told: Callable[[int, int], None] = lambda _done, _of: None) -> Iterator[None]:
    """Inside, these tables are nothing but rows. Inside a transaction, so that nobody else ever meets them like that.

    ``told`` how many parts are made again, and of how many.
    """
    parts = parts_of(tables)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would stand in the way
        captures.remove()
        for part in sorted(parts, key=lambda part: not part.points_elsewhere):
            cursor.execute(part.drop)
    yield
    made = sorted(parts, key=lambda part: (part.points_elsewhere, part.table))
    with connection.cursor() as cursor:
        for number, part in enumerate(made):
            if part.points_elsewhere and not made[number - 1].points_elsewhere:
                cursor.execute("ANALYZE")  # so that checking where rows point is planned for as many as there are
            cursor.execute(part.make)
            told(number + 1, len(made))
    captures.install()


def parts_of(tables: Iterable[str]) -> list[Part]:
    """In the order in which they can be made."""
    chosen = {"tables": [connection.ops.quote_name(name) for name in tables]}
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, chosen)
        found = [Part(table, f"DROP INDEX {name}", make) for table, name, make in cursor.fetchall()]
        cursor.execute(_CONSTRAINTS, chosen)
        for table, name, is_foreign, definition in cursor.fetchall():
            alter = f"ALTER TABLE {table}"
            make = f"{alter} ADD CONSTRAINT {name} {definition}"
            found.append(Part(table, f"{alter} DROP CONSTRAINT {name}", make, is_foreign))
    return found
