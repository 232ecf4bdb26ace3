"""Queries that pages and verbs run all the time: put into SQL once, and run with whoever asks, or what it is about.

The database answers one in a millisecond, but to write it takes the ORM several times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from editorial.models import User
from editorial.roles import Role

ANYONE = -(2**62)
"""Stands in the SQL for the number of whoever asks, or of the row that is asked about; none has it."""

Rows = Mapping[str, QuerySet[Any]]


@dataclass(frozen=True)
class Prepared:
    """A query as SQL, with a place for the number that differs; ``converters``, by column, make values of Python."""

    sql: str = ""
    values: tuple[Any, ...] = ()
    converters: Mapping[int, Any] = field(default_factory=dict)

    def rows(self, user: User) -> list[tuple[Any, ...]]:
        """What it answers for ``user`` now."""
        return self.rows_about(user.pk)

    def rows_about(self, number: int) -> list[tuple[Any, ...]]:
        """What it answers now with this number in the place that was held for it."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [number if value == ANYONE else value for value in self.values])
            found = cursor.fetchall()
        return [tuple(self._read(place, value) for place, value in enumerate(row)) for row in found]

    def _read(self, place: int, value: Any) -> Any:
        functions, expression = self.converters.get(place, ((), None))
        for function in functions:
            value = function(value, expression, connection)
        return value


def anyone(roles: frozenset[Role] = frozenset()) -> User:
    """Somebody who holds these roles, for writing down what they may ask."""
    user = User(pk=ANYONE)
    user._roles = roles
    return user


def prepared(rows: QuerySet[Any]) -> Prepared:
    """``rows``, asked for as values of their columns."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    return Prepared(sql, tuple(values), compiler.get_converters([column for column, *_rest in compiler.select]))


def union(each: str, named: Rows) -> Prepared:
    """The answers to all of ``named`` in one query, each asked for as ``each`` says, with its name first."""
    parts, values = [], []
    for name, rows in named.items():
        one = prepared(rows)
        parts.append(each.format(one.sql))
        values += [name, *one.values]
    return Prepared(" UNION ALL ".join(parts), tuple(values))
