"""The search box with its suggestions, by keyboard, and without a script."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_suggestion_is_chosen_by_keyboard_and_escape_leaves_what_was_typed(any_page, live_server, story):
    article = story.published()
    any_page.goto(f"{live_server.url}/")
    box, option = any_page.locator("#home-q"), any_page.get_by_role("option")
    box.press_sequentially("how low")
    expect(option).to_have_text(["How low should blood pressure be?"])
    expect(box).to_have_attribute("aria-expanded", "true")

    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("how low")

    box.press_sequentially(" should")
    expect(option).to_have_count(1)
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    box.press("Enter")
    expect(any_page).to_have_url(f"{live_server.url}/articles/{article.slug}/")
