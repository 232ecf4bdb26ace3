"""Search among some twenty thousand passages: the index is used, and no more is asked than among few."""

import json
import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Publication, PublicPage, SearchEntry
from articles.reader.search import finding, postgres
from articles.search_words import indexed
from tests.articles.reader import corpus
from tests.many import copied

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PAGES, OF_EACH = 2_000, 10
COMMON = ["patients", "treatment", "dose", "medicine", "risk", "blood pressure", "weeks", "tablets", "pain"]


def words(chance: random.Random, count: int) -> str:
    """Text of made-up words, a third of them common ones."""
    made = [
        "".join(chance.choice(("ba", "lo", "mi", "ten", "zur", "ko", "pra", "vex")) for _ in range(3))
        for _ in range(count)
    ]
    return " ".join(chance.choice(COMMON) if chance.random() < 0.33 else word for word in made)


def pools(chance: random.Random) -> tuple[list[str], list[str]]:
    """Headings and paragraphs to choose from."""
    return [words(chance, 6) for _ in range(500)], [words(chance, 40) for _ in range(500)]


def fill() -> None:
    chance = random.Random(7)
    page = PublicPage.objects.select_related("publication__article").filter(is_current=True).first()
    articles = copied([page.publication.article] * PAGES, lambda n, _row: {"uuid": f"{n:032x}", "slug": f"filler-{n}"})
    publications = copied(
        [page.publication] * PAGES, lambda n, _row: {"article_id": articles[n].pk, "slug": articles[n].slug}
    )
    pages = copied(
        [page] * PAGES,
        lambda n, _row: {
            "publication_id": publications[n].pk,
            "slug": articles[n].slug,
            "article_uuid": articles[n].uuid,
        },
    )
    heads, texts = ([(text, indexed(text)) for text in made] for made in pools(chance))
    for page in pages:
        title, title_words = chance.choice(heads)
        shown = [(title, title_words), *(chance.choice(heads) for _ in range(OF_EACH - 1))]
        rows = [
            {"page": page, "audience": "clinician" if position else "", "position": position, "title": title}
            | {"heading": head, "head_words": head_words}
            | dict(zip(("text", "words"), chance.choice(texts), strict=True))
            for position, (head, head_words) in enumerate(shown)
        ]
        SearchEntry.objects.bulk_create([SearchEntry(**values) for values in rows])
    assert Article.objects.count() == Publication.objects.count() > PAGES
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_searchentry")


def plan_of(sql: str, values: list[object]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        plan = cursor.fetchone()[0]
    return json.dumps(plan) if not isinstance(plan, str) else plan


def test_among_many_the_indexes_are_used_no_more_is_asked_and_the_right_article_comes_first(story):
    corpus.publish(story)
    fill()
    sql, values = postgres.matching(["zqstatin", "zqheartattack"], 400).query.sql_with_params()
    assert "search_full_text" in plan_of(sql, list(values))
    assert "search_likeness" in plan_of(postgres._LIKE, ["warfrin", "warfrin", 10])
    for path, most in (("/search/?q=statin+after+MI", 4), ("/search/?q=asprin+stroke", 6), ("/ask/?q=DVT+duration", 4)):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 200
        assert len(queries) <= most, path

    asked = [each for each in corpus.questions() if each["set"] == "aside"]
    firsts = [next((found.slug for found in finding.find(each["ask"]).articles), "") for each in asked]
    wrong = [each["ask"] for first, each in zip(firsts, asked, strict=True) if first != each["right"]]
    assert len(wrong) <= len(asked) * 0.1, wrong


def test_word_that_is_everywhere_is_looked_for_among_the_newest_and_a_rare_one_among_all(story, monkeypatch):
    corpus.publish(story)
    fill()
    everywhere, rare, most = indexed("pain"), "zqstatin", 100_000
    with_both = {row.pk for row in postgres.matching([rare, everywhere], most)}
    with_rare = {row.pk for row in postgres.matching([rare], most)}
    monkeypatch.setattr(postgres, "NEWEST", 1_000)
    *_counts, newest = postgres.counts([rare])
    assert newest == SearchEntry.objects.latest("pk").pk - 1_000
    found = {row.pk for row in postgres.matching([rare, everywhere], most, {everywhere}, newest)}
    assert found == with_rare | {pk for pk in with_both if pk > newest}
    assert with_rare < found < with_both
    assert max(with_rare) < newest < min(row.pk for row in postgres.matching([everywhere], most, {everywhere}, newest))
