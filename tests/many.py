"""Many articles at once, as copies straight to their tables: for what must cost the same among few and among many."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Model

from articles.models import Article
from reviews.models import ReviewRound


def values_of(row: Model, **changed: Any) -> dict[str, Any]:
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return {**own, **changed}


def copied(rows: list[Model], change: Callable[[int, Model], dict[str, Any]]) -> list[Any]:
    """``rows`` once more each, with what ``change`` gives for its number; straight to the table."""
    if not rows:
        return []
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
