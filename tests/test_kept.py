"""Tests of tests/kept.py: what is put back is what was made."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from editorial.models import ChangeCapture, User
from tests import kept
from tests.conftest import NOW, cast_and_policy
from tests.story import Story


def test_the_cast_that_is_put_back_is_the_cast_that_was_made(db):
    kept.forget()
    found = []
    for _ in range(2):
        with transaction.atomic():
            kept.once("people", cast_and_policy)
            found.append({model: sorted(rows, key=repr) for model, rows in kept.every_row()})
            transaction.set_rollback(True)
    made, put_back = found
    assert put_back == made
    assert sum(map(len, made.values())) > 100


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there every scene is told")
def test_a_scene_that_is_put_back_is_the_scene_that_was_told(people):
    found = []
    for _ in range(2):
        with transaction.atomic():
            kept.begin()
            story = Story(people, NOW)
            article = story.published(title="Is salt safe?")
            state = {model: sorted(rows, key=repr) for model, rows in kept.every_row()}
            found.append((article.pk, story.now, state, noted()))
            call_command("verify", stdout=StringIO())
            transaction.set_rollback(True)
    told, put_back = found
    assert put_back == told
    assert len(told[3]) > 50


def test_a_scene_is_told_where_something_was_written_before(people):
    story = Story(people, NOW)
    kept.begin()
    User.objects.filter(username="tom").update(first_name="Tim")
    assert story.published().handling_editor.first_name == "Tim"


def test_scenes_of_other_words_are_told_apart(people):
    risks = []
    for risk in ("standard", "high"):
        with transaction.atomic():
            kept.begin()
            risks.append(Story(people, NOW).triaged(risk=risk).risk_tier)
            transaction.set_rollback(True)
    assert risks == ["standard", "high"]


def noted() -> list[tuple[str, str]]:
    """What the database noted of this very transaction."""
    rows = ChangeCapture.objects.extra(where=["transaction = pg_current_xact_id()::text::bigint"])
    return sorted(rows.values_list("table", "row"))
