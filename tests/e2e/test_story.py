"""An article's story in a browser: what a verb did, the timeline, and any two texts compared."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.e2e.test_pages import faults, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_the_story_of_an_article_is_accessible_and_fits(any_page, live_server, story):
    article = story.revised(story.published(), ("below 130", "below 125"))
    page_of = f"{live_server.url}/admin/articles/article/{article.pk}"
    sign_in(any_page, live_server.url, "tom")
    any_page.goto(f"{page_of}/verb/submit/")
    any_page.get_by_role("button", name="Submit for review").click()
    done = any_page.get_by_role("status", name="Done: Submit for review.")
    expect(done).to_be_focused()
    expect(done).to_contain_text("Draft")
    expect(done).to_contain_text("Tom Okafor: triage")
    assert Article.objects.get(pk=article.pk).state == "submitted"
    for scheme in ("light", "dark"):
        any_page.emulate_media(color_scheme=scheme)
        assert faults(any_page) == [], scheme

    any_page.get_by_role("region", name="Timeline").get_by_role("link", name="of the timeline").click()
    any_page.get_by_role("link", name="Mail").click()
    expect(any_page.get_by_text("News to Nora Feld")).to_be_visible()
    assert faults(any_page) == []

    any_page.goto(f"{page_of}/compare/")
    any_page.get_by_label("Before").select_option("r1")
    any_page.get_by_role("button", name="Compare").click()
    expect(any_page.locator("del", has_text="130")).to_be_visible()
    assert faults(any_page) == []
