"""The topics and authors of each version of an article's row, written by few queries and shown by few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from simple_history.models import HistoricalRecords

from articles.models import Article, Topic
from articles.models.link_records import LinkRecords
from editorial.models import User
from editorial.verbs import save, work

pytestmark = pytest.mark.django_db


def saved_again(article: Article, story) -> None:
    with work(actor=story.people["tom"], now=story.tick()):
        save(article, actor=story.people["tom"], reason="looked at")


def links(article: Article) -> tuple[list[int], list[int]]:
    newest = article.history.first()
    rows = newest.topics.values_list("topic", flat=True), newest.authors.values_list("user", flat=True)
    return sorted(rows[0]), sorted(rows[1])


def test_each_version_keeps_the_topics_and_authors_it_had(story):
    article = story.draft()
    other = Topic.objects.create(slug="stroke", name="Stroke")
    article.topics.add(other)
    article.authors.add(User.objects.get(username="tom"))
    before = links(article)
    saved_again(article, story)
    assert (
        links(article)
        == before
        == (
            sorted(article.topics.values_list("pk", flat=True)),
            sorted(article.authors.values_list("pk", flat=True)),
        )
    )
    article.topics.remove(other)
    saved_again(article, story)
    assert links(article)[0] == sorted(article.topics.values_list("pk", flat=True))
    assert other.pk in article.history.all()[2].topics.values_list("topic", flat=True)


def test_it_writes_what_the_library_writes(story, monkeypatch):
    article = story.draft()
    saved_again(article, story)
    own = links(article)
    monkeypatch.setattr(LinkRecords, "create_historical_record_m2ms", HistoricalRecords.create_historical_record_m2ms)
    saved_again(article, story)
    assert links(article) == own


def test_the_history_shows_what_links_changed_and_costs_the_same_for_many_versions(story, sign_in):
    article, tom = story.draft(), sign_in("tom")
    with work(actor=story.people["tom"], now=story.tick()):
        article.topics.add(Topic.objects.create(slug="stroke", name="Stroke"))
    path = f"/admin/articles/article/{article.pk}/history/"
    assert "Stroke" in tom.get(path).text
    with CaptureQueriesContext(connection) as few:
        tom.get(path)
    for _ in range(10):
        saved_again(article, story)
    with CaptureQueriesContext(connection) as many:
        tom.get(path)
    assert len(many) == len(few)
