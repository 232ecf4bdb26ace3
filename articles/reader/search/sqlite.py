"""SQLite's FTS5, for the demo. A migration makes the table beside the passages."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

from articles.models import SearchEntry
from articles.reader.search.engine import MOST_COUNTED

LOOKED_THROUGH = 500
"""Titles and short answers, of the newest articles, in which a mistyped word is looked for."""

_COUNT = """
SELECT %s, (SELECT count(*) FROM (
    SELECT 1 FROM "articles_searchentry_fts" WHERE "articles_searchentry_fts" MATCH %s LIMIT %s
))
"""
_TOTAL = """SELECT '', (SELECT count(*) FROM (SELECT 1 FROM "articles_searchentry" LIMIT %s))"""
_MATCHING = 'SELECT rowid FROM "articles_searchentry_fts" WHERE "articles_searchentry_fts" MATCH %s'
_RANK = """
(SELECT bm25("articles_searchentry_fts", 4.0, 1.0) FROM "articles_searchentry_fts"
 WHERE "articles_searchentry_fts" MATCH %s AND rowid = "articles_searchentry"."id")
"""


def counts(terms: Sequence[str]) -> tuple[dict[str, int], int, int]:
    values = [value for term in terms for value in (term, f'"{term}"', MOST_COUNTED)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*[_COUNT] * len(terms), _TOTAL]), [*values, MOST_COUNTED * 20])
        found = dict(cursor.fetchall())
    return found, found.pop(""), 0


def like(words: Sequence[str]) -> list[str]:
    rows = SearchEntry.objects.filter(position=0).order_by("-pk").values_list("title", "text")[:LOOKED_THROUGH]
    return [f"{title} {text}" for title, text in rows]


def matching(
    terms: Sequence[str], most: int, everywhere: Collection[str] = (), beyond: int = 0
) -> QuerySet[SearchEntry]:
    """What is ``everywhere`` makes no difference: the demo is small, and the index ranks as it goes."""
    query = " OR ".join(f'"{term}"' for term in terms)
    found = SearchEntry.objects.filter(page__is_listed=True, pk__in=RawSQL(_MATCHING, [query]))
    return found.annotate(rank=RawSQL(_RANK, [query], output_field=FloatField())).order_by("rank", "pk")[:most]
