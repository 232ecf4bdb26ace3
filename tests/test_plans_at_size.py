"""Among many articles no page and no verb reads a large table whole. A dropped or unused index shows here."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.load.growth_acts import all_acts
from tests.load.growth_plans import Whole, asked_by, larger_than, read_whole

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="it reads PostgreSQL's plans"),
]

ARTICLES = 20_000
LARGE = 10_000
SEATS = frozenset({"reviews_reviewround", "reviews_reviewassignment"})
BEST_READ_WHOLE = {
    # Figures of 90 days, in which a tenth of these articles were reviewed.
    **dict.fromkeys(("chief's home", "metrics", "metrics: the board"), SEATS),
    # Of a word that is everywhere the newest 100,000 passages are ranked: at this size, all with their pages.
    **dict.fromkeys(
        ("reader: search, a common word", "reader: search, a question"), frozenset({"articles_publicpage"})
    ),
}


def test_no_page_or_verb_reads_a_large_table_whole(transactional_db):
    call_command("load_scale", ARTICLES, stdout=StringIO())
    large = larger_than(LARGE)
    assert {"articles_article", "articles_publication", "reviews_reviewassignment", "editorial_auditevent"} <= large
    queries = {act.name: asked_by(act) for act in all_acts()}
    assert sum(map(len, queries.values())) > 200
    found = list(_whole(queries, large))
    assert not found, "\n".join(one.in_words()[:1_000] for one in found)
    _dropped_index_is_found(queries, large)


def _whole(queries: dict[str, list[str]], large: set[str]) -> Iterator[Whole]:
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1")  # as for any disk without heads
    for act, asked in queries.items():
        for one in read_whole(act, asked, large):
            if one.table not in BEST_READ_WHOLE.get(act, ()):
                yield one


def _dropped_index_is_found(queries: dict[str, list[str]], large: set[str]) -> None:
    """So that an empty list says something."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP INDEX articles_newest, articles_by_words")
        found = {(one.act, one.table) for one in _whole(queries, large)}
        transaction.set_rollback(True)
    assert ("articles (the whole list)", "articles_article") in found
    assert ("desk search, a word in few titles", "articles_article") in found
