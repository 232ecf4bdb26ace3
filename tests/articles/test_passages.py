"""The passages of live pages follow their publications, and a tampered one is found."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from articles import projection, search_index
from articles.models import Publication, SearchEntry
from articles.reader.search import finding
from reviews import verification

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_live_page_has_its_title_first_and_then_its_sections(story):
    story.published()
    rows = SearchEntry.objects.order_by("position").values_list("audience", "position", "kind", "anchor", "text")
    assert [row[:4] for row in rows] == [
        ("", 0, "", "short-answer"),
        ("clinician", 1, "guideline", "clinician-s1"),
        ("clinician", 2, "research", "clinician-s2"),
    ]
    assert rows[1][4] == "A target below 130 mm Hg is recommended for most adults with high blood pressure."


@pytest.mark.parametrize("tamper", [{"text": "Another dose."}, {"html": "<p>x</p>"}, {"title": "X?"}, {"words": "x"}])
def test_a_tampered_passage_is_found_and_made_afresh(story, tamper):
    publication = Publication.objects.get(article=story.published())
    SearchEntry.objects.filter(position=1).update(**tamper)
    assert projection.differences(publication) == ["passages"]
    assert any("passages" in line for line in map(str, verification.pages()))

    said = StringIO()
    call_command("rebuild_public", stdout=said)
    assert "1 pages differed" in said.getvalue()
    assert projection.differences(publication) == []


def test_a_missing_passage_and_one_too_many_are_found(story):
    publication = Publication.objects.get(article=story.published())
    row = SearchEntry.objects.get(position=2)
    row.delete()
    assert projection.differences(publication) == ["passages"]
    row.pk, row.position = None, 7
    row.save()
    assert projection.differences(publication) == ["passages"]


def test_projecting_what_stands_already_asks_once_and_writes_nothing(story):
    publication = Publication.objects.get(article=story.published())
    with CaptureQueriesContext(connection) as queries:
        projection.project(publication)
    about = [query["sql"] for query in queries if "articles_searchentry" in query["sql"]]
    assert len(about) == 1
    assert about[0].startswith("SELECT")


def test_sqlite_gets_its_triggers_back_after_a_migration_dropped_them(story):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps a generated column")
    with connection.cursor() as cursor:
        for name in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER articles_searchentry_fts_{name}")
    story.published()
    assert not finding.find("blood pressure").articles
    assert len(search_index.missing()) == 3

    search_index.install()
    assert search_index.missing() == []
    assert len(finding.find("blood pressure").articles) == 1


def test_the_migration_can_be_taken_back_and_made_again(transactional_db):
    executor = MigrationExecutor(connection)
    state: ProjectState = executor.loader.project_state([("articles", "0011_search_index")])
    module = executor.loader.get_migration("articles", "0011_search_index")
    run = next(each for each in module.operations if isinstance(each, migrations.RunPython))
    for make in (run.reverse_code, run.code):
        with connection.schema_editor() as editor:
            make(state.apps, editor)
    assert not finding.find("blood pressure").articles
