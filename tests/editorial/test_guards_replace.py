"""SQLite’s OR REPLACE deletes whatever stands in the way of a unique key; the guards see it coming."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from articles import workflow as bare
from articles.models import Publication
from editorial.verbs import save
from tests.editorial.test_guards import GUARDED, is_refused, recorded, sql, table  # noqa: F401


def replaces(statement: str, model: type[models.Model]) -> bool:
    """Whether a row went when this one came; whatever the statement did is undone."""
    before = model._base_manager.count()
    try:
        with transaction.atomic():
            sql(statement)
            transaction.set_rollback(True)
            return model._base_manager.count() == before
    except DatabaseError:
        return False


@pytest.mark.sqlite
def test_no_recorded_row_is_replaced_through_another_unique_key(request, db):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    request.getfixturevalue("recorded")
    replaced = []
    for label in GUARDED:
        model = apps.get_model(label)
        key = model._meta.pk.column
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.primary_key)
        new = (
            f"'{'f' * 32}'" if label == "editorial.HandledRequest" else f'(SELECT max("{key}") + 9 FROM {table(label)})'
        )
        values = f"SELECT {new}, {columns} FROM {table(label)} LIMIT 1"
        statement = f'INSERT OR REPLACE INTO {table(label)} ("{key}", {columns}) {values}'
        if replaces(statement, model):
            replaced.append(label)
    assert replaced == []
    assert is_refused("UPDATE articles_publication SET rowid = rowid + 100")


@pytest.mark.sqlite
def test_moving_a_status_replaces_no_other_version(story):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    article = bare.revise(story.published(), actor=story.people["nora"], now=story.tick(), reason="New trial.")
    variant = article.variants.get()
    variant.body = variant.body.replace("130 mm Hg", "125 mm Hg")
    save(variant, actor=story.people["nora"])
    round = story.round(article=article)
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    assert is_refused("UPDATE OR REPLACE articles_publication SET status = 'live' WHERE number = 1")
    assert Publication.objects.count() == 2
