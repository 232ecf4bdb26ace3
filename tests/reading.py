"""Every page of the public site that a reader gets to by following links: for tests that must hold on each."""

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from articles import lifecycle
from articles.models import Article, Topic
from articles.projection import policy_pages
from editorial import clock
from editorial.models import EditorialPolicy, Interest
from reviews import workflow
from tests.story import Story

HREF = re.compile(r'<a\b[^>]*\bhref="([^"#]*)')
STAFF = ("/act/", "/admin/", "/accounts/")
MORE = ("/nowhere/",)
"""Pages without a link to them that readers get all the same."""


@dataclass(frozen=True)
class Seen:
    path: str
    status: int
    html: str = field(repr=False)


def furnish(story: Story) -> Article:
    """A site with what readers can meet: a second policy, a member who left, a hold, a retraction."""
    shown = story.published(title="How low should blood pressure be?")
    draft = story.draft(title="Does vitamin C prevent colds?")
    draft.topics.add(Topic.objects.create(slug="vitamins", name="Vitamins"))
    retracted = story.published(article=draft)
    held = story.published(title="Is salt bad for everyone?")
    story.tick()
    proof, people = story.proof, story.people
    text = "The trial that it rests on was withdrawn."
    lifecycle.retract(retracted, actor=people["ingrid"], now=story.now, notice=text, proof=proof("ingrid"))
    lifecycle.hold(held, actor=people["lena"], now=story.now, reason="A dose.", proof=proof("lena"))
    member = people["claire"].board_member
    member.biography = "Trained in Lyon and Montréal.\n\nWorks on blood pressure in old age."
    member.save()
    Interest.objects.create(member=member, company="Cardex", nature="Speaker's fees", since=story.now.date())
    workflow.leave_board(people["ravi"].board_member, actor=people["ravi"], now=story.now, reason="Enough.")
    _next_policy()
    return shown


def _next_policy() -> None:
    """A second version of the policy in force, with another text and another rule."""
    first = EditorialPolicy.objects.get()
    rules = list(first.rules.all())
    second = EditorialPolicy.objects.create(
        version=2, text=f"{first.text}\n\nMore is said.", in_force_from=clock.now().date()
    )
    for rule in rules:
        rule.pk, rule.policy, rule.review_days = None, second, rule.review_days + 2
        rule.save(force_insert=True)
    policy_pages.project()


def pages(*others: str) -> list[Seen]:
    """What links lead to from the front page, and from ``others``. Nothing of the desk, and no page twice."""
    found: dict[str, Seen] = {}
    waiting = deque(["/", *MORE, *others])
    while waiting:
        path = waiting.popleft()
        if path in found:
            continue
        answer = Client().get(path)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        found[path] = Seen(path, answer.status_code, answer.text)
        links = (urljoin(path, unescape(link)) for link in HREF.findall(answer.text))
        waiting.extend(link for link in links if link.startswith("/") and not link.startswith(STAFF))
    return list(found.values())


def headers(answer: Any) -> dict[str, str]:
    """All but the request's own name, which differs whatever is asked."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
