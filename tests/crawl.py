"""Every page of the desk that somebody gets to by following links: for tests that must hold on each."""

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from articles import lifecycle
from articles.models import Article, ReaderMessage
from editorial.models import ClosedPeriod
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.states import VerdictKind
from tests.story import Story

CREW = ("ingrid", "tom", "claire", "nora", "eva")
"""Whose links are followed, in this order: a page that an earlier one reached isn't opened again by a later one."""

SEEN_BY_EACH = {"admin:index", "admin:articles_article_changelist", "admin:queue"}
EACH_ARTICLE = "admin:articles_article_change"
"""Its page differs from state to state, and leads to other verbs."""

STARTS = ("/admin/", "/admin/search/?q=pressure", "/accounts/password/change/")
HREF = re.compile(r'<a\b[^>]*\bhref="([^"#]*)')
OUTSIDE = ("account_logout", "admin:logout", "admin:view_on_site")


@dataclass(frozen=True)
class Place:
    """A page as one person reached it. ``route`` is the URL's name, with what stands in it but for numbers."""

    route: str
    who: str
    path: str
    html: str = field(repr=False)


def furnish(story: Story) -> Article:
    """An article in each state that matters, with what there can be on it. Returns the published one."""
    shown = story.published(title="How low should blood pressure be?")
    held = story.published(title="Is salt bad for everyone?")
    story.tick()
    lifecycle.hold(
        held, actor=story.people["lena"], now=story.now, reason="A dose is wrong.", proof=story.proof("lena")
    )
    story.draft(title="Does coffee raise the pulse?")
    story.submitted(title="Do statins cause muscle pain?")
    story.triaged(title="Is walking enough exercise?")
    round = story.round("claire", "ravi", title="Should I measure at home?")
    story.declare(round, "claire")
    workflow.add_comment(
        round.article, actor=story.people["claire"], now=story.tick(), kind="must_fix", body="Say for whom."
    )
    objected = story.round("claire", "ravi", "sofia", title="Are beta blockers safe in asthma?", risk="high")
    story.sign(objected, "claire", VerdictKind.SAFETY_OBJECTION, "It could kill.")
    asked = story.round("eva", "claire", title="Can I drink alcohol with it?")
    workflow.request_changes(asked.article, actor=story.people["tom"], now=story.tick(), reason="Name the dose.")
    for kind, slug in (("error", shown.slug), ("question", "")):
        ReaderMessage.objects.create(kind=kind, slug=slug, text="May I drink coffee with it?", received_at=story.now)
    today = story.now.date()
    ClosedPeriod.objects.create(name="Summer", first_day=today.replace(month=8), last_day=today.replace(month=9))
    return shown


def places(*others: str) -> list[Place]:
    """What the crew reaches by links alone, each kind of page once: from the desk's first page, from what a form leads
    to, and from ``others``.
    """
    found: dict[str, Place] = {}
    for who in CREW:
        client = Client()
        assert client.login(username=who, password=PASSWORD)
        waiting, known = deque([*STARTS, *others]), set()
        while waiting:
            path = waiting.popleft()
            route = _route(path)
            if route is None or route in known or path in known:
                continue
            own = route.partition(" ")[0] in (*SEEN_BY_EACH, EACH_ARTICLE)
            if not own and route in found:
                continue
            answer = client.get(path)
            known |= {path, route}
            if answer.status_code in (301, 302):
                waiting.append(answer["Location"])
                continue
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            html = answer.content.decode()
            found[f"{who} {route}" if own else route] = Place(route, who, path, html)
            waiting.extend(_links(html, path))
    return list(found.values())


def _links(html: str, path: str) -> list[str]:
    links = (urljoin(path, unescape(link)) for link in HREF.findall(html))
    return [link for link in links if link.startswith(("/admin/", "/accounts/"))]


def _route(path: str) -> str | None:
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    name = match.view_name
    if not name or name in OUTSIDE:
        return None
    words = [str(value) for value in match.kwargs.values() if name == EACH_ARTICLE or not str(value).isdigit()]
    return " ".join([name, *words])
