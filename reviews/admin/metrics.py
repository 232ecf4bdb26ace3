"""“Metrics”: how the desk is doing, for editors; each page's figures, and each figure's table as a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock
from editorial.models import User
from editorial.registry import Card, Page, add_cards, add_page
from editorial.roles import is_chief, is_editor
from reviews.metrics import board, demand, pace, queue, re_reviews, rows
from reviews.metrics.arithmetic import share
from reviews.metrics.figures import Figure, counted, days
from reviews.metrics.scopes import Scope, ScopeForm, usual
from reviews.metrics.tables import as_csv


@dataclass(frozen=True)
class Chapter:
    """One page of figures. ``tables`` names its files.

    ``dated``: the period changes the figures; else they are of today. ``by_specialty``: they can be narrowed to one.
    """

    name: str
    title: Any
    figures: Callable[[Scope], list[Figure]]
    tables: tuple[str, ...]
    dated: bool = True
    by_specialty: bool = True


CHAPTERS = (
    Chapter(
        "pace",
        gettext_lazy("Turnaround"),
        pace.figures,
        ("to-panel", "to-first-review", "to-decision", "whose-turn"),
    ),
    Chapter("board", gettext_lazy("Board"), board.figures, ("on-time", "load", "answers", "reminders", "members")),
    Chapter("queue", gettext_lazy("Queue"), queue.figures, ("ages",), dated=False),
    Chapter("re-reviews", gettext_lazy("Re-reviews"), re_reviews.figures, ("re-reviews",), dated=False),
    Chapter("capacity", gettext_lazy("Capacity"), demand.figures, ("capacity",), dated=False, by_specialty=False),
)


def metrics(request: HttpRequest, name: str = "pace") -> HttpResponse:
    """One chapter. A filter that makes no sense is explained, and no figure is shown beside it."""
    chapter = next((chapter for chapter in CHAPTERS if chapter.name == name), None)
    if chapter is None or not is_editor(request.user):
        raise Http404
    form = _form(chapter, request)
    scope = form.scope(request.user) if form.is_valid() else None
    context = admin.site.page_context(
        request,
        title=_("Metrics"),
        chapter=chapter,
        chapters=[(other, _address(other)) for other in CHAPTERS],
        form=form,
        scope=scope,
        figures=chapter.figures(scope) if scope else [],
        query=f"?{request.GET.urlencode()}" if request.GET else "",
    )
    return TemplateResponse(request, "admin/reviews/metrics.html", context)


def metrics_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The table behind one figure, of the same filter as the page."""
    chapter = next((chapter for chapter in CHAPTERS if name in chapter.tables), None)
    if chapter is None or not is_editor(request.user):
        raise Http404
    form = _form(chapter, request)
    if not form.is_valid():
        said = [f"{form.fields[field].label}: {' '.join(errors)}" for field, errors in form.errors.items()]
        return HttpResponse("\n".join(said), status=400, content_type="text/plain; charset=utf-8")
    figure = next(figure for figure in chapter.figures(form.scope(request.user)) if figure.name == name)
    return as_file(as_csv(figure.table), f"{name}.csv")


def _form(chapter: Chapter, request: HttpRequest) -> ScopeForm:
    return ScopeForm(request.GET, now=clock.now(), by_specialty=chapter.by_specialty)


def as_file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def health_card(user: User) -> Iterable[Card]:
    """For chief editors, on the desk's home page: three numbers of the last 90 days."""
    if not is_chief(user):
        return
    scope = usual(user, now=clock.now())
    kept = share(kept for _seat, kept in board.due_ones(rows.due(scope), scope))
    took = pace.to_decision(rows.decided(scope), scope.period)
    late = sum(queue.overdue(scope))
    page = _address(CHAPTERS[1])
    items = [
        {
            "title": _("On time: %(rate)s") % {"rate": f"{kept.percent:.0f}%" if kept else "–"},
            "url": page,
            "meta": counted(kept.whole, "%(n)s review", "%(n)s reviews") if kept else _("No review fell due."),
        },
        {
            "title": _("To a decision: %(days)s") % {"days": days(took.median) if took else "–"},
            "url": _address(CHAPTERS[0]),
            "meta": counted(took.count, "median of %(n)s round", "median of %(n)s rounds")
            if took
            else _("Nothing was decided."),
        },
        {
            "title": _("Overdue now: %(n)s") % {"n": f"{late:,}"},
            "url": _address(CHAPTERS[2]),
            "meta": _("open reviews past their day"),
            "badge": {"state": "", "kind": "bad", "label": _("Overdue")} if late else None,
        },
    ]
    yield Card(_("Health of the desk, 90 days"), items, url=reverse("admin:metrics"), weight=3)


def _address(chapter: Chapter) -> str:
    first = chapter is CHAPTERS[0]
    return reverse("admin:metrics") if first else reverse("admin:metrics_chapter", args=[chapter.name])


add_cards(health_card)
add_page(Page("metrics/", metrics, "metrics"))
add_page(Page("metrics/<slug:name>.csv", metrics_csv, "metrics_csv"))
add_page(Page("metrics/<slug:name>/", metrics, "metrics_chapter"))
