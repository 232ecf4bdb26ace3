"""Topic pages: what is on the site, the article reviewed last first, a page at a time, and nothing else."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import lifecycle
from articles.models import Publication, PublicPage, PublicPageTopic, PublicTopic
from articles.reader import listing
from tests.many import copied

pytestmark = pytest.mark.django_db
URL = "/topics/hypertension/"


def titles(url: str) -> list[str]:
    return re.findall(r'listing__title"><a [^>]*>([^<]*)<', Client().get(url).text)


def fill(count: int, *, first: int = 0) -> None:
    """So many more pages about hypertension, each reviewed a day before the other; some on the same day."""
    publication, page = Publication.objects.get(number=1), PublicPage.objects.get(publication__number=1)
    twins = copied(
        [publication] * count,
        lambda n, _row: {"article_id": publication.article_id, "number": first + n + 2, "status": "superseded"},
    )
    pages = copied(
        [page] * count,
        lambda n, _row: {
            "publication_id": twins[n].pk,
            "slug": f"copy-{first + n}",
            "title": f"Copy {first + n:02}",
            "last_reviewed": date(2026, 3, 1) - timedelta(days=(first + n) // 2),
        },
    )
    topic = PublicTopic.objects.get()
    PublicPageTopic.objects.bulk_create(
        PublicPageTopic(publicpage=row, publictopic=topic, reviewed_on=row.last_reviewed) for row in pages
    )


@pytest.mark.sqlite
def test_a_topic_lists_what_is_on_the_site_about_it(story):
    article = story.published()
    assert titles(URL) == [article.title]
    assert '<a href="/topics/hypertension/">Hypertension</a>' in Client().get("/topics/").text


def test_a_topic_without_a_live_page_is_the_one_404(story, people):
    article = story.published()
    story.tick()
    lifecycle.hold(article, actor=people["lena"], now=story.now, reason="A dose.", proof=story.proof("lena"))
    unknown = Client().get("/nowhere/").content
    assert PublicTopic.objects.exists()
    for url in (URL, f"{URL}?after=2026-03-02~1", "/topics/none/"):
        assert (Client().get(url).status_code, Client().get(url).content) == (404, unknown)
    assert "Hypertension" not in Client().get("/topics/").text
    assert "No topic yet" in Client().get("/topics/").text


def test_pages_follow_one_another_without_a_gap_and_lead_back(story):
    first = story.published().title
    fill(44)
    seen, url = [], URL
    while url:
        html = Client().get(url).text
        seen.append(titles(url))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        url = URL + older[1] if older else ""
    assert [len(page) for page in seen] == [20, 20, 5]
    whole = [title for page in seen for title in page]
    assert len(set(whole)) == 45
    assert whole[0] == first
    last = Client().get(f"{URL}?before=2026-02-08~0").text
    assert 'rel="prev"' in last


@pytest.mark.parametrize("place", ["x", "2026-03-02", "~", "2026-13-45~1", "2026-03-02~x", "9" * 400, "2026-03-02~1~"])
def test_an_address_that_names_no_place_shows_the_first_page(story, place):
    title = story.published().title
    assert titles(f"{URL}?after={place}") == [title]
    assert titles(f"{URL}?before={place}") == [title]


def test_pages_behind_the_first_are_not_for_search_engines(story):
    story.published()
    fill(25)
    assert 'content="noindex"' not in Client().get(URL).text
    assert 'content="noindex"' in Client().get(f"{URL}?after=2026-03-01~1").text


def test_it_costs_the_same_for_one_three_and_thirty(story):
    story.published()
    costs = []
    for first, count in ((0, 0), (0, 3), (3, 30)):
        fill(count, first=first)
        with CaptureQueriesContext(connection) as queries:
            Client().get(URL)
            Client().get("/topics/")
        costs.append(len(queries))
    assert costs == [3, 3, 3]
    assert listing.SIZE < 30
