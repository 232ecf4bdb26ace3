"""Sitemaps (sitemaps.org, protocol 0.9): an index, one map of the site's own pages, and maps of articles by number.

A map takes the pages whose rows' numbers lie in its range, so that each costs the same among a million.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from html import escape

from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, Max
from django.urls import Resolver404, resolve

from articles.models import PublicMember, PublicPage, PublicTopic

EACH = 10_000
"""Pages a map has at most; the protocol allows 50,000 and 50 MB."""
SITE = 0
"""The number of the map of the site's own pages."""
FURTHEST = 10**9

URLS = "articles.reader.urls"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Row = tuple[str, date | None]
_sections: list[Callable[[], Iterable[Row]]] = []


def add(section: Callable[[], Iterable[Row]]) -> Callable[[], Iterable[Row]]:
    """Have the site's own map list what ``section`` yields: addresses, each with the day it last changed if known."""
    if section not in _sections:
        _sections.append(section)
    return section


def index() -> str:
    """Names the maps that aren't empty. One query."""
    number = ExpressionWrapper(F("pk") / EACH, output_field=BigIntegerField())
    rows = PublicPage.objects.filter(is_listed=True).annotate(map=number).order_by("map")
    found = rows.values_list("map").annotate(newest=Max("last_updated"))
    maps = [(f"/sitemap-{SITE}.xml", None), *((f"/sitemap-{at + 1}.xml", newest) for at, newest in found)]
    return _document("sitemapindex", "sitemap", maps)


def part(number: int) -> str | None:
    """The map of that number; None where it would be empty."""
    if number > FURTHEST:
        return None
    rows = list(_site() if number == SITE else _articles(number))
    return _document("urlset", "url", rows) if rows else None


def _articles(number: int) -> Iterator[Row]:
    first = (number - 1) * EACH
    rows = PublicPage.objects.filter(is_listed=True, pk__gte=first, pk__lt=first + EACH).order_by("pk")
    for slug, changed in rows.values_list("slug", "last_updated").iterator(chunk_size=2000):
        yield f"/articles/{slug}/", changed


def _site() -> Iterator[Row]:
    left = EACH
    for section in _sections:
        for row in section():
            if not left:
                return
            left -= 1
            yield row


@add
def _pages() -> Iterator[Row]:
    for path in ("/", "/policy/", "/topics/", "/board/"):
        if _is_answered(path):
            yield path, None


@add
def _topics() -> Iterator[Row]:
    if _is_answered("/topics/any/"):
        for slug in PublicTopic.objects.order_by("slug").values_list("slug", flat=True)[:EACH]:
            yield f"/topics/{slug}/", None


@add
def _members() -> Iterator[Row]:
    if _is_answered("/board/any/"):
        for slug in PublicMember.objects.order_by("slug").values_list("slug", flat=True)[:EACH]:
            yield f"/board/{slug}/", None


def _is_answered(path: str) -> bool:
    """Whether the public site has such a page at all."""
    try:
        resolve(path, URLS)
    except Resolver404:
        return False
    return True


def _document(root: str, each: str, rows: Iterable[Row]) -> str:
    lines = [
        f"<{each}><loc>{escape(settings.PUBLIC_URL + path)}</loc>"
        + (f"<lastmod>{changed.isoformat()}</lastmod>" if changed else "")
        + f"</{each}>\n"
        for path, changed in rows
    ]
    return f"{HEAD}<{root} {SPACE}>\n{''.join(lines)}</{root}>\n"
