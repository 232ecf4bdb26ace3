"""The article's timeline: a panel with its latest entries on its page, and all of it on a page of its own."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import conditions
from articles.admin.article import shown
from articles.models import Article
from editorial.models import User
from editorial.registry import Page, Panel, add_page, add_panels
from reviews.timeline import entries, reading, words
from reviews.timeline.case import case_of

LATEST = 8
"""How many entries stand on the article's own page."""


def show_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of it: ``kind`` narrows it, ``before`` is where the page before ended. What can't be read is said."""
    article = Article.objects.defer("frozen_snapshot", "frozen_html").filter(pk=pk).first()
    if article is None or not conditions.may_see(article, request.user):
        raise Http404
    group, before, problem = _asked(request)
    found = reading.page(case_of(article, request.user), group=group, before=before)
    context = admin.site.page_context(
        request,
        title=_("Timeline"),
        article=shown(article),
        timeline=found,
        zone=request.user.time_zone,
        groups=_groups(article, group),
        problem=problem,
        older=_address(article, kind=group, before=found.after) if found.after else "",
        newest=_address(article, kind=group) if before else "",
    )
    return TemplateResponse(request, "admin/reviews/timeline/page.html", context)


def timeline_panel(article: Article, user: User) -> Iterable[Panel]:
    found = reading.page(case_of(article, user), size=LATEST)
    context = {"timeline": found, "zone": user.time_zone, "groups": _groups(article, ""), "url": _address(article)}
    yield Panel("admin/reviews/timeline/panel.html", context, rank=60)


def _asked(request: HttpRequest) -> tuple[str, entries.Key | None, str]:
    """Which kind, from which place, and in words what in the address couldn't be read."""
    group = request.GET.get("kind", "")
    problem = ""
    if group not in ("", *(name for name, _label in words.GROUPS)):
        group, problem = "", _("This kind of entry isn't known, so all are shown. Choose one below.")
    try:
        return group, entries.place(request.GET.get("before", "")), problem
    except (ValueError, OverflowError):
        return group, None, _("The place in the timeline can't be read; this is its newest end.")


def _groups(article: Article, chosen: str) -> list[dict[str, Any]]:
    offered = (("", _("Everything")), *words.GROUPS)
    return [{"label": label, "url": _address(article, kind=name), "current": name == chosen} for name, label in offered]


def _address(article: Article, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    url = reverse("admin:timeline", args=[article.pk])
    return f"{url}?{urlencode(given)}" if given else url


add_page(Page("articles/article/<int:pk>/timeline/", show_timeline, "timeline"))
add_panels(timeline_panel)
