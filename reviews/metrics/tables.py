"""The table behind a chart, and the file that a spreadsheet opens. Pure."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so may be run by a spreadsheet as a formula (OWASP, CSV injection); full-width ones as well."""

MOST_SHOWN = 100
"""Rows on a page; the file has all."""

Cell = str | int | float | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Rows(Sequence[Row]):
    """Rows that are reckoned when they are read: of thousands, a page reads the first."""

    lines: Sequence[Any]
    row: Callable[[Any], Row]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        return (
            [self.row(line) for line in self.lines[place]] if isinstance(place, slice) else self.row(self.lines[place])
        )


@dataclass(frozen=True)
class Table:
    """``rows`` have a cell for each column; the first names the row. None is a figure that there isn't."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]

    @cached_property
    def shown(self) -> list[list[str]]:
        return [[_shown(cell) for cell in row] for row in self.rows[:MOST_SHOWN]]

    @property
    def is_cut(self) -> bool:
        """Whether the page leaves rows to the file."""
        return len(self.rows) > MOST_SHOWN


def as_csv(table: Table) -> str:
    """With a mark for the encoding, which spreadsheets need to read names rightly."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(column) for column in table.columns])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: Cell) -> Any:
    """Text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers."""
    if isinstance(cell, float):
        return round(cell, 2)
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return (
        f"{cell:,.1f}".removesuffix(".0") if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else cell
    )
