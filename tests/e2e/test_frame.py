"""The desk's frame in a browser: keys that lead to the search, news, and the ways in on a wide screen and a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from editorial import outbox
from reviews.demo.cast import PASSWORD
from tests.e2e.conftest import PHONE
from tests.e2e.test_pages import faults, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

THEMES = ("light", "dark")


def the_box(page: Page):
    return page.get_by_role("searchbox", name="Search the desk")


def test_keys_lead_to_the_search_and_out_of_it(wide_page, live_server, story):
    article = story.draft(title="How low should pressure be?")
    page = wide_page
    sign_in(page, live_server.url, "tom")
    expect(page.locator(".desk-search kbd")).to_have_text("Ctrl K")
    link = page.get_by_role("link", name="Metrics", exact=True).first
    for key in ("/", "Control+k"):
        link.focus()
        page.keyboard.press(key)
        expect(the_box(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("low pressure")
    page.keyboard.press("Enter")
    hit = page.get_by_role("link", name="How low should pressure be?")
    the_box(page).focus()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(the_box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/articles/article/{article.pk}/change/")


@pytest.mark.long
def test_hits_show_while_somebody_types(any_page, live_server, story):
    for title in ("Which pressure?", "What pressure?"):
        story.draft(title=title)
    page = any_page
    sign_in(page, live_server.url, "tom")
    hits = page.locator("[data-hits] .hit a")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.goto(f"{live_server.url}/admin/mail/")
        the_box(page).press_sequentially("pressure")
        expect(hits.first).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="arrow down leads there")).to_be_attached()
        assert faults(page) == [], theme
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(hits.first).to_be_hidden()
    the_box(page).fill("zzzz")
    expect(page.get_by_text("Nothing here fits. Try fewer words.").last).to_be_visible()
    the_box(page).fill("pressure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/search/?q=pressure")


def test_keys_stay_in_the_field_where_somebody_types(wide_page, live_server, people):
    page = wide_page
    sign_in(page, live_server.url, "nora")
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    title = page.locator("#id_title")
    title.focus()
    page.keyboard.type("5 mg/")
    page.keyboard.press("Control+k")
    expect(title).to_be_focused()
    expect(title).to_have_value("5 mg/")


def test_news_is_counted_without_a_reload_and_read_on_the_way(wide_page, live_server, story):
    seat = story.seat(story.round(), "claire")
    page = wide_page
    page.clock.install()
    sign_in(page, live_server.url, "claire")
    bell = page.locator("[data-unread]")
    expect(page.locator(".desk-search kbd")).to_be_visible()  # the script runs, so its clock does
    expect(bell).to_have_text("1")
    outbox.write("news", story.people["claire"], now=story.tick(), text="Something happened.", path="/admin/mail/")
    page.clock.fast_forward(61_000)
    expect(bell).to_have_text("2")
    page.get_by_role("link", name="Notifications").click()
    told = page.locator(".news__item", has_text="Something happened.")
    told.get_by_role("button", name="Mark as read").click()
    expect(bell).to_have_text("1")
    page.locator(".is-unread button.news__text").click()
    page.wait_for_url(live_server.url + seat.get_absolute_url())
    expect(page.locator(".desk-bell__count")).to_be_hidden()


@pytest.mark.long
def test_the_frame_is_accessible_and_fits(any_page, live_server, story):
    """Search, news and the home page with its first steps, in both themes; on a phone with the menu open."""
    story.round(title="Which pressure?")
    page = any_page
    sign_in(page, live_server.url, "ingrid")
    outbox.write("news", story.people["ingrid"], now=story.tick(), text="Something happened.", path="/admin/mail/")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for path in ("/admin/", "/admin/search/?q=pressure", "/admin/search/", "/admin/notifications/"):
            page.goto(live_server.url + path)
            if page.viewport_size == PHONE:
                page.locator(".side__menu > summary").tap()
                expect(page.get_by_role("link", name="Everything open")).to_be_visible()
            assert faults(page) == [], (path, theme)


@pytest.mark.long
def test_the_sidebar_folds_and_remembers_it(wide_page, live_server, people):
    page = wide_page
    sign_in(page, live_server.url, "tom")
    side = page.locator(".side")
    assert side.bounding_box()["width"] > 200
    page.get_by_role("button", name="Fold the menu").click()
    assert side.bounding_box()["width"] < 80
    page.goto(f"{live_server.url}/admin/metrics/")
    assert side.bounding_box()["width"] < 80
    expect(page.get_by_role("link", name="Needs triage")).to_be_attached()
    page.get_by_role("button", name="Unfold the menu").click()
    page.goto(f"{live_server.url}/admin/queue/")
    assert side.bounding_box()["width"] < 80, "the queue needs the width, so it comes folded"
    assert faults(page) == []
    assert [cookie["name"] for cookie in page.context.cookies() if "side" in cookie["name"]] == []


@pytest.mark.long
def test_the_way_past_the_sidebar_works(wide_page, live_server, people):
    page = wide_page
    sign_in(page, live_server.url, "tom")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content-start")).to_be_focused()


@pytest.mark.long
def test_search_menu_and_news_work_without_javascript(browser: Browser, live_server, story):
    seat = story.seat(story.round(title="Which pressure?"), "claire")
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username or email").fill("claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".side__menu > summary").click()
    page.get_by_role("link", name="Your membership", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your membership")
    the_box(page).fill("pressure")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Which pressure?")).to_be_visible()
    page.get_by_role("link", name="Notifications").click()
    page.locator(".is-unread button.news__text").click()
    page.wait_for_url(live_server.url + seat.get_absolute_url())
    expect(page.locator(".desk-bell__count")).to_be_hidden()
    page.context.close()
