"""Every page of the desk that links lead to, as a browser and an accessibility checker see it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.crawl import Place, furnish, places
from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.test_pages import faults, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [(size, scheme) for size in (WIDE, PHONE) for scheme in ("light", "dark")]
MAIN = (
    *("admin:index", "admin:queue", "admin:articles_article_changelist", "admin:articles_article_change"),
    *("admin:articles_article_verb", "admin:review", "admin:remind", "admin:membership", "admin:mail"),
    *("admin:articles_article_history", "admin:metrics", "admin:editorial_boardmember_change"),
    *("admin:search", "admin:notifications", "admin:hold", "admin:timeline", "admin:compare"),
)
AUTHOR_AND_EDITOR = ("nora", "tom")
"""Whose view of each article is looked at; the others see a part of the same."""


def to_look_at(story) -> list[Place]:
    shown = furnish(story)
    return [
        place
        for place in places(f"/admin/hold/{shown.slug}/")
        if not place.route.startswith("admin:articles_article_change ") or place.who in AUTHOR_AND_EDITOR
    ]


class Lookers:
    """A browser for each person and look, signed in when first needed."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser, self.server = browser, server
        self.sessions: dict[str, list] = {}
        self.contexts: dict[tuple[str, int], BrowserContext] = {}
        self.said: list[str] = []

    def page(self, who: str, look: int) -> Page:
        if (who, look) not in self.contexts:
            size, scheme = LOOKS[look]
            context = self.browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB")
            self.contexts[who, look] = context
            page = context.new_page()
            if who in self.sessions:
                context.add_cookies(self.sessions[who])
            else:
                sign_in(page, self.server, who)
                self.sessions[who] = context.cookies()
            page.on("console", lambda message: self.said.append(f"{page.url}: {message.text}"))
            page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        return self.contexts[who, look].pages[0]

    def look(self, place: Place, look: int) -> list[str]:
        page = self.page(place.who, look)
        answer = page.goto(self.server + place.path)
        assert answer is not None, place
        assert answer.status == 200, place
        quiet, self.said = self.said, []  # the checker itself speaks on the console
        found = faults(page)
        self.said = quiet
        size, scheme = LOOKS[look]
        return [f"{place.path} as {place.who}, {size['width']} {scheme}: {fault}" for fault in found]


@pytest.fixture
def lookers(browser: Browser, live_server) -> Iterator[Lookers]:
    made = Lookers(browser, live_server.url)
    yield made
    for context in made.contexts.values():
        context.close()


def main(found: list[Place]) -> list[Place]:
    """One article of each of the two, and the pages that are open all day."""
    kept: dict[str, Place] = {}
    for place in found:
        kept.setdefault(f"{place.who} {place.route}".rstrip(" 0123456789"), place)
    return [place for place in kept.values() if place.route.split(" ")[0] in MAIN]


@pytest.mark.long
def test_the_main_pages_are_accessible_and_fit(lookers, story):
    """Each once, in turn wide, narrow, light and dark; ``make long`` takes every page in all four looks."""
    shown = main(to_look_at(story))
    assert len({place.route.split(" ")[0] for place in shown}) == len(MAIN)
    wrong = [fault for number, place in enumerate(shown) for fault in lookers.look(place, number % 4)]
    assert wrong == []
    assert lookers.said == []


@pytest.mark.long
@pytest.mark.parametrize("look", range(len(LOOKS)))
def test_every_page_is_accessible_and_fits(look, lookers, story):
    wrong = [fault for place in to_look_at(story) for fault in lookers.look(place, look)]
    assert wrong == []
    assert lookers.said == []
