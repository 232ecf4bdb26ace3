"""Where the marks of a chart stand. Pure: numbers in, attributes of SVG elements out.

Horizontal measures are per cents of the chart's width and vertical ones pixels, so that a chart fits a phone and a
wide screen without scaling its words. All are strings: no locale may write a comma into an attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

PLOT = 120
"""Height of the columns' plot."""
HEAD = 20
"""Room above it, for the number on top of the tallest column."""
FOOT = 24
"""Room below it, for the names of weeks and months."""

APART = 15
"""Pixels between two heights from which on each has its own number."""

LINE = 48
"""Height of one bar with its words above it: what it is on the left, how much on the right."""
BAR = 12

ROOM = 48
"""Characters that fit side by side below the columns of a chart on a phone."""


@dataclass(frozen=True)
class Value:
    """One mark to draw. ``wide`` is a second, lighter measure behind it; ``note`` is said when one points at it."""

    label: str
    value: float | None
    shown: str = ""
    wide: float | None = None
    wide_shown: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    shown: str
    note: str
    x: str
    width: str
    middle: str
    y: str
    height: str
    wide_y: str
    wide_height: str
    above: str
    wide_shown: str
    wide_above: str
    empty: bool
    tone: str = ""


@dataclass(frozen=True)
class Columns:
    """Weeks or months side by side, a lighter column behind each. ``lines`` are heights with a name to read them by."""

    columns: list[Column]
    height: int = HEAD + PLOT + FOOT
    base: int = HEAD + PLOT
    foot: int = HEAD + PLOT + 17
    template: str = "admin/reviews/metrics/columns.html"


def columns(values: Sequence[Value], *, top: float | None = None) -> Columns:
    """``top`` is the value that fills the plot; the highest one where it isn't given."""
    highest = top or max((max(v.value or 0, v.wide or 0) for v in values), default=0) or 1
    slot = 100 / max(len(values), 1)
    width = min(slot * 0.66, 9.0)
    every = _every([v.label for v in values])
    numbered = _every([v.shown for v in values])
    found = []
    for number, value in enumerate(values):
        height, wide = (_height(measure, highest) for measure in (value.value, value.wide))
        last = len(values) - 1 - number
        found.append(
            Column(
                label=value.label if last % every == 0 else "",
                shown=value.shown if last % numbered == 0 else "",
                note=value.note,
                x=_percent(number * slot + (slot - width) / 2),
                width=_percent(width),
                middle=_percent((number + 0.5) * slot),
                y=_pixels(HEAD + PLOT - height),
                height=_pixels(height),
                wide_y=_pixels(HEAD + PLOT - wide),
                wide_height=_pixels(wide),
                above=_pixels(HEAD + PLOT - height - 5),
                wide_shown=value.wide_shown if last % numbered == 0 and wide - height >= APART else "",
                wide_above=_pixels(HEAD + PLOT - wide - 5),
                empty=value.value is None,
                tone=value.tone,
            )
        )
    return Columns(found)


@dataclass(frozen=True)
class Bar:
    label: str
    shown: str
    note: str
    tone: str
    text_y: str
    bar_y: str
    thin_y: str
    width: str
    wide_width: str
    empty: bool


@dataclass(frozen=True)
class Bars:
    """One below the other, each with its words above it. ``bullet``: the lighter measure is what there is, the
    darker, thinner one what is asked of it.
    """

    bars: list[Bar]
    height: int
    bullet: bool = False
    thickness: int = BAR
    thin: int = BAR - 6
    template: str = "admin/reviews/metrics/bars.html"


def bars(values: Sequence[Value], *, bullet: bool = False) -> Bars:
    highest = max((max(v.value or 0, v.wide or 0) for v in values), default=0) or 1
    found = []
    for number, value in enumerate(values):
        width, wide = (100 * (measure or 0) / highest for measure in (value.value, value.wide))
        top = number * LINE
        found.append(
            Bar(
                label=value.label,
                shown=value.shown,
                note=value.note,
                tone=value.tone,
                text_y=_pixels(top + 14),
                bar_y=_pixels(top + 21),
                thin_y=_pixels(top + 24),
                width=_percent(width),
                wide_width=_percent(wide),
                empty=value.value is None,
            )
        )
    return Bars(found, height=max(len(values), 1) * LINE - (LINE - BAR - 22), bullet=bullet)


CELL = 34
LABELS = 44.0
"""Per cent of the width that the names of the rows take."""


@dataclass(frozen=True)
class HeatCell:
    x: str
    width: str
    middle: str
    count: int
    strength: str
    note: str
    late: bool


@dataclass(frozen=True)
class HeatRow:
    label: str
    y: str
    middle: str
    cells: list[HeatCell]


@dataclass(frozen=True)
class HeatHead:
    label: str
    middle: str


@dataclass(frozen=True)
class Heat:
    """Rows by groups, darker where there is more. The last group is the one that has waited too long."""

    heads: list[HeatHead]
    rows: list[HeatRow]
    height: int
    cell: int = CELL - 4
    template: str = "admin/reviews/metrics/heat.html"


@dataclass(frozen=True)
class Counts:
    """How many of one row fall into each group, and what is said when one points at them."""

    label: str
    counts: Sequence[int]
    notes: Sequence[str] = field(default_factory=tuple)


def heat(heads: Sequence[str], rows: Sequence[Counts]) -> Heat:
    most = max((count for row in rows for count in row.counts), default=0) or 1
    slot = (100 - LABELS) / max(len(heads), 1)
    middles = [_percent(LABELS + (number + 0.5) * slot) for number in range(len(heads))]
    found = []
    for number, row in enumerate(rows):
        top = 22 + number * CELL
        cells = [
            HeatCell(
                x=_percent(LABELS + place * slot + 0.5),
                width=_percent(slot - 1),
                middle=middles[place],
                count=count,
                strength=f"{0.1 + 0.3 * count / most:.2f}" if count else "0",
                note=row.notes[place] if row.notes else "",
                late=place == len(heads) - 1,
            )
            for place, count in enumerate(row.counts)
        ]
        found.append(HeatRow(row.label, _pixels(top), _pixels(top + CELL / 2 + 3), cells))
    heads_shown = [HeatHead(label, middle) for label, middle in zip(heads, middles, strict=True)]
    return Heat(heads_shown, found, height=22 + len(rows) * CELL)


Chart = Columns | Bars | Heat


def _every(words: Sequence[str]) -> int:
    """Each how-many-th of these words can stand below its column without running into the next."""
    longest = max(map(len, words), default=0)
    each = longest + (1 if longest <= 3 else 2)
    return max(1, -(-each * len(words) // (ROOM + 1)))


def _height(measure: float | None, highest: float) -> float:
    return PLOT * min(measure or 0, highest) / highest


def _percent(number: float) -> str:
    return f"{number:.2f}%"


def _pixels(number: float) -> str:
    return f"{number:.1f}"
