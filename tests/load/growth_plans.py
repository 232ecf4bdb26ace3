"""How the database answers what pages ask: which queries read a large table from its beginning to its end."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.load.growth_acts import Act

STREAMS = frozenset({"Append", "Incremental Sort", "Nested Loop", "Result", "Subquery Scan"})
"""Steps that give their first row before they have read all."""

BY_INDEX = frozenset({"Index Scan", "Index Only Scan"})

EARLY = 0.1
"""A limit stops early where the planner expects this part of the whole, at most."""

EXPLAINED = ("SELECT", "(SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Whole:
    """A query that reads all of ``table``."""

    act: str
    table: str
    sql: str

    def in_words(self) -> str:
        return f"{self.act} reads all of {self.table}: {self.sql}"


def asked_by(act: Act) -> list[str]:
    """The SQL that this act runs, with its values in it."""
    with CaptureQueriesContext(connection) as captured:
        for step in act.steps():
            step()
    said = [query["sql"].lstrip() for query in captured]
    fetched = [sql.partition(" FOR ")[2] if sql.startswith("DECLARE") else sql for sql in said]
    return [sql for sql in fetched if sql.startswith(EXPLAINED)]


def read_whole(act: str, queries: Iterable[str], large: set[str]) -> Iterator[Whole]:
    """The queries that read a table of ``large`` from end to end, by itself or by an index of all of it, each once."""
    for sql in dict.fromkeys(queries):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", [])
            (found,) = cursor.fetchone()
        plans = json.loads(found) if isinstance(found, str) else found
        for table in sorted({name for plan in plans for name in _scanned(plan["Plan"], large)} & large):
            yield Whole(act, table, sql)


def _scanned(plan: dict[str, Any], large: set[str], most: float | None = None) -> Iterator[str]:
    """Tables that this part of a plan reads whole. ``most``: what a limit above lets it cost, if it stops early.

    What comes by an index under a limit comes in an order that the page asked for, and ends with the page.
    """
    if plan["Node Type"] == "Seq Scan" and (most is None or most > EARLY * plan["Total Cost"]):
        yield plan["Relation Name"]
    if most is None and _is_all_of_an_index(plan, large):
        yield plan["Relation Name"]
    if plan["Node Type"] == "Limit":
        most = plan["Total Cost"]
    elif plan["Node Type"] not in STREAMS:
        most = None
    for inner in plan.get("Plans", ()):
        yield from _scanned(inner, large, most)


def _is_all_of_an_index(plan: dict[str, Any], large: set[str]) -> bool:
    return plan["Node Type"] in BY_INDEX and "Index Cond" not in plan and plan["Index Name"] in large


def larger_than(rows: int) -> set[str]:
    """Tables and indexes with more rows than that, as the last ANALYZE saw them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'i') AND reltuples > %s", [rows])
        return {name for (name,) in cursor.fetchall()}
