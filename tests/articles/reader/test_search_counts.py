"""How many passages have a word: counted to a limit, and taken from the database's statistics where they know."""

import pytest
from django.db import connection

from articles.models import PublicPage, SearchEntry
from articles.reader.search import postgres
from articles.search_words import indexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def everywhere(story, monkeypatch):
    """Thirty passages about zebras, of which the statistics know, and that are gone since; one about a yak."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite counts")
    monkeypatch.setattr(postgres, "EVERYWHERE", 10)
    story.published()
    page = PublicPage.objects.get()
    for number, word in enumerate([*["zebra"] * 30, "yak"]):
        SearchEntry.objects.create(page=page, audience="", position=100 + number, title=word, words=indexed(word))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_searchentry")
    SearchEntry.objects.filter(title="zebra").delete()


def test_a_word_that_the_statistics_know_to_be_everywhere_is_not_counted(everywhere):
    found, _passages, _beyond = postgres.counts(["zebra", "yak", "emu"])
    assert found == {"zebra": 10, "yak": 1, "emu": 0}


def test_a_word_that_fewer_have_is_counted_whatever_the_statistics_say(everywhere, monkeypatch):
    monkeypatch.setattr(postgres, "EVERYWHERE", 20)
    assert postgres.counts(["zebra"])[0] == {"zebra": 0}
