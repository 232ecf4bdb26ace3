"""Reads the row behind the pages that are asked for most, with SQL that is made once in a process."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import Error, connection
from django.db.models import QuerySet


class Row:
    """One row by one value. The query is compiled once: doing so for each request costs as much as asking it.

    Nor is the connection tried out beforehand, as it is for the desk: where it turns out to be dead, the row is asked
    for again over a new one. Nothing is kept of what was read.
    """

    def __init__(self, rows: Callable[[str], QuerySet[Any, tuple[Any, ...]]]) -> None:
        """``rows``: the query for a value, as ``values_list``; the value must be the only one in it."""
        self.rows = rows

    def of(self, value: str) -> tuple[Any, ...] | None:
        connection.health_check_done = True
        try:
            return self._read(value)
        except Error:
            if connection.in_atomic_block or connection.is_usable():
                raise
            connection.close()
            return self._read(value)

    def _read(self, value: str) -> tuple[Any, ...] | None:
        sql, finish = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [value])
            found = cursor.fetchone()
        return found and finish(found)

    @cached_property
    def _compiled(self) -> tuple[str, Callable[[Sequence[Any]], tuple[Any, ...]]]:
        """The SQL with room for the value, and what makes Python's values of a row's."""
        compiler = self.rows(_PLACE).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        if list(values) != [_PLACE]:
            raise ValueError(f"This row isn't found by one value alone, but by {values}.")
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        if not converters:
            return sql, tuple
        return sql, lambda row: tuple(next(compiler.apply_converters([row], converters)))


_PLACE = "where the value goes"
