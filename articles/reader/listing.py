"""Lists of articles, the one that was reviewed last first, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from articles.models import PublicPage, PublicPageTopic, PublicTopic
from editorial import keyset

SIZE = 20
FIELDS = ("title", "slug", "short_answer", "review_line", "last_reviewed", "topics")
NEWEST = keyset.Order(F("last_reviewed"), keyset.day, descending=True)
NEWEST_ABOUT = keyset.Order(F("reviewed_on"), keyset.day, descending=True)


@dataclass(frozen=True)
class Listing:
    """``entries`` as ``articles/reader/entries.html`` takes them, and where the pages around it begin."""

    entries: list[dict[str, Any]]
    newer: str
    older: str
    is_first: bool


def of(rows: QuerySet[PublicPage], request: HttpRequest) -> Listing:
    """The page of ``rows`` that the address asks for; the first where the address names no place."""
    return _asked(rows.filter(is_listed=True).only(*FIELDS), NEWEST, request, lambda row: row)


def about(topic: PublicTopic, request: HttpRequest) -> Listing:
    """The same of a topic, by the rows that hold its pages' days: a topic and a day are found by one index."""
    rows = PublicPageTopic.objects.filter(publictopic=topic, reviewed_on__isnull=False).select_related("publicpage")
    rows = rows.only("reviewed_on", *[f"publicpage__{name}" for name in FIELDS])
    return _asked(rows, NEWEST_ABOUT, request, lambda row: row.publicpage)


def _asked(
    rows: QuerySet[Any], order: keyset.Order, request: HttpRequest, page: Callable[[Any], PublicPage]
) -> Listing:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        cut = keyset.cut(rows, order, size=SIZE, after=after, before=before)
        is_first = not (after or before)
    except ValueError:
        cut, is_first = keyset.cut(rows, order, size=SIZE), True
    return Listing([entry(page(row)) for row in cut.rows], newer=cut.before, older=cut.after, is_first=is_first)


def entry(row: PublicPage) -> dict[str, Any]:
    return {
        "title": row.title,
        "slug": row.slug,
        "short_answer": row.short_answer,
        "reviewers_line": row.review_line,
        "reviewed_on": row.last_reviewed,
        "topics": row.topics,
    }


def topics() -> QuerySet[PublicTopic]:
    """Topics that an article on the site is about, by name. No other has an address: its name might tell of one.

    One article is looked for in each topic: asked whether there are any, the database would join them all first.
    """
    tied = PublicPageTopic.objects.filter(publictopic=OuterRef("pk"), reviewed_on__isnull=False)
    return PublicTopic.objects.alias(tied=Subquery(tied.values("pk")[:1])).exclude(tied=None).order_by("name")
