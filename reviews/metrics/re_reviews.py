"""When live pages fall due for the board's confirmation: what is overdue, and the twelve months ahead."""

from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Publication
from articles.states import ArticleState, PublicationStatus
from reviews.metrics import charts
from reviews.metrics.charts import Value
from reviews.metrics.figures import Figure
from reviews.metrics.periods import coming_months, counted
from reviews.metrics.scopes import Scope
from reviews.metrics.tables import Table

AHEAD = 12


def figures(scope: Scope) -> list[Figure]:
    months = coming_months(scope.today, AHEAD)
    due = _due_by_day(scope, until=months[-1].last)
    all_of_them = counted(months, ((day, number) for day, number, _asked in due))
    asked = counted(months, ((day, number) for day, _number, number in due))
    late = sum(number for day, number, _asked in due if day < scope.today)
    late_asked = sum(number for day, _number, number in due if day < scope.today)
    lines = [(_("Overdue"), late, late_asked)]
    lines += [(f"{m.first:%B %Y}", *two) for m, *two in zip(months, all_of_them, asked, strict=True)]
    table = Table("re-reviews", (_("Due"), _("Pages"), _("With the board now")), lines)
    title, ahead = _("Pages due for re-review"), sum(all_of_them)
    if not late + ahead:
        return [Figure(title, table, empty=_("No live page falls due in the next twelve months."))]
    values = [_value(_("Late"), late, late_asked, tone="bad")]
    values += [_value(m.label, *two) for m, *two in zip(months, all_of_them, asked, strict=True)]
    sentence = ngettext(
        "%(late)s overdue now; %(ahead)s page falls due in the next twelve months.",
        "%(late)s overdue now; %(ahead)s pages fall due in the next twelve months.",
        ahead,
    )
    figure = Figure(
        title,
        table,
        chart=charts.columns(values),
        big=f"{late + ahead:,}",
        sentence=sentence % {"late": f"{late:,}", "ahead": f"{ahead:,}"},
        described=_(
            "A column for what is overdue and one for each of the next twelve months. The table has the numbers."
        ),
        note=_("The board may be asked some weeks before the day; pages that are with it already count as well."),
    )
    return [figure]


def _due_by_day(scope: Scope, *, until: date) -> list[tuple[date, int, int]]:
    """Live pages by their day, and how many of them are under review already: at most one row for each day."""
    rows = Publication.objects.filter(
        scope.articles("article__"), status=PublicationStatus.LIVE, next_review_due__lte=until
    )
    asked = Count("pk", filter=Q(article__state=ArticleState.UNDER_REVIEW))
    return list(rows.order_by().values_list("next_review_due").annotate(pages=Count("pk"), asked=asked))


def _value(label: str, number: int, asked: int, *, tone: str = "") -> Value:
    note = _("%(label)s: %(number)s, of which %(asked)s with the board now")
    return Value(
        label=label,
        value=float(number),
        shown=f"{number:,}" if number else "",
        note=note % {"label": label, "number": number, "asked": asked},
        tone=tone if number else "",
    )
