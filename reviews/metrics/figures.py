"""What a page shows of one measure: a number to remember, a sentence, a chart, and the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.metrics import charts
from reviews.metrics.arithmetic import FEW, Share, Spread, said
from reviews.metrics.charts import Chart, Value
from reviews.metrics.periods import Period
from reviews.metrics.tables import Table


@dataclass(frozen=True)
class Figure:
    """``empty`` says in words why there is nothing to draw; ``described`` is read to those who don't see the chart."""

    title: str
    table: Table
    chart: Chart | None = None
    big: str = ""
    unit: str = ""
    sentence: str = ""
    described: str = ""
    note: str = ""
    empty: str = ""

    @property
    def name(self) -> str:
        return self.table.name


def counted(number: int, one: str, many: str) -> str:
    """“34 rounds”; of few it says that they are few."""
    words = ngettext(one, many, number) % {"n": f"{number:,}"}
    return _("%(count)s: few to judge by") % {"count": words} if number < FEW else words


def of_spreads(
    name: str, title: str, *, period: Period, total: Spread | None, parts: Sequence[Spread | None], empty: str
) -> Figure:
    """Days that something took, by week or month of the period, from the cases of each."""
    slices = period.slices
    rows = [
        (part.first.isoformat(), part.last.isoformat(), *measures(found))
        for part, found in zip(slices, parts, strict=True)
    ]
    columns = (_("From"), _("To"), _("Rounds"), _("Median days"), _("80th percentile"))
    table = Table(name, columns, [*rows, (_("Whole period"), "", *measures(total))])
    if total is None:
        return Figure(title, table, empty=empty)
    values = [
        Value(
            label=part.label,
            value=found.median if found else None,
            wide=found.eightieth if found else None,
            shown=said(found.median) if found else "",
            wide_shown=said(found.eightieth) if found else "",
            note=_note(part.label, found),
        )
        for part, found in zip(slices, parts, strict=True)
    ]
    return Figure(
        title,
        table,
        chart=charts.columns(values),
        big=said(total.median),
        unit=_unit(total.median),
        sentence=_("Half took at most this long, four in five at most %(days)s (%(cases)s).")
        % {"days": days(total.eightieth), "cases": counted(total.count, "%(n)s round", "%(n)s rounds")},
        described=described(period, _("the median in solid columns, the 80th percentile behind them in light ones")),
    )


@dataclass(frozen=True)
class Words:
    """What a figure of shares calls its whole and its part, and says of them."""

    whole: str
    part: str
    sentence: str
    described: str
    empty: str
    note: str = ""


def of_shares(
    name: str, title: str, *, period: Period, total: Share | None, parts: Sequence[Share | None], words: Words
) -> Figure:
    """What part of something came true, in per cent, by week or month of the period."""
    slices = period.slices
    rows = [
        (part.first.isoformat(), part.last.isoformat(), *_parts(found))
        for part, found in zip(slices, parts, strict=True)
    ]
    columns = (_("From"), _("To"), words.whole, words.part, _("Per cent"))
    table = Table(name, columns, [*rows, (_("Whole period"), "", *_parts(total))])
    if total is None:
        return Figure(title, table, empty=words.empty)
    values = [
        Value(
            label=part.label,
            value=found.percent if found else None,
            wide=100.0 if found else None,
            shown=f"{found.percent:.0f}" if found else "",
            note=_("%(label)s: %(part)s of %(whole)s") % {"label": part.label, **vars(found)} if found else "",
        )
        for part, found in zip(slices, parts, strict=True)
    ]
    return Figure(
        title,
        table,
        chart=charts.columns(values, top=100),
        big=f"{total.percent:.0f}%",
        sentence=words.sentence,
        described=described(period, words.described),
        note=words.note,
    )


def described(period: Period, what: str) -> str:
    by = _("By week") if period.weekly else _("By month")
    return _("%(by)s: %(what)s. The table holds the numbers.") % {"by": by, "what": what}


def days(number: float) -> str:
    return f"{said(number)} {_unit(number)}"


def _unit(number: float) -> str:
    return _("day") if said(number) == "1" else _("days")


def measures(found: Spread | None) -> tuple[int, float | None, float | None]:
    return (found.count, round(found.median, 1), round(found.eightieth, 1)) if found else (0, None, None)


def _parts(found: Share | None) -> tuple[int, int | None, float | None]:
    return (found.whole, found.part, round(found.percent, 1)) if found else (0, None, None)


def _note(label: str, found: Spread | None) -> str:
    if found is None:
        return _("%(label)s: none") % {"label": label}
    return _("%(label)s: median %(median)s, four in five within %(eightieth)s, %(cases)s") % {
        "label": label,
        "median": days(found.median),
        "eightieth": days(found.eightieth),
        "cases": counted(found.count, "%(n)s round", "%(n)s rounds"),
    }
