"""Among many articles no page and no verb reads a large table whole. Dropped or unused indexes show here."""

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


def test_no_page_or_verb_reads_a_large_table_whole(transactional_db):
    call_command("load_scale", ARTICLES, stdout=StringIO())
    large = larger_than(LARGE)
    assert {"articles_article", "articles_publication", "reviews_reviewassignment", "editorial_auditevent"} <= large
    queries = {act.name: asked_by(act) for act in all_acts()}
    assert sum(map(len, queries.values())) > 200
    found = _whole(queries, large)
    assert not found, "\n".join(one.in_words()[:1_000] for one in found)
    _dropped_index_is_found(queries, large)


def _whole(queries: dict[str, list[str]], large: set[str]) -> list[Whole]:
    return [one for act, asked in queries.items() for one in read_whole(act, asked, large)]


def _dropped_index_is_found(queries: dict[str, list[str]], large: set[str]) -> None:
    """So that an empty list says something."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_publicpage DROP CONSTRAINT one_page_a_version")
        cursor.execute(
            "DROP INDEX one_current_page_a_slug, articles_publicpage_slug_b907318d,"
            " articles_publicpage_slug_b907318d_like"
        )
        found = {(one.act, one.table) for one in _whole(queries, large)}
        transaction.set_rollback(True)
    assert ("reader: an article", "articles_publicpage") in found
