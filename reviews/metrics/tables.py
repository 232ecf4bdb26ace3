"""The table behind a chart, and the file that a spreadsheet opens. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so may be run by a spreadsheet as a formula (OWASP, CSV injection); full-width ones as well."""

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """``rows`` have a cell for each column; the first names the row. None is a figure that there isn't."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def shown(self) -> list[list[str]]:
        return [[_shown(cell) for cell in row] for row in self.rows]


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
