"""A word is planted in everything that isn't published; whoever follows every address of the site never meets it."""

import re
from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from articles import lifecycle
from articles.models import Article, PublicPage, ReaderMessage, Reference, Topic
from articles.reader import urls
from editorial.models import Interest
from reviews import workflow
from reviews.states import VerdictKind
from tests.story import Story

CANARY = "Xqzcanary"
NEAR = "quokka"
"""Stands beside each canary, so that a search can look where it must not be: what is searched for is echoed."""

PLANTED = f"{CANARY} {NEAR} pressure"
SECRET = ("prevented heart attacks", f"prevented heart attacks and {PLANTED}")
ADDRESS = re.compile(r'(?:href|action|content)="([^"#]+)"|<loc>([^<]+)</loc>')
LEADS_OUT = ("/admin/", "/accounts/", "/act/", "/static/", "/mail/", "/calendar/")


def secretive(story: Story, slug: str, **fields: object):
    """A draft whose every text says the word."""
    article = story.draft(title=f"Is {PLANTED} ({slug})?", slug=slug, **fields)
    article.topics.add(Topic.objects.get_or_create(slug="hidden-topic", defaults={"name": f"{CANARY} topic"})[0])
    return story.edit(article, SECRET, note="", short_answer=f"Yes: {PLANTED}.", byline=f"{CANARY} Writer")


def finish(story: Story, article):
    round = story.round(article=article)
    for who in ("claire", "ravi"):
        if Article.objects.get(pk=article.pk).state == "under_review":
            story.sign(round, who)
    article = Article.objects.get(pk=article.pk)
    return story.confirm(article) if article.state == "under_review" else article


def plant_articles(story: Story) -> None:
    """In each state before publication, and in each after it in which the text is withheld."""
    secretive(story, "draft")
    story.submitted(secretive(story, "submitted"))
    story.triaged(secretive(story, "triaged"))
    sent_back = story.triaged(secretive(story, "sent-back"))
    workflow.request_changes(sent_back, actor=story.people["tom"], now=story.tick(), reason=PLANTED)
    rejected = story.triaged(secretive(story, "rejected"))
    workflow.reject(rejected, actor=story.people["tom"], now=story.tick(), reason=PLANTED)
    finish(story, secretive(story, "scheduled", publish_not_before=story.now + timedelta(days=30)))
    held = finish(story, secretive(story, "held"))
    revised = story.revised(held, (f"and {PLANTED}", f"and again {PLANTED}"), note=f"Now with {PLANTED}.")
    held = finish(story, revised)
    story.tick()
    lifecycle.hold(held, actor=story.people["lena"], now=story.now, reason=PLANTED, proof=story.proof("lena"))
    removed = finish(story, secretive(story, "removed"))
    story.tick()
    proof = story.proof("ingrid")
    lifecycle.remove(removed, actor=story.people["ingrid"], now=story.now, notice="A court ordered it.", proof=proof)


def plant_process(story: Story) -> None:
    """What is said of a live page's revision and in its round, and what people send or declare."""
    shown = story.published()
    round = story.round("claire", "ravi", "sofia", article=story.revised(shown, SECRET, note=PLANTED), risk="high")
    story.declare(round, "claire")
    for kind in ("must_fix", "suggestion", "question"):
        workflow.add_comment(shown, actor=story.people["claire"], now=story.tick(), kind=kind, body=PLANTED)
    story.sign(round, "ravi", VerdictKind.SAFETY_OBJECTION, PLANTED)
    seat = story.seat(round, "sofia")
    workflow.step_aside(shown, actor=story.people["sofia"], now=story.tick(), assignment=seat, reason=PLANTED)
    sent = {"received_at": story.now, "text": PLANTED, "email": f"{CANARY.lower()}@example.org"}
    for kind in ReaderMessage.Kind.values:
        ReaderMessage.objects.create(kind=kind, slug=shown.slug, **sent)
    Reference.objects.create(kind="research", title=PLANTED, year=2020, doi="10.1000/canary")
    member = story.people["claire"].board_member
    Interest.objects.create(member=member, person=story.people["nora"], nature=PLANTED, since=story.now.date())


def seeds() -> list[str]:
    """Each route with whatever there is and isn't to ask it for."""
    slugs = ["draft", "submitted", "triaged", "sent-back", "rejected", "scheduled", "held", "removed"]
    slugs += PublicPage.objects.values_list("slug", flat=True).distinct()
    under = ("", "history/", "report/", "report/sent/", *(f"v/{n}/{rest}" for n in (1, 2) for rest in ("", "changes/")))
    found = [f"/articles/{slug}/{rest}" for slug in slugs for rest in under]
    found += [f"/articles/{slug}/?for=patient" for slug in slugs]
    asked = (NEAR, f"{NEAR}+pressure", "blood+pressure", "x")
    found += [f"/{page}q={words}" for page in ("search/?", "search/suggest?", "ask/?", "ask/send/?") for words in asked]
    found += [f"/{kind}/hidden-topic{end}" for kind, end in (("topics", "/"), ("feeds/topics", ".atom"))]
    found += ["/feeds/articles.atom", "/feeds/corrections.atom", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt"]
    return ["/", "/search/", "/topics/", "/board/", "/policy/", "/policy/v/1/", "/ask/send/sent/", *found]


def crawled() -> dict[str, str]:
    """Every answer by its address, with its headers."""
    client, waiting, answers = Client(), deque(seeds()), {}
    while waiting:
        path = waiting.popleft()
        if path in answers or path.startswith(LEADS_OUT):
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        answers[path] = f"{answer.headers}\n{b''.join(answer).decode()}"
        for found in (one or other for one, other in ADDRESS.findall(answers[path])):
            address = urlsplit(urljoin(f"{settings.PUBLIC_URL}{path}", unescape(found)))
            if f"{address.scheme}://{address.netloc}" == settings.PUBLIC_URL:
                waiting.append(f"{address.path}?{address.query}" if address.query else address.path)
    return answers


@pytest.fixture
def planted(story):
    plant_articles(story)
    plant_process(story)


def unwalked(addresses: Iterable[str]) -> list[str]:
    """Routes of the site that none of these addresses has."""
    paths = [address.partition("?")[0].lstrip("/") for address in addresses]
    return [route.name for route in urls.urlpatterns if not any(route.resolve(path) for path in paths)]


def test_no_address_of_the_site_says_a_word_of_what_is_not_published(planted):
    answers = crawled()
    assert len(answers) > 120
    assert unwalked(answers) == []
    told = [path for path, text in answers.items() if CANARY.casefold() in text.casefold()]
    assert told == []


def test_the_crawl_finds_what_is_published(story):
    """Else the test above could not fail."""
    finish(story, secretive(story, "shown"))
    answers = crawled()
    told = {path for path, text in answers.items() if CANARY in text}
    for path in ("/", "/articles/shown/", "/articles/shown/history/", "/feeds/articles.atom", f"/search/?q={NEAR}"):
        assert path in told
    assert "/topics/hidden-topic/" in told
