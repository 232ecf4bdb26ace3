"""The row behind the pages that are asked for most: asked for plainly, and again where the connection was dead."""

from unittest import mock

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublicPage
from articles.reader.rows import Row
from articles.reader.views import article as view
from editorial.models import User

PAGES = Row(lambda slug: PublicPage.objects.filter(slug=slug).values_list("title", "is_current", "next_review_due"))


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_row_holds_what_the_query_itself_gives(story):
    story.published()
    page = PublicPage.objects.get()
    assert PAGES.of(page.slug) == (page.title, page.is_current, page.next_review_due)
    assert PAGES.of("nothing-here") is None


@pytest.mark.django_db
def test_a_value_is_data_whatever_stands_in_it(story):
    story.published()
    assert PAGES.of("' OR '1' = '1") is None


@pytest.mark.django_db
def test_a_query_that_takes_more_than_the_value_is_refused():
    greedy = Row(lambda slug: PublicPage.objects.filter(slug=slug, number=1).values_list("title"))
    with pytest.raises(ValueError, match="one value alone"):
        greedy.of("any")


@pytest.mark.django_db
def test_the_query_is_made_once(story):
    made = mock.Mock(side_effect=PAGES.rows)
    row = Row(made)
    for slug in ("one", "two", "three"):
        row.of(slug)
    assert made.call_count == 1


@pytest.mark.django_db
def test_what_changes_in_the_table_is_in_the_next_answer(story):
    slug = story.published().slug
    PAGES.of(slug)
    PublicPage.objects.update(title="Another title?")
    assert PAGES.of(slug)[0] == "Another title?"


@pytest.fixture
def cut():
    """Ends this connection from the server's side, as a restart does."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that could be cut")

    def cut_now() -> None:
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    return cut_now


@pytest.mark.django_db(transaction=True)
def test_a_reader_never_sees_that_the_database_was_restarted(story, cut):
    path = f"/articles/{story.published().slug}/"
    tag = Client().get(path)["ETag"]
    cut()
    assert Client().get(path).status_code == 200
    cut()
    assert Client().get(path, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.django_db(transaction=True)
def test_a_query_that_fails_on_a_living_connection_is_not_asked_twice(people):
    PAGES.of("any")
    with CaptureQueriesContext(connection) as asked, pytest.raises(DatabaseError):
        impossible().of("any")
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_query_that_fails_leaves_the_transaction_around_it_its_connection(people):
    with pytest.raises(DatabaseError), transaction.atomic():
        impossible().of("any")
    assert User.objects.filter(username="tom").exists()


def impossible() -> Row:
    row = Row(PAGES.rows)
    vars(row)["_compiled"] = ("SELECT 1 / 0, %s", tuple)
    return row


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_nothing_is_asked_twice(people, cut):
    PAGES.of("any")
    with pytest.raises(OperationalError):
        _read_once_cut(cut)


def _read_once_cut(cut) -> None:
    with transaction.atomic():
        cut()
        PAGES.of("any")


@pytest.mark.django_db
@pytest.mark.sqlite
def test_whoever_has_the_page_costs_no_text(story):
    path = f"/articles/{story.published().slug}/"
    tag = Client().get(path)["ETag"]
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(path, headers={"if-none-match": tag})
    assert answer.status_code == 304
    assert len(asked) == 1
    assert "main_html" not in asked[0]["sql"]


@pytest.mark.django_db
def test_who_has_an_older_one_gets_the_text_and_the_new_stamp(story):
    path = f"/articles/{story.published().slug}/"
    tag = Client().get(path)["ETag"]
    PublicPage.objects.update(fingerprint="f" * 64)
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(path, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert len(answer.content) > 1000
    assert answer["ETag"].startswith(f'"{"f" * 32}-')
    assert len(asked) == 2


@pytest.mark.django_db
def test_both_rows_are_of_the_current_version_alone(story):
    for row in (view.STAMP, view.WHOLE):
        assert "is_current" in row._compiled[0].split("WHERE")[1]
