"""Pages as a browser and an accessibility checker see them, on a wide screen and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from reviews import workflow
from reviews.demo.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}

LIBRARY = {"exclude": [[".select2"]]}
"""The framework's own search box, whose markup isn't ours to change."""


SETTLED = """() => new Promise(requestAnimationFrame)
    .then(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)))"""


def faults(page: Page) -> list[str]:
    """What the checker holds against the page once its colours stand still, and whether it scrolls sideways."""
    page.evaluate(SETTLED)
    found = [
        f"{rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for rule in Axe().run(page, context=LIBRARY, options=WCAG).response["violations"]
    ]
    width = page.viewport_size["width"]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"scrolls sideways at {width}")
    return found


def sign_in(page: Page, server: str, username: str) -> None:
    page.goto(f"{server}/accounts/login/")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Desk")


def test_public_pages_are_accessible_and_fit(any_page, live_server, story):
    article = story.published()
    forms = (f"/articles/{article.slug}/report/", "/ask/send/?q=May+I%3F", "/ask/send/sent/")
    found = ("/search/?q=blood+presure", "/search/?q=zebra", "/ask/?q=how+low+should+blood+pressure+be")
    for path in ("/", f"/articles/{article.slug}/", *forms, *found, "/articles/none/", "/accounts/login/"):
        any_page.goto(live_server.url + path)
        assert faults(any_page) == [], path


def test_the_desk_is_accessible_and_fits(any_page, live_server, story):
    article = story.draft()
    sign_in(any_page, live_server.url, "tom")
    for path in ("/admin/", "/admin/articles/article/", f"/admin/articles/article/{article.pk}/change/"):
        any_page.goto(live_server.url + path)
        assert faults(any_page) == [], path


METRICS = ("?period=365", "board/?period=365", "queue/", "re-reviews/", "capacity/", "?period=custom&since=2026-03-01")


@pytest.mark.long
def test_the_metrics_are_accessible_and_fit(any_page, live_server, story):
    story.published()
    story.round(title="Another?")
    sign_in(any_page, live_server.url, "ingrid")
    for scheme, addresses in (("light", METRICS), ("dark", METRICS[:3])):
        any_page.emulate_media(color_scheme=scheme)
        for address in addresses:
            any_page.goto(f"{live_server.url}/admin/metrics/{address}")
            for summary in any_page.locator("#content-main summary").all():
                summary.click()
            assert faults(any_page) == [], (address, scheme)


@pytest.mark.long
def test_a_members_year_is_accessible_and_fits(any_page, live_server, story):
    story.published()
    sign_in(any_page, live_server.url, "claire")
    any_page.goto(f"{live_server.url}/admin/reviews/mine/{story.now.year}/")
    expect(any_page.get_by_text("signed 1 review")).to_be_visible()
    assert faults(any_page) == []


def test_the_review_page_is_accessible_and_fits(any_page, live_server, story):
    seat = story.seat(story.round(), "claire")
    sign_in(any_page, live_server.url, "claire")
    any_page.goto(live_server.url + seat.get_absolute_url())
    assert faults(any_page) == []
    any_page.get_by_role("button", name="No conflict of interest").click()
    expect(any_page.get_by_label("Your password")).to_be_attached()
    assert faults(any_page) == []


@pytest.mark.long
def test_the_comments_are_accessible_and_fit(any_page, live_server, story, people):
    round = story.round()
    for name in ("claire", "ravi"):
        story.declare(round, name)
    values = {
        "kind": "must_fix",
        "body": "Say for whom.",
        "quote": "A target below 130 mm Hg",
        "replacement": "Below 130",
    }
    workflow.add_comment(round.article, actor=people["claire"], now=story.tick(), **values)
    sign_in(any_page, live_server.url, "claire")
    any_page.goto(live_server.url + story.seat(round, "claire").get_absolute_url())
    any_page.get_by_text("Comment on a passage").click()
    assert faults(any_page) == []


@pytest.mark.long
def test_the_page_that_reminds_is_accessible_and_shows_the_mail_as_it_will_be(any_page, live_server, story):
    round = story.round("claire", "ravi")
    claire, ravi = (story.seat(round, name) for name in ("claire", "ravi"))
    workflow.remind(round.article, actor=story.people["ingrid"], assignment=ravi)
    sign_in(any_page, live_server.url, "tom")
    any_page.goto(f"{live_server.url}/admin/remind/?seat={claire.pk}&seat={ravi.pk}")
    expect(any_page.get_by_label("Claire Dubois")).to_be_checked()
    expect(any_page.get_by_label("Ravi Menon")).not_to_be_checked()
    any_page.get_by_label("A few words of your own").fill("Thank you, Claire.")
    any_page.get_by_role("button", name="See the mail with my words").click()
    mail = any_page.frame_locator("iframe")
    expect(mail.get_by_text("Thank you, Claire.")).to_be_visible()
    expect(mail.locator("blockquote")).to_have_css("border-left-width", "3px")
    assert faults(any_page) == []
    any_page.get_by_role("button", name="Send to those ticked").click()
    expect(any_page.get_by_text("A reminder is on its way to Claire Dubois.")).to_be_visible()


def test_the_page_is_whole_without_javascript(browser, live_server, story):
    article = story.published()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/articles/{article.slug}/")

    expect(page.get_by_role("heading", name="Short answer")).to_be_visible()
    expect(page.get_by_text("A target below 130 mm Hg")).to_be_visible()
    page.get_by_text("How this was reviewed").click()
    expect(page.get_by_text("Claire Dubois, MD").nth(1)).to_be_visible()
    page.context.close()
