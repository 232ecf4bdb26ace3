"""Where articles stand now, and for how long: each of the queue's views by age, in one query for all of them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Publication
from articles.states import PublicationStatus
from editorial import clock
from editorial.models import AuditEvent
from reviews import desk
from reviews.metrics import charts
from reviews.metrics.arithmetic import AGES, age_group
from reviews.metrics.charts import Counts
from reviews.metrics.figures import Figure
from reviews.metrics.scopes import Scope
from reviews.metrics.tables import Table
from reviews.models import Objection, ReviewAssignment, ReviewRound

AGED = ("fresh", "week", "fortnight", "month")
"""Names of the age groups in the query: 0–7, 8–14, 15–30 days, and over 30."""

BY_STATE = {
    "triage": desk.needs_triage,
    "panel": desk.needs_panel,
    "answers": desk.waiting_for_answers,
    "reviews": desk.waiting_for_reviews,
    "decide": desk.ready_to_decide,
    "author": desk.with_author,
    "drafts": desk.drafts,
}
"""Views whose articles have waited since their state began."""


def figures(scope: Scope) -> list[Figure]:
    counts = _counts(scope)
    counts["overdue"] = overdue(scope)
    hidden = scope.articles("round__article__")
    left_out = ReviewAssignment.objects.held_by(scope.reader).filter(hidden).values("round__article").distinct().count()
    return [_figure(counts, left_out)]


def names() -> dict[str, str]:
    """The views in the order of the queue, by the name that people know."""
    return {
        "triage": _("Needs triage"),
        "panel": _("Needs a panel"),
        "answers": _("Waiting for answers"),
        "reviews": _("Waiting for reviews"),
        "overdue": _("Overdue reviews"),
        "objection": _("Objection open"),
        "unsatisfiable": _("Unsatisfiable"),
        "decide": _("Ready to decide"),
        "author": _("With the author"),
        "drafts": _("Drafts"),
        "re-review": _("Re-review overdue"),
        "hold": _("On hold"),
    }


def _figure(counts: dict[str, list[int]], left_out: int) -> Figure:
    heads = (_("0–7"), _("8–14"), _("15–30"), _("> 30"))
    shown = {name: (label, counts.get(name, [0] * len(AGED))) for name, label in names().items()}
    table = Table(
        "ages",
        (_("View"), *(_("%(days)s days") % {"days": head} for head in heads), _("All")),
        [(label, *numbers, sum(numbers)) for label, numbers in shown.values()],
    )
    note = ngettext(
        "%(n)s article isn't counted here: you sit on its open panel.",
        "%(n)s articles aren't counted here: you sit on their open panels.",
        left_out,
    )
    title, note = _("How long articles have waited"), note % {"n": left_out} if left_out else ""
    waiting = [(label, numbers) for label, numbers in shown.values() if sum(numbers)]
    if not waiting:
        return Figure(title, table, empty=_("Nothing waits anywhere."), note=note)
    old = sum(numbers[-1] for _label, numbers in waiting)
    rows = [
        Counts(label, numbers, [f"{label}, {head}: {number:,}" for head, number in zip(heads, numbers, strict=True)])
        for label, numbers in waiting
    ]
    return Figure(
        title,
        table,
        chart=charts.heat(heads, rows),
        big=f"{old:,}",
        sentence=_("have waited for more than 30 days. Days in each view today; an article may stand in two."),
        described=_("A row for each view of the queue, a cell for each age in days. The table holds the numbers."),
        note=note,
    )


def _counts(scope: Scope) -> dict[str, list[int]]:
    """By view, how many are of each age: one query, a row for each view, none for an empty one."""
    first, *others = _views(scope)
    found = {}
    for name, *numbers in first.union(*others, all=True):
        found[name] = numbers
    return found


def _views(scope: Scope) -> Iterator[QuerySet]:
    judged = ReviewAssignment.objects.held_by(scope.reader).values("round__article")
    kept = scope.articles()
    for name, view in BY_STATE.items():
        yield _by_age(view().filter(kept).exclude(pk__in=judged), "state_since", name, scope)
    about = scope.articles("article__")
    objections = Objection.objects.still_open().filter(about, article__abandoned_at=None)
    yield _by_age(objections.exclude(article__in=judged), "raised_at", "objection", scope)
    rounds = ReviewRound.objects.filter(about, closed_at=None).exclude(unsatisfiable="").exclude(article__in=judged)
    yield _by_age(rounds, "unsatisfiable_since", "unsatisfiable", scope)
    pages = Publication.objects.filter(about)
    yield _by_age(pages.filter(status=PublicationStatus.ON_HOLD).annotate(held_at=_held_at()), "held_at", "hold", scope)
    live = pages.filter(status=PublicationStatus.LIVE, next_review_due__lt=scope.today)
    yield _by_age(live, "next_review_due", "re-review", scope, since=scope.today)


def _by_age(rows: QuerySet, field: str, name: str, scope: Scope, *, since: Any = None) -> QuerySet:
    """One row: the view's name and how many are of each age, counted in whole days since ``field``."""
    now = since or scope.now
    ends = [now - timedelta(days=age + 1) for age in AGES]
    old, new = f"{field}__lte", f"{field}__gt"
    groups = (Q(**{new: ends[0]}), *(Q(**{old: ends[n], new: ends[n + 1]}) for n in range(2)), Q(**{old: ends[2]}))
    counted = {group: Count("pk", filter=condition) for group, condition in zip(AGED, groups, strict=True)}
    named = rows.order_by().annotate(view=Value(name, output_field=CharField()))
    return named.values("view").annotate(**counted).values_list("view", *AGED)


def _held_at() -> Subquery:
    """When a page was taken off the site; a publication's row doesn't say it, the record does."""
    subject = Concat(
        Value("publication:"),
        Cast(OuterRef("article_id"), CharField()),
        Value("/"),
        Cast(OuterRef("number"), CharField()),
        output_field=CharField(),
    )
    events = AuditEvent.objects.filter(subject=subject, kind="publication.hold").order_by("-sequence")
    return Subquery(events.values("at")[:1], output_field=DateTimeField())


def overdue(scope: Scope) -> list[int]:
    """Open reviews by days since their due day was over, each in its member's zone; what a board owes is bounded."""
    found = [0] * len(AGED)
    owed = ReviewAssignment.objects.owed().filter(scope.articles("round__article__"), review_on__lte=scope.now.date())
    mine = ReviewAssignment.objects.held_by(scope.reader).values("round")
    owed = owed.exclude(round__in=mine).exclude(round__article__authors=scope.reader)
    for day, zone in owed.order_by().values_list("review_on", "time_zone"):
        late = (clock.day_in(ZoneInfo(zone), scope.now) - day).days
        if late > 0:
            found[age_group(late)] += 1
    return found
