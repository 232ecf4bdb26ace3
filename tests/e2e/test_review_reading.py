"""What a review's text answers in a real browser: citations open their references, comments stand at their passages."""

import pytest
from playwright.sync_api import expect

from reviews import workflow
from reviews.models import ReviewComment
from tests.e2e.test_pages import faults, sign_in
from tests.e2e.test_review import QUOTE, opens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience"), pytest.mark.long]


def test_a_citation_opens_its_reference_beside_it(any_page, live_server, review_url):
    page = any_page
    said = opens(page, live_server.url, review_url)
    card, citation = page.locator("#reference-card"), page.locator(".citation a").first
    is_touch = page.viewport_size["width"] < 500
    citation.tap() if is_touch else citation.click()
    expect(card).to_contain_text("2025 AHA/ACC high blood pressure guideline")
    expect(card.get_by_role("link", name="DOI")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(citation).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.get_by_role("link", name="DOI")).to_be_focused()
    card.get_by_role("link", name="In the list").press("Tab")
    expect(page.locator(".citation a").nth(1)).to_be_focused()
    expect(card).to_have_attribute("role", "tooltip")
    citation.press("Enter")
    card.get_by_role("link", name="In the list").click()
    expect(page).to_have_url(f"{review_url}#clinician-ref-1")
    assert said == []


def test_a_citation_is_a_link_to_the_list_without_scripts(browser, live_server, review_url):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, "claire")
    page.goto(review_url)
    page.locator(".citation a").first.click()
    expect(page).to_have_url(f"{review_url}#clinician-ref-1")
    page.context.close()


def test_what_a_comment_is_about_is_marked_with_a_way_there_and_back(
    any_page, live_server, review_url, declared, people, story
):
    values = {"kind": "question", "body": "For whom?", "quote": f"{QUOTE} is recommended for most adults"}
    comment = workflow.add_comment(declared.article, actor=story.people["claire"], now=story.tick(), **values)
    page = any_page
    said = opens(page, live_server.url, review_url)
    mark = page.locator(f"#passage-{comment.pk}")
    expect(mark).to_have_text(values["quote"])
    page.get_by_role("link", name="To the comment: Question").click()
    expect(page).to_have_url(f"{review_url}#comment-{comment.pk}")
    page.get_by_role("link", name="See it in the text").click()
    expect(page).to_have_url(f"{review_url}#passage-{comment.pk}")
    expect(mark).to_be_in_viewport()
    assert said == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        assert faults(page) == [], scheme


def test_a_marked_text_still_takes_a_comment_on_the_same_words(
    wide_page, live_server, review_url, declared, people, story
):
    values = {"kind": "question", "body": "For whom?", "quote": QUOTE}
    workflow.add_comment(declared.article, actor=story.people["claire"], now=story.tick(), **values)
    page = wide_page
    opens(page, live_server.url, review_url)
    page.evaluate(
        """() => {
            const mark = document.querySelector(".passage").firstChild;
            const after = document.querySelector(".passage__link").nextSibling;
            getSelection().setBaseAndExtent(mark, 2, after, 15);
        }"""
    )
    expect(page.get_by_role("button", name="Comment on the selection")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#remark [name=quote]")).to_have_value("target below 130 mm Hg is recommended")
    page.keyboard.type("And why?")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("Your comment is kept.")).to_be_visible()
    assert ReviewComment.objects.get(body="And why?").quote == "target below 130 mm Hg is recommended"
