"""What goes on at the desk during a soak: articles on their whole way over HTTP, edits, lists, and late seats.

Needs Django set up on the site's database, where it looks rows up; every act is a form sent to nginx.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core import exceptions
from django.db import OperationalError, close_old_connections, transaction

from articles.models import Article
from editorial import clock, unexplained
from editorial.models import User
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.desk import Person
from tests.faults import feeding
from tests.load.standing import signed_in
from tests.load.visiting import Browser
from tests.reviews.panels import opens
from tests.story import Story

BREATH = 4.0
"""Seconds between two articles: a desk that never rests would only measure its own processor."""
LISTS = {
    "lena": ("/admin/", "/admin/queue/", "/admin/queue/?view=late", "/admin/queue/?q=heart", "/admin/metrics/"),
    "claire": ("/admin/",),
}


class Wire:
    """Takes the place of Django's test client: the same few methods, over the line."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.seconds: list[float] = []

    def get(self, path: str) -> Any:
        return self._told(self.browser.get(path))

    def post(self, path: str, data: dict[str, Any]) -> Any:
        return self._told(self.browser.post(path, data))

    def _told(self, answer: Any) -> Any:
        self.seconds.append(answer.seconds)
        answer.status_code = answer.status
        return answer


class Wired(Person):
    """One of the cast, at a browser of their own."""

    def __init__(self, port: int, username: str) -> None:
        self.username = username
        self.client = Wire(signed_in(port, username, PASSWORD))  # type: ignore[assignment]


@dataclass
class Desk:
    """Goes round and round until ``over`` says so; what didn't end as it should is counted by its words."""

    port: int
    over: Callable[[], bool]
    done: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    paces: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def run(self) -> None:
        people = {user.username: user for user in User.objects.select_related("board_member")}
        persons = {name: Wired(self.port, name) for name in ("nora", "lena", "claire", "ravi")}
        with transaction.atomic():
            original = Story(people, clock.now() - timedelta(hours=1)).round("claire", "sofia")
        number = 0
        while not self.over():
            number += 1
            self._one("published", lambda number=number: publish(persons, people, number))
            self._one("listed", lambda: listed(persons))
            if number % 5 == 0:
                self._one("fed", lambda: fed(original))
            close_old_connections()
            time.sleep(BREATH)

    def _one(self, name: str, act: Callable[[], None]) -> None:
        begun = time.monotonic()
        try:
            act()
        except (AssertionError, OSError, OperationalError, exceptions.ObjectDoesNotExist, StopIteration) as problem:
            self.faults[f"{name}: {type(problem).__name__} {str(problem)[:120]}"] += 1
            return
        self.done[name] += 1
        self.paces.setdefault(name, []).append((begun, time.monotonic() - begun))


def publish(persons: dict[str, Wired], people: dict[str, User], number: int) -> None:
    """A draft is edited and submitted, triaged, reviewed by two and confirmed, each by a form of the desk."""
    nora, lena = persons["nora"], persons["lena"]
    with transaction.atomic():
        story = Story(people, clock.now() - timedelta(minutes=2))
        article = story.draft(title=f"Is soaked food number {number} good for the heart?")
    url = f"/admin/articles/article/{article.pk}/change/"
    went(nora.fill(url, having="edit_stamp", short_answer="For most adults, below 130 mm Hg if it is well borne."))
    went(nora.act(article.pk, "submit"))
    specialty = people["claire"].board_member.credentials.first().specialty_id
    went(lena.act(article.pk, "triage", risk_tier="standard", specialty=specialty))
    went(opens(lena, article, people, claire="required", ravi="required"))
    for name in ("claire", "ravi"):
        seat = ReviewAssignment.objects.get(round__article=article, member__user__username=name)
        went(persons[name].sign(seat.pk))
    went(lena.act(article.pk, "confirm", password=PASSWORD))
    state = Article.objects.get(pk=article.pk).state
    assert state == "approved", f"the article is {state}"


def went(answer: Any) -> None:
    assert answer.status_code == 302, (answer.status_code, " ".join(answer.text.split())[:400])


def listed(persons: dict[str, Wired]) -> None:
    for name, paths in LISTS.items():
        for path in paths:
            answer = persons[name].client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)


def fed(original: Any) -> None:
    """Two seats more that were due the day before yesterday: their reminders are mail."""
    with unexplained.by_operator("load.late"):
        feeding.feed(original, 2)
