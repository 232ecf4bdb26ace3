"""PostgreSQL's full text, and its trigrams for typing errors. A migration makes column and indexes."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from articles.models import SearchEntry
from articles.reader.search.engine import EVERYWHERE, MOST_COUNTED, MOST_LIKE, NEWEST

_COUNTS = """
SELECT term, (SELECT count(*) FROM (
    SELECT FROM "articles_searchentry" WHERE search @@ to_tsquery('simple', '''' || term || '''') LIMIT %s
) AS having_it) FROM unnest(%s::text[]) AS asked(term)
UNION ALL SELECT '', (SELECT count(*) FROM (SELECT FROM "articles_searchentry" LIMIT %s) AS all_of_them)
UNION ALL SELECT ' ', (SELECT GREATEST(max(id) - %s, 0) FROM "articles_searchentry")
"""
_LIKE = """
(SELECT title || ' ' || text FROM "articles_searchentry"
 WHERE position = 0 AND %s <%% (title || ' ' || text)
 ORDER BY word_similarity(%s, title || ' ' || text) DESC, id LIMIT %s)
"""
_MATCHES = "\"articles_searchentry\".search @@ to_tsquery('simple', %s)"
_MATCHES_NEW = f'({_MATCHES} AND "articles_searchentry".id > %s)'
_MATCHES_OR_NEW = f"({_MATCHES} OR {_MATCHES_NEW})"
_RANK = "ts_rank('{0.2, 0.4, 0.8, 1.0}', \"articles_searchentry\".search, to_tsquery('simple', %s))"


def counts(terms: Sequence[str]) -> tuple[dict[str, int], int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [EVERYWHERE, list(terms), MOST_COUNTED * 20, NEWEST])
        found = dict(cursor.fetchall())
    return found, found.pop(""), found.pop(" ") or 0


def like(words: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        values = [value for word in words for value in (word, word, MOST_LIKE)]
        cursor.execute(" UNION ALL ".join([_LIKE] * len(words)), values)
        return [text for (text,) in cursor.fetchall()]


def matching(
    terms: Sequence[str], most: int, everywhere: Collection[str] = (), beyond: int = 0
) -> QuerySet[SearchEntry]:
    query = _any_of(terms)
    found = SearchEntry.objects.filter(page__is_listed=True).annotate(
        matches=RawSQL(*_matches(terms, everywhere, beyond), output_field=BooleanField()),
        rank=RawSQL(_RANK, [query], output_field=FloatField()),
    )
    return found.filter(matches=True).order_by("-rank", "pk")[:most]


def _matches(terms: Sequence[str], everywhere: Collection[str], beyond: int) -> tuple[str, list[object]]:
    rare = [term for term in terms if term not in everywhere]
    if not everywhere or not beyond:
        return _MATCHES, [_any_of(terms)]
    newest = [_any_of(sorted(everywhere)), beyond]
    return (_MATCHES_OR_NEW, [_any_of(rare), *newest]) if rare else (_MATCHES_NEW, newest)


def _any_of(terms: Sequence[str]) -> str:
    return " | ".join(f"'{term}'" for term in terms)
