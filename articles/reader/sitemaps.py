"""Sitemaps (sitemaps.org, protocol 0.9): an index, one map of the site's own pages, and maps of articles by number.

A map takes the pages whose rows' numbers lie in its range, so that each costs the same among a million.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, Max

from articles.models import PublicPage
from articles.reader import answers, listing, people

EACH = 10_000
"""Pages a map has at most; the protocol allows 50,000 and 50 MB."""
SITE = 0
"""The number of the map of the site's own pages."""
FURTHEST = 10**9

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Row = tuple[str, date | None]


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


def _site() -> list[Row]:
    """The site's own pages, each of which is answered."""
    paths = ["/", "/policy/", "/topics/", "/board/"]
    paths += [f"/topics/{slug}/" for slug in listing.topics().values_list("slug", flat=True)[:EACH]]
    paths += [f"/board/{slug}/" for slug in people.with_page(answers.today()).values_list("slug", flat=True)[:EACH]]
    return [(path, None) for path in paths[:EACH]]


def _document(root: str, each: str, rows: Iterable[Row]) -> str:
    lines = [
        f"<{each}><loc>{escape(settings.PUBLIC_URL + path)}</loc>"
        + (f"<lastmod>{changed.isoformat()}</lastmod>" if changed else "")
        + f"</{each}>\n"
        for path, changed in rows
    ]
    return f"{HEAD}<{root} {SPACE}>\n{''.join(lines)}</{root}>\n"
