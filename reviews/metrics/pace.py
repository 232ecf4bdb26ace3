"""How long things take: from submission to panel, first review and decision, and with whom the days go by."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from reviews.metrics import charts, rows
from reviews.metrics.arithmetic import Spread, days_between, said, spread
from reviews.metrics.charts import Value
from reviews.metrics.figures import Figure, counted, days, measures, of_spreads
from reviews.metrics.periods import Period
from reviews.metrics.rows import RoundLine
from reviews.metrics.scopes import Scope
from reviews.metrics.tables import Table

Step = Callable[[RoundLine], tuple[datetime | None, datetime | None]]
"""When a step of a round began and when it ended; none where it didn't, or hasn't yet."""

WAYS: dict[str, Step] = {
    "to-panel": lambda line: (line.submitted, line.opened),
    "to-first-review": lambda line: (line.submitted, line.first),
    "to-decision": lambda line: (line.submitted, line.decided),
}
STEPS: dict[str, Step] = {
    "panel": lambda line: (line.submitted, line.opened),
    "reviews": lambda line: (line.opened, line.last if line.decided else None),
    "decision": lambda line: (line.last, line.decided),
    "author": lambda line: (line.returned, line.submitted),
}


def figures(scope: Scope) -> list[Figure]:
    found = rows.rounds(scope)
    return [_way(name, found, scope.period) for name in WAYS] + [_steps(found, scope.period)]


def lasted(step: Step, lines: Sequence[RoundLine], period: Period) -> list[tuple[datetime, float]]:
    """Days that a step took in each round where it ended in the period, with its end.

    Counted when it ended: what still waits would make a running week look quick, and stands in the queue's ages.
    """
    found = []
    for line in lines:
        began, ended = step(line)
        if began is not None and ended is not None and period.holds(ended):
            found.append((ended, days_between(began, ended)))
    return found


def to_decision(lines: Sequence[RoundLine], period: Period) -> Spread | None:
    return spread(took for _end, took in lasted(WAYS["to-decision"], lines, period))


def _way(name: str, lines: Sequence[RoundLine], period: Period) -> Figure:
    titles = {
        "to-panel": _("From submission to panel"),
        "to-first-review": _("From submission to first review"),
        "to-decision": _("From submission to decision"),
    }
    empty = {
        "to-panel": _("No panel was opened for a submission in this period."),
        "to-first-review": _("No submission got its first review in this period."),
        "to-decision": _("No submission was decided on in this period."),
    }
    took = lasted(WAYS[name], lines, period)
    parts = period.sorted_out((period.day_of(ended), length) for ended, length in took)
    return of_spreads(
        name,
        titles[name],
        period=period,
        total=spread(length for _end, length in took),
        parts=[spread(part) for part in parts],
        empty=empty[name],
    )


def _steps(lines: Sequence[RoundLine], period: Period) -> Figure:
    """The bottleneck: whose turn it was while the days went by."""
    names = _turns()
    measured = {name: spread(took for _end, took in lasted(STEPS[name], lines, period)) for name in names}
    table = Table(
        "whose-turn",
        (_("Whose turn"), _("Rounds"), _("Median days"), _("80th percentile")),
        [(names[name], *measures(found)) for name, found in measured.items()],
    )
    title = _("With whom the days go by")
    longest = max((found.median for found in measured.values() if found), default=None)
    if longest is None:
        return Figure(title, table, empty=_("No step of a review ended in this period."))
    values = [
        Value(
            label=names[name],
            value=found.median if found else None,
            wide=found.eightieth if found else None,
            shown=_two(found) if found else "–",
            note=_said(names[name], found),
        )
        for name, found in measured.items()
    ]
    most = next(name for name, found in measured.items() if found and found.median == longest)
    return Figure(
        title,
        table,
        chart=charts.bars(values),
        sentence=_("Longest: %(whose)s, with a median of %(days)s.")
        % {"whose": names[most][0].lower() + names[most][1:], "days": days(longest)},
        described=_("A bar for each step: its median solid, its 80th percentile light. The table holds the numbers."),
        note=_(
            "Each from the median to the 80th percentile. The authors' time runs from “changes requested” until they "
            "send the text in again."
        ),
    )


def _turns() -> dict[str, str]:
    return {
        "panel": _("Editors, to the panel"),
        "reviews": _("Board, to the last review"),
        "decision": _("Editors, to the decision"),
        "author": _("Authors, to send it again"),
    }


def _two(found: Spread) -> str:
    return _("%(median)s to %(eightieth)s") % {"median": said(found.median), "eightieth": days(found.eightieth)}


def _said(name: str, found: Spread | None) -> str:
    if found is None:
        return _("%(label)s: none") % {"label": name}
    return _("%(label)s: four in five within %(days)s, %(cases)s") % {
        "label": name,
        "days": days(found.eightieth),
        "cases": counted(found.count, "%(n)s round", "%(n)s rounds"),
    }
