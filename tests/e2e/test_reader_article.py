"""An article's page in a real browser: references beside their citations, with a script and without one."""

import pytest
from playwright.sync_api import expect

from tests.articles.test_ending import ended, second
from tests.e2e.test_pages import faults
from tests.e2e.test_review import listens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience"), pytest.mark.long]

SOURCE = "2025 AHA/ACC high blood pressure guideline"


def test_a_citation_opens_its_reference_by_mouse_touch_and_keyboard(any_page, live_server, story):
    page, url = any_page, f"{live_server.url}/articles/{story.published().slug}/"
    said = listens(page)
    page.goto(url)
    citation, card = page.locator(".citation a").first, page.locator("#reference-card")
    citation.focus()
    expect(card).to_contain_text(SOURCE)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    is_touch = page.viewport_size["width"] < 500
    citation.tap() if is_touch else citation.click()
    expect(card.get_by_role("link", name="DOI")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()
    citation.press("Enter")
    card.get_by_role("link", name="In the list of references").click()
    expect(page).to_have_url(f"{url}#clinician-ref-1")
    expect(page.locator("#clinician-ref-1")).to_be_in_viewport()
    expect(page.locator("#clinician-ref-1")).to_have_css("position", "static")
    assert said == []


def test_without_a_script_the_reference_comes_up_beside_the_text_and_goes_again(browser, live_server, story):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 700})
    page, url = context.new_page(), f"{live_server.url}/articles/{story.published().slug}/"
    page.goto(url)
    citation, entry = page.locator(".citation a").first, page.locator("#clinician-ref-1")
    citation.click()
    expect(page).to_have_url(f"{url}#clinician-ref-1")
    expect(entry).to_have_css("position", "fixed")
    expect(entry).to_be_in_viewport(ratio=0.9)
    expect(entry).to_contain_text(SOURCE)
    expect(citation).to_be_in_viewport()  # the text stays where it was
    page.keyboard.press("Tab")
    expect(entry.get_by_role("link", name="DOI")).to_be_focused()
    entry.get_by_role("link", name="Back to the text").click()
    expect(page).to_have_url(f"{url}#clinician-cite-1-1")
    expect(entry).to_have_css("position", "static")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    context.close()


def test_the_pages_about_versions_are_accessible_and_fit(any_page, live_server, story):
    article = second(story)
    url = f"{live_server.url}/articles/{article.slug}/"
    for rest in ("", "v/1/", "history/", "v/1/changes/", "v/2/changes/"):
        any_page.goto(url + rest)
        assert faults(any_page) == [], rest
    ended(story, article, "retracted")
    for rest in ("", "v/1/", "history/"):
        any_page.goto(url + rest)
        assert faults(any_page) == [], rest
    ended(story, article, "removed")
    any_page.goto(f"{url}history/")
    assert faults(any_page) == []
