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

MOST = {"home": 4, "policy_version": 2, "member": 3, "topic": 3}
"""Queries of a route's page; one where it isn't named."""

TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"')


def paths() -> dict[str, list[str]]:
    """An address for each route of the public site, and some that lead nowhere."""
    slug = PublicPage.objects.filter(is_current=True).first().slug
    notice = Notice.objects.first().uuid
    return {
        "home": ["/", "/?q=x"],
        "article": [f"/articles/{slug}/", f"/articles/{slug}/?for=patient", "/articles/none/"],
        "notice": [f"/notices/{notice}/", "/notices/00000000-0000-0000-0000-000000000000/"],
        "policy": ["/policy/"],
        "policy_version": ["/policy/v/1/", "/policy/v/9/"],
        "board": ["/board/"],
        "member": ["/board/claire-dubois/", "/board/claire-dubois/?after=x", "/board/nobody/"],
        "topics": ["/topics/"],
        "topic": ["/topics/hypertension/", "/topics/hypertension/?after=2026-03-02~1", "/topics/none/"],
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


def test_no_reader_page_touches_a_private_table_or_asks_more_than_it_needs(public):
    for route, path in ((route, path) for route, group in public.items() for path in group):
        with CaptureQueriesContext(connection) as asked:
            Client().get(path)
        tables = {table for query in asked.captured_queries for table in TABLE.findall(query["sql"])}
        assert {table for table in tables if not table.startswith("articles_public")} == set(), path
        assert len(asked.captured_queries) <= MOST.get(route, 1), path
