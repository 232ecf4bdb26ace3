"""The desk's main pages ask the database as often among 10,000 articles as among one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from reviews.models import ReviewAssignment
from tests.desk import Person
from tests.many import multiply

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MANY = 10_000


def costs(seat: ReviewAssignment, article: Article) -> dict[str, int]:
    pages = (
        *(("tom", "/admin/"), ("ingrid", "/admin/"), ("claire", "/admin/"), ("nora", "/admin/")),
        *(("tom", "/admin/queue/"), ("tom", "/admin/queue/?view=reviews"), ("tom", "/admin/articles/article/")),
        *(("tom", f"/admin/articles/article/{article.pk}/change/"), ("claire", seat.get_absolute_url())),
        *(("tom", "/admin/search/?q=pressure"), ("claire", "/admin/notifications/")),
    )
    asked = {}
    for who, path in pages:
        person = Person(who)
        assert person.client.get(path).status_code == 200, path
        with CaptureQueriesContext(connection) as queries:
            person.client.get(path)
        asked[f"{who} {path}"] = len(queries)
    return asked


def test_the_main_pages_ask_as_often_among_10_000_articles_as_among_a_few(story):
    round = story.round()
    seat, article = story.seat(round, "claire"), Article.objects.get(pk=round.article_id)
    multiply(round, 40)
    few = costs(seat, article)
    multiply(round, MANY, first=40)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    many = costs(seat, article)
    print(f"queries among {MANY:,} articles: {many}")
    assert many == few
