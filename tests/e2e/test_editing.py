"""Writing an article in a real browser: the page beside the text, a source from the library, and nothing lost."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Citation, DraftText, Reference
from editorial.verbs import save
from tests.articles.test_admin import change_url
from tests.e2e.conftest import WIDE_AND_LATER_PHONE
from tests.e2e.test_pages import faults, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]

BODY = "#id_variants-0-body"


@pytest.fixture
def draft(story) -> Article:
    Reference.objects.create(
        kind="research",
        title="Dexamethasone in Hospitalized Patients with Covid-19",
        authors="RECOVERY Collaborative Group",
        container_title="New England Journal of Medicine",
        year=2021,
        doi="10.1056/nejmoa2021436",
    )
    return story.draft()


def opens(page: Page, server: str, article: Article) -> list[str]:
    """Nora in the article's form; the list fills with what the console says."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, server, "nora")
    page.goto(server + change_url(article))
    expect(page.get_by_label("Cite a source")).to_be_visible()
    return said


def writes(page: Page, text: str) -> None:
    page.locator(BODY).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


@pytest.mark.parametrize("any_page", WIDE_AND_LATER_PHONE, indirect=True, ids=["wide", "phone"])
def test_a_cited_sentence_is_seen_kept_recovered_and_saved(any_page, live_server, draft):
    page = any_page
    said = opens(page, live_server.url, draft)
    writes(page, "\nDeaths were *fewer* on oxygen")
    expect(page.locator(".live__page em")).to_have_text("fewer")

    page.get_by_label("Cite a source").fill("https://doi.org/10.1056/NEJMoa2021436")
    page.get_by_role("button", name="Insert [@recovery2021]").click()
    page.keyboard.type(".")
    expect(page.locator(BODY)).to_have_value(
        draft.variants.get().body + "\nDeaths were *fewer* on oxygen [@recovery2021]."
    )
    expect(page.locator(".live__page").get_by_text("RECOVERY Collaborative Group")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("Kept at")

    page.goto(live_server.url + "/admin/")
    page.goto(live_server.url + change_url(draft))
    expect(page.locator(BODY)).to_have_value(draft.variants.get().body)
    page.get_by_role("button", name="Take up what you typed").click()
    expect(page.locator(BODY)).to_have_value(
        draft.variants.get().body + "\nDeaths were *fewer* on oxygen [@recovery2021]."
    )
    assert said == []
    assert faults(page) == []  # last, since the checker itself speaks on the console
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    assert draft.variants.get().body.endswith("[@recovery2021].")
    assert Citation.objects.get(article=draft, key="recovery2021").reference.year == 2021
    assert DraftText.objects.count() == 0


def test_a_session_that_ends_loses_nothing(wide_page, live_server, draft):
    page = wide_page
    opens(page, live_server.url, draft)
    session = [cookie for cookie in page.context.cookies() if cookie["name"] == "imprimatur_desk"]
    assert session
    page.context.clear_cookies(name="imprimatur_desk")
    writes(page, "\nTyped after the session ended.")
    expect(page.locator("[data-said]")).to_contain_text("You are signed out. What you typed is still on this page")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("You are signed out.")
    expect(page).to_have_url(live_server.url + change_url(draft))
    assert DraftText.objects.count() == 0

    other = page.context.new_page()
    sign_in(other, live_server.url, "nora")
    other.close()
    expect(page.locator("[data-said]")).to_contain_text("Kept at")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert "Typed after the session ended." in draft.variants.get().body


@pytest.mark.parametrize("any_page", WIDE_AND_LATER_PHONE, indirect=True, ids=["wide", "phone"])
def test_a_save_that_came_second_shows_both_texts(any_page, live_server, draft, people):
    page = any_page
    opens(page, live_server.url, draft)
    page.get_by_label("Short answer").fill("Nora's short answer.")
    row = Article.objects.get()
    row.short_answer = "Tom's short answer."
    save(row, actor=people["tom"])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="saved this article after you opened it")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Article.objects.get().short_answer == "Nora's short answer."
