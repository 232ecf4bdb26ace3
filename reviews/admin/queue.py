"""The queue's page: named views with counts, filters, one row an article with whose turn it is and the next act."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from editorial import clock, tallies
from editorial.admin.verbs import article_url
from editorial.registry import Page, add_page
from editorial.roles import is_editor
from reviews.admin import by_hand, listing
from reviews.admin.queue_acts import buttons_of
from reviews.metrics.tables import harmless
from reviews.queue import counting
from reviews.queue.looking import LookForm
from reviews.queue.named import VIEWS, Moment
from reviews.queue.rows import rows_of, with_standing

MOST_EXPORTED = 5_000
"""Rows of one file: what an editor opens in a spreadsheet. Whoever wants more narrows the view."""

COLUMNS = (
    *("title", "state", "waits for", "for what", "due on", "days in state"),
    *("approvals", "quorum", "risk", "specialty"),
)


def queue(request: HttpRequest) -> HttpResponse:
    """GET changes nothing. Whoever is no editor finds nothing here."""
    _editors_only(request)
    at = Moment(clock.now())
    look = LookForm(request.GET, request.user)
    page = look.page(look.narrow(look.named.seen_by(request.user, at), request.user, at.now))
    shown = rows_of(page.rows, request.user, at)
    context = admin.site.page_context(
        request,
        title=_("Queue"),
        look=look,
        views=_views(look, counting.counts(request.user, at.now)),
        acts=buttons_of(look.named.name),
        pace=listing.standing(at.listed, request.user) if look.named.name == "week" else None,
        rows=[{**row, "next": next_act(row)} for row in shown],
        newer=look.address(before=page.before) if page.before else "",
        older=look.address(after=page.after) if page.after else "",
        export=look.address(),
    )
    return TemplateResponse(request, "admin/reviews/queue/page.html", context)


def count(request: HttpRequest) -> HttpResponse:
    """The counts alone, for a page that stands open."""
    _editors_only(request)
    found = counting.counts(request.user, clock.now())
    return JsonResponse({name: tallies.shown(number) for name, number in found.items()})


def export(request: HttpRequest) -> HttpResponse:
    """The same view as a spreadsheet's file, at most ``MOST_EXPORTED`` rows."""
    _editors_only(request)
    at = Moment(clock.now())
    look = LookForm(request.GET, request.user, shown=False)
    rows = with_standing(look.narrow(look.named.seen_by(request.user, at), request.user, at.now))
    order = look.order
    rows = rows.annotate(place=order.expression).order_by("-place" if order.descending else "place", "pk")
    lines = _lines(list(rows[:MOST_EXPORTED]), request.user, at)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="queue-{look.named.name}-{at.now:%Y-%m-%d}.csv"'
    return response


def _editors_only(request: HttpRequest) -> None:
    if not is_editor(request.user):
        raise Http404


def _views(look: LookForm, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Views for the side: all that hold something, and the others after them in small."""
    return [
        {
            "name": view.name,
            "label": view.label,
            "count": tallies.shown(counts[view.name]),
            "quiet": not counts[view.name],
            "trouble": view.trouble and bool(counts[view.name]),
            "current": view is look.named,
            "url": look.address(view=view.name if view is not VIEWS[0] else ""),
        }
        for view in VIEWS
    ]


Address = Callable[[dict[str, Any]], str]


def _verb(name: str) -> Address:
    return lambda row: reverse("admin:articles_article_verb", args=[row["article"].pk, name])


def _article(part: str = "") -> Address:
    return lambda row: article_url(row["article"]) + part


NEXT: dict[str, tuple[Any, Address]] = {
    "triage": (gettext_lazy("Triage"), _verb("triage")),
    "open_round": (gettext_lazy("Choose the panel"), _verb("open_round")),
    "add_seat": (gettext_lazy("Add a seat"), _verb("add_seat")),
    "re_review": (gettext_lazy("Ask the board"), _verb("re_review")),
    "decide": (gettext_lazy("Decide"), _article()),
    "objection": (gettext_lazy("See the objection"), _article("#objections-heading")),
    "remind": (gettext_lazy("Remind"), lambda row: by_hand.url_for(*row["late"])),
    "open_now": (gettext_lazy("Open it now"), _verb("open_round")),
    "look": (gettext_lazy("Open"), _article()),
}


def next_act(row: dict[str, Any]) -> dict[str, str]:
    """The next act of a row, as a link: its page asks before anything happens."""
    act = row["turn"].act or "look"
    label, url = NEXT["look" if row["wrote"] or row["judges"] else act]
    return {"label": label, "url": url(row)}


def _lines(articles: list[Article], user: Any, at: Moment) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows_of(articles, user, at):
        article, turn = row["article"], row["turn"]
        cells = [
            article.title,
            article.state_label,
            turn.who,
            turn.what,
            turn.due_on or "",
            row["days"],
            "" if row["approvals"] is None else row["approvals"],
            row["quorum"] or "",
            article.get_risk_tier_display(),
            article.specialty or "",
        ]
        yield writer.writerow([harmless(str(cell)) for cell in cells])


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


add_page(Page("queue/", queue, "queue"))
add_page(Page("queue/counts/", count, "queue_counts"))
add_page(Page("queue/export.csv", export, "queue_export"))
