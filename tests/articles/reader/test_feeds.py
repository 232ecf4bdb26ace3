"""The Atom feeds: valid by RFC 4287, stable in their numbers, and without what is off the site."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.utils.http import parse_http_date

from articles import lifecycle, projection
from articles.models import PublicNotice, PublicPage
from tests.many import copied

ATOM = "{http://www.w3.org/2005/Atom}"
ARTICLES, CORRECTIONS = "/feeds/articles.atom", "/feeds/corrections.atom"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = {"id", "title", "updated"}
IN_FEED = ONCE | {"author", "category", "contributor", "generator", "icon", "link", "logo", "rights", "subtitle"}
IN_ENTRY = ONCE | {"author", "category", "content", "contributor", "link", "published", "rights", "source", "summary"}


def feed(path: str = ARTICLES) -> ElementTree.Element:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    root = ElementTree.fromstring(response.content)
    check(root)
    return root


def check(root: ElementTree.Element) -> None:
    """The rules of RFC 4287, sections 3 and 4, as far as they bear on what stands in the feed."""
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for element, allowed in ((root, IN_FEED | {"entry"}), *((entry, IN_ENTRY) for entry in entries)):
        names = [child.tag.removeprefix(ATOM) for child in element]
        assert set(names) <= allowed
        assert all(names.count(name) == 1 for name in ONCE)
        assert all(names.count(name) <= 1 for name in ("published", "summary", "rights", "subtitle"))
        assert re.fullmatch(r"(https?|urn:uuid):\S+", said(element, "id"))
        for date in (*element.findall(f"{ATOM}updated"), *element.findall(f"{ATOM}published")):
            assert RFC_3339.fullmatch(date.text or "")
        links = [(link.get("rel", "alternate"), link.get("type"), link.get("hreflang")) for link in links_of(element)]
        assert len(links) == len(set(links))
        assert all(link.get("href", "").startswith(settings.PUBLIC_URL) for link in links_of(element))
        assert all(category.get("term") for category in element.findall(f"{ATOM}category"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert "self" in [link.get("rel") for link in links_of(root)]
    numbers = [said(entry, "id") for entry in entries]
    assert len(numbers) == len(set(numbers)) <= 50
    changed = [datetime.fromisoformat(said(entry, "updated")) for entry in entries]
    assert changed == sorted(changed, reverse=True)
    if entries:
        assert datetime.fromisoformat(said(root, "updated")) == changed[0]


def links_of(element: ElementTree.Element) -> list[ElementTree.Element]:
    return element.findall(f"{ATOM}link")


def said(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def entries(path: str = ARTICLES) -> list[dict[str, str]]:
    names = ("id", "title", "updated", "summary")
    return [{name: said(entry, name) for name in names} for entry in feed(path).findall(f"{ATOM}entry")]


def titles(path: str = ARTICLES) -> list[str]:
    return [entry["title"] for entry in entries(path)]


def corrected(story: Any, article: Any) -> Any:
    revision = story.revised(article, ("prevented", "often prevented"), note="A word was missing.")
    round = story.round("claire", article=revision)
    return story.sign(round, "claire")


def retract(story: Any, article: Any) -> None:
    story.tick()
    ingrid = story.people["ingrid"]
    lifecycle.retract(article, actor=ingrid, now=story.now, notice="Made up.", proof=story.proof("ingrid"))


def hold(story: Any, article: Any) -> None:
    story.tick()
    lifecycle.hold(article, actor=story.people["lena"], now=story.now, reason="Unsafe.", proof=story.proof("lena"))


def test_the_newest_articles_come_first_with_their_answer_and_topics(story):
    story.published(title="Is the first safe?")
    second = story.published(title="Is the second safe?")
    found = entries()

    assert [entry["title"] for entry in found] == ["Is the second safe?", "Is the first safe?"]
    assert found[0]["id"] == f"urn:uuid:{second.uuid}"
    assert found[0]["summary"] == "For most adults, below 130 mm Hg if treatment is well tolerated."
    entry = feed().find(f"{ATOM}entry")
    assert links_of(entry)[0].get("href") == f"{settings.PUBLIC_URL}/articles/{second.slug}/"
    assert entry.find(f"{ATOM}category").get("term") == "Hypertension"


def test_a_correction_comes_again_under_the_same_number_with_a_new_date(story):
    article = story.published()
    (before,) = entries()
    corrected(story, article)
    (after,) = entries()

    assert after["id"] == before["id"]
    assert datetime.fromisoformat(after["updated"]) > datetime.fromisoformat(before["updated"])
    (told,) = entries(CORRECTIONS)
    assert (told["title"], told["summary"]) == (f"Corrected: {article.title}", "A word was missing.")
    assert told["id"] not in (before["id"], f"urn:uuid:{article.uuid}")


def test_a_retraction_is_told_under_the_same_number_without_the_answer(story):
    article = story.published()
    (before,) = entries()
    retract(story, article)
    (after,) = entries()

    assert (after["id"], after["title"]) == (before["id"], f"RETRACTED: {article.title}")
    assert datetime.fromisoformat(after["updated"]) > datetime.fromisoformat(before["updated"])
    assert "130" not in after["summary"]
    (told,) = entries(CORRECTIONS)
    assert told["title"] == f"Retraction: RETRACTED: {article.title}"
    assert (told["id"], told["summary"]) == (f"urn:uuid:{PublicNotice.objects.get().uuid}", "Made up.")


def test_what_is_held_leaves_every_feed_even_for_those_who_have_its_date(story):
    article = story.published()
    corrected(story, article)
    known = {path: Client().get(path) for path in (ARTICLES, CORRECTIONS)}
    hold(story, article)

    for path, before in known.items():
        assert titles(path) == []
        for headers in ({"if-none-match": before["ETag"]}, {"if-modified-since": before["Last-Modified"]}):
            again = Client().get(path, headers=headers)
            assert again.status_code == 200
            assert article.title not in again.text
            assert article.slug not in again.text


def test_a_removal_is_told_without_a_word_of_the_article(story):
    article = story.published()
    corrected(story, article)
    story.tick()
    ingrid = story.people["ingrid"]
    lifecycle.remove(article, actor=ingrid, now=story.now, notice="A court ordered it.", proof=story.proof("ingrid"))

    assert entries() == []
    (told,) = entries(CORRECTIONS)
    assert (told["title"], told["summary"]) == ("Removal", "A court ordered it.")
    assert article.title not in Client().get(CORRECTIONS).text


def test_a_notice_on_a_live_page_brings_its_entry_up(story):
    article = story.published()
    story.published(title="Is the second safe?")
    later = story.now + timedelta(days=1)
    page = PublicPage.objects.get(slug=article.slug)
    publication = page.publication
    publication.notices.create(
        kind="concern", text="A trial is in doubt.", issued_by=story.people["ingrid"], shown_name="I", issued_at=later
    )
    projection.project(publication)
    assert titles()[0] == article.title
    assert titles(CORRECTIONS) == [f"Expression of concern: {article.title}"]


def test_a_topic_has_a_feed_of_its_own_and_an_unknown_one_the_one_404(story):
    article = story.published()
    other = story.published(title="Is the second safe?")
    PublicPage.objects.get(slug=other.slug).in_topics.clear()

    assert titles("/feeds/topics/hypertension.atom") == [article.title]
    assert Client().get("/feeds/topics/nothing.atom").content == Client().get("/nowhere/").content


def test_a_topic_s_feed_tells_of_a_retraction_and_its_page_lists_the_article_no_more(story):
    article = story.published()
    retract(story, article)
    assert titles("/feeds/topics/hypertension.atom") == [f"RETRACTED: {article.title}"]
    assert Client().get("/topics/hypertension/").status_code == 404


def test_a_feed_without_entries_is_valid_and_its_etag_stays(db):
    assert entries() == entries(CORRECTIONS) == []
    first, second = Client().get(ARTICLES), Client().get(ARTICLES)
    assert first["ETag"] == second["ETag"]


@pytest.mark.parametrize("path", [ARTICLES, CORRECTIONS])
def test_a_matching_etag_is_answered_without_a_body(story, path):
    retract(story, story.published())
    first = Client().get(path)
    again = Client().get(path, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Last-Modified"] == first["Last-Modified"]
    assert first["Cache-Control"] == "public, max-age=60"
    newest = datetime.fromisoformat(said(feed(path).find(f"{ATOM}entry"), "updated"))
    assert parse_http_date(first["Last-Modified"]) == int(newest.timestamp())


def test_markup_and_odd_characters_in_a_text_stay_text(story):
    title = "Is <b>5 & 6</b> safe? \x0b\x1f \U0001f600 ]]>"
    article = story.published(title=title)
    PublicPage.objects.filter(slug=article.slug).update(short_answer="Below <5 mg & no more.\x08 <script>x</script>")
    (entry,) = entries()

    assert entry["title"] == article.title.replace("\x0b\x1f", "")
    assert entry["summary"] == "Below &lt;5 mg &amp; no more. &lt;script&gt;x&lt;/script&gt;"


def test_of_many_the_fifty_newest_are_told_at_the_same_cost(story, django_assert_num_queries):
    retract(story, story.published(title="Is the first safe?"))
    story.published()
    row = PublicPage.objects.get(status="live")
    for name, count in ((ARTICLES, 1), (CORRECTIONS, 2)):
        with django_assert_num_queries(count):
            Client().get(name)
    PublicPage.objects.update(changed_at=F("published_at"))
    publication = row.publication
    publications = copied([publication] * 60, lambda n, _row: {"number": 100 + n, "status": "superseded"})
    copied(
        [row] * 60,
        lambda n, _row: {
            "publication_id": publications[n].pk,
            "article_uuid": uuid.uuid4(),
            "slug": f"copy-{n}",
            "change_class": "correction",
        },
    )
    for path, count in ((ARTICLES, 1), (CORRECTIONS, 2)):
        with django_assert_num_queries(count):
            found = Client().get(path)
        assert found.text.count("<entry>") == 50
        feed(path)


def test_pages_lead_feed_readers_to_the_feeds(story):
    for path in ("/", f"/articles/{story.published().slug}/"):
        head = Client().get(path).text.partition("</head>")[0]
        for address in (ARTICLES, CORRECTIONS):
            assert f'<link rel="alternate" type="application/atom+xml" href="{address}" title="' in head
