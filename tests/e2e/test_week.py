"""The list of what waits for its week, and what asked the same before, on a wide screen and on a phone."""

import pytest
from playwright.sync_api import expect

from reviews.models import RoundPace
from tests.e2e.test_pages import faults, sign_in
from tests.reviews.test_listing import listed, order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

TITLES = ("Does vitamin D prevent falls in older people?", "Is colchicine safe in kidney disease?")


def test_the_list_is_accessible_fits_and_is_put_in_order_by_its_buttons(any_page, live_server, story):
    listed(story, *TITLES)
    story.draft(title="Does vitamin D prevent falls in the elderly?")
    sign_in(any_page, live_server.url, "ingrid")
    any_page.goto(f"{live_server.url}/admin/queue/?view=week")
    expect(any_page.get_by_role("link", name="Does vitamin D prevent falls in the elderly?")).to_be_visible()
    assert faults(any_page) == []
    any_page.get_by_role("button", name=f"One place up: {TITLES[1]}").click()
    expect(any_page.locator(".queue-row__title").first).to_have_text(TITLES[1])
    assert order() == [*reversed(TITLES)]
    any_page.get_by_role("link", name="Set the pace").click()
    any_page.get_by_label("Rounds a week").fill("7")
    assert faults(any_page) == []
    any_page.get_by_role("button", name="Set the pace").click()
    expect(any_page.get_by_text("7 rounds a week")).to_be_visible()
    assert RoundPace.current().a_week == 7


def test_what_asked_the_same_before_is_accessible_and_fits(any_page, live_server, story):
    story.draft(title=TITLES[0])
    article = story.submitted(title="Does vitamin D prevent falls in the elderly?")
    sign_in(any_page, live_server.url, "tom")
    any_page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    expect(any_page.get_by_role("heading", name="Asked before?")).to_be_visible()
    assert faults(any_page) == []
