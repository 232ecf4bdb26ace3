"""The public site reads its own tables and no other, whatever is asked of it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import lifecycle
from articles.models import Notice, PublicPage
from articles.projection import policy_pages
from articles.reader import urls

TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"')


def paths() -> dict[str, list[str]]:
    """An address for each route of the public site, and some that lead nowhere."""
    slug = PublicPage.objects.filter(is_current=True, status="live").first().slug
    retracted = PublicPage.objects.get(status="retracted").slug
    notice = Notice.objects.first().uuid
    return {
        "home": ["/", "/?q=x"],
        "article": [
            f"/articles/{slug}/",
            f"/articles/{retracted}/",
            f"/articles/{slug}/?for=patient",
            "/articles/none/",
        ],
        "notice": [f"/notices/{notice}/", "/notices/00000000-0000-0000-0000-000000000000/"],
        "search": ["/search/", "/search/?q=blood+presure", "/search/?q=unheard+of&topic=x&for=patient&fresh=year"],
        "suggest": ["/search/suggest", "/search/suggest?q=blod", "/search/suggest?q=how"],
        "ask": ["/ask/", f"/ask/?q=blood+pressure+target&from={slug}"],
        "policy": ["/policy/"],
        "robots": ["/robots.txt"],
    }


@pytest.fixture
def public(story):
    policy_pages.project()
    story.draft(title="A draft?")
    story.published(title="Which blood pressure target is right?")
    article = story.published()
    ingrid = story.people["ingrid"]
    story.tick()
    lifecycle.retract(article, actor=ingrid, now=story.now, notice="Withdrawn data.", proof=story.proof("ingrid"))
    return paths()


def test_every_route_of_the_public_site_is_walked_here(public):
    assert set(public) == {pattern.name for pattern in urls.urlpatterns}


def test_no_reader_page_touches_a_private_table_or_asks_twice(public):
    for path in (path for group in public.values() for path in group):
        with CaptureQueriesContext(connection) as asked:
            Client().get(path)
        tables = {table for query in asked.captured_queries for table in TABLE.findall(query["sql"])}
        theirs = ("articles_public", "articles_searchentry")
        assert {table for table in tables if not table.startswith(theirs)} == set(), path
        assert len(asked.captured_queries) <= (7 if path.startswith(("/search/", "/ask/")) else 1), path
