"""PostgreSQL's full text, and its trigrams for typing errors. A migration makes column and indexes."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from articles.models import SearchEntry
from articles.reader.search.engine import EVERYWHERE, MOST_COUNTED, MOST_LIKE, NEWEST

_COUNTS = """
WITH known AS MATERIALIZED (
    SELECT seen.term FROM pg_stats JOIN pg_class ON pg_class.oid = '"articles_searchentry"'::regclass,
    unnest(most_common_elems::text::text[], most_common_elem_freqs) AS seen(term, part)
    WHERE schemaname = current_schema() AND tablename = 'articles_searchentry' AND attname = 'search'
    AND part * reltuples >= %s
)
SELECT term, CASE WHEN term IN (SELECT term FROM known) THEN %s ELSE (SELECT count(*) FROM (
    SELECT FROM "articles_searchentry" WHERE search @@ to_tsquery('simple', '''' || term || '''') LIMIT %s
) AS having_it) END FROM unnest(%s::text[]) AS asked(term)
UNION ALL SELECT '', (SELECT count(*) FROM (SELECT FROM "articles_searchentry" LIMIT %s) AS all_of_them)
UNION ALL SELECT ' ', (SELECT GREATEST(max(id) - %s, 0) FROM "articles_searchentry")
"""
"""A word's passages are counted to a limit, but the index gathers them all first, hundreds of thousands. What the
database's own statistics know to be everywhere, twice over since they are of a sample, isn't counted.
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
        cursor.execute(_COUNTS, [2 * EVERYWHERE, EVERYWHERE, EVERYWHERE, list(terms), MOST_COUNTED * 20, NEWEST])
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
