"""Browser tests run in the machine's own Chromium, on a wide screen and on a phone's.

Without Chromium they are reported as skipped, and fail where ``CI=true`` says that all must run.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reviews.models import ReviewRound
from tests.story import Story

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "Not run: no Chromium on this machine. Install one (on Debian: apt-get install chromium) to run the browser tests."
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


WIDE_AND_LATER_PHONE = [WIDE, pytest.param(PHONE, marks=pytest.mark.long)]
"""For a walk that is the same on both: on the wide screen in `make test`, on the phone's in `make long`."""


def found_browser() -> str | None:
    """The first browser on PATH that Playwright can drive."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder ``browser``, and skip it in words where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if found_browser() is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright's sync API keeps an event loop in this thread, which Django would take for async code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = found_browser()
    if program is None:
        pytest.fail(MISSING.removeprefix("Not run: "))
    return {**browser_type_launch_args, "executable_path": program, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": WIDE, "locale": "en-GB"}


@pytest.fixture
def wide_page(page: Page) -> Page:
    """A page of 1280 × 900."""
    return page


@pytest.fixture
def phone_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page of 390 × 844 in a context of its own: not signed in where ``page`` is."""
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE, "has_touch": True, "is_mobile": True})
    yield context.new_page()
    context.close()


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def any_page(request: pytest.FixtureRequest) -> Page:
    """The test runs twice: on the wide screen and on the phone's."""
    name = "wide_page" if request.param is WIDE else "phone_page"
    page: Page = request.getfixturevalue(name)
    return page


SLOW = 20_000
"""Milliseconds that a busy machine may take for what a person waits for."""


@pytest.fixture
def patience() -> Iterator[None]:
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def declared(story: Story) -> ReviewRound:
    """An open round in which Claire has declared that she has no conflict."""
    round = story.round()
    story.declare(round, "claire")
    return round


@pytest.fixture
def review_url(story: Story, declared: ReviewRound, live_server: Any) -> str:
    """Her review's page."""
    return str(live_server.url + story.seat(declared, "claire").get_absolute_url())
