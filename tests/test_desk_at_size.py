"""The desk's main pages ask the database as often among 10,000 articles as among one."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from reviews.models import ReviewAssignment, ReviewRound
from tests.desk import Person

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MANY = 10_000


def values_of(row: Model, **changed: Any) -> dict[str, Any]:
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return {**own, **changed}


def copied(rows: list[Model], change: Callable[[int, Model], dict[str, Any]]) -> list[Any]:
    """``rows`` once more each, with what ``change`` gives for its number; straight to the table."""
    model = type(rows[0])
    fresh = [model(**values_of(row, **change(number, row))) for number, row in enumerate(rows)]
    return model._base_manager.bulk_create(fresh, batch_size=1000)


def multiply(round: ReviewRound, count: int, *, first: int = 0) -> None:
    """So many more articles under review, each with a round and a panel like this one's."""
    article = Article.objects.get(pk=round.article_id)
    articles = copied([article] * count, lambda number, _row: {"uuid": uuid.uuid4(), "slug": f"copy-{first + number}"})
    authors = Article.authors.through
    authors.objects.bulk_create(
        [authors(article_id=copy.pk, user_id=article.authors.get().pk) for copy in articles], batch_size=1000
    )
    rounds = copied([round] * count, lambda number, _row: {"article_id": articles[number].pk})
    for seat in round.assignments.all():
        copied([seat] * count, lambda number, _row: {"round_id": rounds[number].pk})


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
