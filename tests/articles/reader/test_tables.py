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
    slug = PublicPage.objects.filter(is_current=True).first().slug
    notice = Notice.objects.first().uuid
    return {
        "home": ["/", "/?q=x"],
        "article": [f"/articles/{slug}/", f"/articles/{slug}/?for=patient", "/articles/none/"],
        "history": [f"/articles/{slug}/history/", f"/articles/{slug}/history/?before=1", "/articles/none/history/"],
        "version": [f"/articles/{slug}/v/1/", f"/articles/{slug}/v/2/", "/articles/none/v/1/"],
        "changes": [f"/articles/{slug}/v/1/changes/", "/articles/none/v/1/changes/"],
        "notice": [f"/notices/{notice}/", "/notices/00000000-0000-0000-0000-000000000000/"],
        "policy": ["/policy/"],
        "robots": ["/robots.txt"],
    }


@pytest.fixture
def public(story):
    policy_pages.project()
    story.draft(title="A draft?")
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
        assert {table for table in tables if not table.startswith("articles_public")} == set(), path
        assert len(asked.captured_queries) <= (2 if path == "/articles/none/" else 1), path
