"""A page that may do harm is taken off the site from a phone: two taps besides typing."""

import pytest
from playwright.sync_api import expect

from articles.models import Publication
from reviews.demo.cast import PASSWORD
from tests.e2e.conftest import PHONE
from tests.e2e.counting import Hand
from tests.e2e.test_pages import faults

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS = 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_public_page_to_a_hold_in_two_taps(phone_page, live_server, story, scheme):
    article = story.published()
    page, thumb = phone_page, Hand(phone_page)
    page.emulate_media(color_scheme=scheme)
    thumb.starts(f"{live_server.url}/articles/{article.slug}/")
    thumb.taps_on(page.get_by_role("link", name="Take this page off the site"))
    page.get_by_label("Username or email").fill("claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Take this page off the site")
    assert faults(page) == []
    button = page.get_by_role("button", name="Take off the site now")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"], "the button lies below the screen"
    page.get_by_label("Reason").fill("The dose is ten times too high.")
    page.get_by_label("Your password").fill(PASSWORD)
    thumb.taps_on(button)
    expect(page.get_by_role("heading", level=1)).to_have_text("Off the site")
    assert faults(page) == []
    assert thumb.cost.clicks == MOST_TAPS
    assert Publication.objects.get().status == "on_hold"
