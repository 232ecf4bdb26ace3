"""Sitemaps by the rules of sitemaps.org (protocol 0.9), and robots.txt by RFC 9309."""

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from articles import lifecycle
from articles.models import PublicPage, PublicTopic
from articles.reader import sitemaps
from tests.many import copied

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(path: str) -> list[tuple[str, str | None]]:
    """The addresses of a map with their days, once the schema's rules hold for it."""
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = ElementTree.fromstring(response.content)
    kind, each = ("sitemapindex", "sitemap") if path == "/sitemap.xml" else ("urlset", "url")
    assert root.tag == f"{SPACE}{kind}"
    assert 1 <= len(root) <= 50_000
    assert len(response.content) < 50 * 1024 * 1024
    assert {child.tag for child in root} == {f"{SPACE}{each}"}
    found = []
    for child in root:
        names = [part.tag.removeprefix(SPACE) for part in child]
        assert names in (["loc"], ["loc", "lastmod"])
        address, day = child.findtext(f"{SPACE}loc"), child.findtext(f"{SPACE}lastmod")
        assert address.startswith(f"{settings.PUBLIC_URL}/")
        assert 12 <= len(address) < 2048
        assert day is None or date.fromisoformat(day)
        found.append((address.removeprefix(settings.PUBLIC_URL), day))
    assert len({address for address, _day in found}) == len(found)
    return found


def mapped() -> dict[str, str | None]:
    """Every page that the index leads to."""
    return {address: day for path, _day in read("/sitemap.xml") for address, day in read(path)}


def taken_off(story: Any) -> list[Any]:
    """An article on hold, one retracted, one retired, one removed and a draft."""
    held, retracted, retired, removed = (story.published(title=f"Is number {n} safe?") for n in range(1, 5))
    draft = story.draft(title="A draft?")
    story.tick()
    values = {"actor": story.people["ingrid"], "now": story.now}
    proof = story.proof("ingrid")
    lifecycle.hold(held, reason="Unsafe.", proof=proof, **values)
    lifecycle.retract(retracted, notice="Made up.", proof=proof, **values)
    lifecycle.retire(retired, reason="Nobody asks.", **values)
    lifecycle.remove(removed, notice="A court.", proof=proof, **values)
    return [held, retracted, retired, removed, draft]


def test_the_maps_list_what_is_live_with_the_day_that_the_page_says(story):
    article = story.published()
    others = taken_off(story)
    found = mapped()

    assert found[f"/articles/{article.slug}/"] == PublicPage.objects.get(slug=article.slug).last_updated.isoformat()
    assert f'"dateModified":"{found[f"/articles/{article.slug}/"]}"' in Client().get(f"/articles/{article.slug}/").text
    assert not [other for other in others if f"/articles/{other.slug}/" in found]
    assert {"/", "/policy/"} <= set(found)


def test_every_address_in_the_maps_is_answered(story):
    story.published()
    assert [path for path in mapped() if Client().get(path).status_code != 200] == []


def test_what_leaves_the_site_leaves_the_maps_at_once(story):
    article = story.published()
    maps = [path for path, _day in read("/sitemap.xml")]
    known = {path: Client().get(path)["ETag"] for path in maps}
    story.tick()
    lifecycle.hold(article, actor=story.people["lena"], now=story.now, reason="Unsafe.", proof=story.proof("lena"))

    answers = {path: Client().get(path, headers={"if-none-match": etag}) for path, etag in known.items()}
    assert [path for path, answer in answers.items() if article.slug in answer.text] == []
    assert answers[maps[-1]].status_code == 404


def test_a_large_site_is_split_and_no_map_costs_more_than_another(story, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sitemaps, "EACH", 10)
    story.published()
    row = PublicPage.objects.get()
    publications = copied([row.publication] * 35, lambda n, _row: {"number": 100 + n, "status": "superseded"})
    copied(
        [row] * 35,
        lambda n, _row: {"publication_id": publications[n].pk, "slug": f"copy-{n}", "is_listed": n % 5 > 0},
    )
    with django_assert_num_queries(1):
        maps = read("/sitemap.xml")
    assert len(maps) in (5, 6, 7)  # the first, four or five of the copies, and the page copied, whose number may be far
    for path, _day in maps[1:]:
        with django_assert_num_queries(1):
            assert len(read(path)) <= 10
    assert len([path for path in mapped() if path.startswith("/articles/")]) == 29


@pytest.mark.parametrize("path", ["/sitemap-77.xml", "/sitemap-99999999999999999999999.xml", "/sitemap-x.xml"])
def test_a_map_that_there_is_not_gets_the_one_404(db, path):
    assert Client().get(path).content == Client().get("/nowhere/").content


def test_members_and_topics_are_listed_while_they_have_pages(story):
    assert "/board/claire-dubois/" in mapped()
    article = story.published()
    assert "/topics/hypertension/" in mapped()
    story.tick()
    lifecycle.hold(article, actor=story.people["lena"], now=story.now, reason="Unsafe.", proof=story.proof("lena"))
    assert PublicTopic.objects.filter(slug="hypertension").exists()
    assert "/topics/hypertension/" not in mapped()
    assert [path for path in mapped() if Client().get(path).status_code != 200] == []


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sitemap-0.xml"])
def test_a_matching_etag_is_answered_without_a_body(db, path):
    first = Client().get(path)
    again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "public, max-age=60")


def test_robots_are_shown_the_map_and_kept_out_of_desk_search_and_forms(db):
    text = Client().get("/robots.txt").text
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml\n" in text
    kept_out = re.findall(r"Disallow: (\S+)", text)
    assert {"/admin/", "/accounts/", "/search/", "/ask/", "/articles/*/report/"} <= set(kept_out)
    assert not [path for path in kept_out if "/articles/how-low/".startswith(path) or path == "/"]
