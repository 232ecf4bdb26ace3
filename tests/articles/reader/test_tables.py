"""The public site reads its own tables and no other, whatever is asked of it."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import lifecycle
from articles.models import Notice, PublicPage
from articles.projection import policy_pages
from articles.reader import urls
from editorial import database_roles

TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"')


THEIRS = {model._meta.db_table for model in database_roles.shown()}

MOST = {
    "home": 4,
    "policy_version": 2,
    "member": 3,
    "topic": 3,
    "search": 7,
    "suggest": 7,
    "ask": 7,
    "feed_corrections": 2,
    "feed_topic": 2,
    "sitemap": 2,
}
"""Queries that a route may take; one where it isn't named."""


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
        "history": [f"/articles/{slug}/history/", f"/articles/{slug}/history/?before=1", "/articles/none/history/"],
        "version": [f"/articles/{slug}/v/1/", f"/articles/{slug}/v/2/", "/articles/none/v/1/"],
        "changes": [f"/articles/{slug}/v/1/changes/", "/articles/none/v/1/changes/"],
        "notice": [f"/notices/{notice}/", "/notices/00000000-0000-0000-0000-000000000000/"],
        "search": ["/search/", "/search/?q=blood+presure", "/search/?q=unheard+of&topic=x&for=patient&fresh=year"],
        "suggest": ["/search/suggest", "/search/suggest?q=blod", "/search/suggest?q=how"],
        "ask": ["/ask/", f"/ask/?q=blood+pressure+target&from={slug}"],
        "policy": ["/policy/"],
        "policy_version": ["/policy/v/1/", "/policy/v/9/"],
        "board": ["/board/"],
        "member": ["/board/claire-dubois/", "/board/claire-dubois/?after=x", "/board/nobody/"],
        "topics": ["/topics/"],
        "topic": ["/topics/hypertension/", "/topics/hypertension/?after=2026-03-02~1", "/topics/none/"],
        "robots": ["/robots.txt"],
        "report": [f"/articles/{slug}/report/", "/articles/none/report/"],
        "reported": [f"/articles/{slug}/report/sent/", "/articles/none/report/sent/"],
        "ask_send": ["/ask/send/", f"/ask/send/?q=why&from={slug}"],
        "ask_sent": ["/ask/send/sent/", f"/ask/send/sent/?from={slug}"],
        "feed": ["/feeds/articles.atom"],
        "feed_corrections": ["/feeds/corrections.atom"],
        "feed_topic": ["/feeds/topics/hypertension.atom", "/feeds/topics/none.atom"],
        "sitemap_index": ["/sitemap.xml"],
        "sitemap": ["/sitemap-0.xml", "/sitemap-1.xml", "/sitemap-99999999999999999999.xml"],
    }


@pytest.fixture
def public(story):
    return furnished(story)


def furnished(story) -> dict[str, list[str]]:
    """A page, a retracted one, and whatever there is to ask the public site for."""
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


def test_a_message_is_added_and_nothing_else_touched(public):
    slug = PublicPage.objects.get(status="live").slug
    path = f"/articles/{slug}/report/"
    with time_machine.travel("2026-03-03T10:00:00Z", tick=False) as clock:
        token = re.search(r'name="token" value="([^"]+)"', Client().get(path).text)[1]
        clock.shift(5)
        with CaptureQueriesContext(connection) as asked:
            body = urlencode({"token": token, "text": "The dose is ten times too high."})
            kind = "application/x-www-form-urlencoded"
            answer = Client().post(path, body, content_type=kind, headers={"sec-fetch-site": "same-origin"})
    statements = [(query["sql"].split(" ", 1)[0], *TABLE.findall(query["sql"])) for query in asked.captured_queries]
    statements = [words for words in statements if words[0] not in ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")]

    assert answer.status_code == 303
    assert statements == [("SELECT", "articles_publicpage"), ("INSERT", "articles_readermessage")]
    assert "RETURNING" not in asked.captured_queries[-1]["sql"]


def test_no_reader_page_touches_a_private_table_or_asks_more_than_it_needs(public):
    for name, path in ((name, path) for name, group in public.items() for path in group):
        with CaptureQueriesContext(connection) as asked:
            Client().get(path)
        tables = {table for query in asked.captured_queries for table in TABLE.findall(query["sql"])}
        assert tables - THEIRS == set(), path
        assert len(asked.captured_queries) <= (2 if "/none/" in path else MOST.get(name, 1)), path
