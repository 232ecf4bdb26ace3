"""A member's review in a real browser: nothing typed is lost, and no mouse is needed."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewDraft, Signature
from tests.e2e.conftest import SLOW
from tests.e2e.test_pages import faults, sign_in
from tests.reviews.test_review_page import revise

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]

QUOTE = "A target below 130 mm Hg"
SAID = "#decision [data-said]"
KEPT = ", not signed yet"


def listens(page: Page) -> list[str]:
    """What the console says, but for what it must say where the line was cut on purpose."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def opens(page: Page, server: str, url: str) -> list[str]:
    said = listens(page)
    sign_in(page, server, "claire")
    page.goto(url)
    return said


def test_what_is_typed_is_kept_and_there_again_on_the_next_visit(any_page, live_server, review_url):
    page = any_page
    said = opens(page, live_server.url, review_url)
    page.get_by_label("Comment to the author").fill("Say which dose.")
    page.get_by_label("Changes needed").check()
    expect(page.locator(SAID)).to_contain_text(KEPT)
    page.get_by_text("Comment on a passage").click()
    page.locator("#remark [name=words]").fill("For whom?")
    expect(page.locator("#remark [data-said]")).to_contain_text(KEPT)
    page.locator("#decision [name=password]").fill("never kept")
    page.goto(live_server.url + "/admin/")
    page.goto(review_url)
    expect(page.get_by_label("Comment to the author")).to_have_value("Say which dose.")
    expect(page.get_by_label("Changes needed")).to_be_checked()
    expect(page.locator("#remark [name=words]")).to_have_value("For whom?")
    assert "never kept" not in str(ReviewDraft.objects.get().data)
    assert not Review.objects.exists()
    assert said == []
    assert faults(page) == []


@pytest.mark.long
def test_leaving_at_once_keeps_the_last_word_too(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    page.get_by_label("Comment to the author").fill("Typed and left.")
    page.goto(live_server.url + "/admin/")
    for _turn in range(SLOW // 100):  # it is still on its way when the next page stands already
        if ReviewDraft.objects.exists():
            break
        page.wait_for_timeout(100)
    page.goto(review_url)
    expect(page.get_by_label("Comment to the author")).to_have_value("Typed and left.")


def test_a_cut_line_loses_nothing_and_nothing_is_sent_into_the_void(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    page.context.set_offline(True)
    page.get_by_label("Comment to the author").fill("Written in a tunnel.")
    expect(page.locator(SAID)).to_contain_text("No connection. What you typed is still on this page")
    page.get_by_label("Abstain").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator(SAID)).to_contain_text("No connection.")
    expect(page.get_by_label("Comment to the author")).to_have_value("Written in a tunnel.")
    page.context.set_offline(False)
    expect(page.locator(SAID)).to_contain_text(KEPT)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()
    assert Review.objects.get().comment == "Written in a tunnel."


def test_a_session_that_ends_loses_nothing(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    page.context.clear_cookies(name="imprimatur_desk")
    page.get_by_label("Comment to the author").fill("Typed after the session ended.")
    expect(page.locator(SAID)).to_contain_text("You are signed out. What you typed is still on this page")
    page.get_by_label("Abstain").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page).to_have_url(review_url)
    assert not Review.objects.exists()

    other = page.context.new_page()
    sign_in(other, live_server.url, "claire")
    other.close()
    expect(page.locator(SAID)).to_contain_text(KEPT)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()
    assert Review.objects.get().comment == "Typed after the session ended."


@pytest.mark.long
def test_two_windows_never_overwrite_each_other(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    other = page.context.new_page()
    other.goto(review_url)
    other.get_by_label("Comment to the author").fill("In the other window.")
    expect(other.locator(SAID)).to_contain_text(KEPT)
    page.get_by_label("Comment to the author").fill("In this one.")
    expect(page.locator(SAID)).to_contain_text("in another window or on another device")
    assert ReviewDraft.objects.get().data["comment"] == "In the other window."
    page.get_by_role("button", name="Keep what stands here instead").click()
    expect(page.locator(SAID)).to_contain_text(KEPT)
    assert ReviewDraft.objects.get().data["comment"] == "In this one."


@pytest.fixture
def changed(story, people, live_server) -> str:
    """Claire's page on a new version, with something of an earlier version changed."""
    revise(story.published(), people, story)
    round = story.round(article=Article.objects.get())
    return live_server.url + story.seat(round, "claire").get_absolute_url()


def comments_by_keys(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator("#remark [name=quote]")).to_be_focused()
    page.keyboard.type(QUOTE)
    for _field in ("kind", "words"):
        page.keyboard.press("Tab")
    page.keyboard.type("Is n, d or 1 a shortcut here? No.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your comment is kept.")).to_be_visible()
    expect(page.locator(".passage")).to_have_text(QUOTE)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_a_whole_review_needs_no_mouse(wide_page, live_server, changed, scheme):
    page = wide_page
    page.emulate_media(color_scheme=scheme)
    said = opens(page, live_server.url, changed)
    keys = page.keyboard
    keys.press("d")
    expect(page.get_by_role("button", name="No conflict of interest")).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(f"{changed}#changes")
    keys.press("n")
    expect(page.locator(".difference__hunk").first).to_be_focused()
    comments_by_keys(page)
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys of this page")).to_be_visible()
    found = faults(page)
    keys.press("Escape")
    keys.press("d")
    for _item in page.locator(".checklist__item").all():
        keys.press("Space")
        keys.press("Tab")
    keys.press("1")
    expect(page.get_by_label("Approve this text as it stands")).to_be_checked()
    for _field in ("comment", "private note", "password"):
        keys.press("Tab")
    expect(page.get_by_label("Your password")).to_be_focused()
    found += faults(page)
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()
    assert found == []
    assert said == []
    assert Signature.objects.filter(review__verdict="approve", signer__username="claire").count() == 2


@pytest.mark.long
def test_a_whole_review_by_touch(phone_page, live_server, changed):
    page = phone_page
    said = opens(page, live_server.url, changed)
    page.get_by_role("button", name="No conflict of interest").tap()
    expect(page.locator(".difference__hunk").first).to_be_in_viewport()
    expect(page.locator("[data-keys]")).to_be_hidden()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], scheme
    for item in page.locator(".checklist__item").all():
        item.locator("label", has_text="Yes").tap()
    page.locator("label", has_text="Approve, with suggestions").tap()
    page.get_by_label("Your password").tap()
    page.keyboard.type(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).tap()
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()
    assert said == []


@pytest.mark.long
def test_the_keys_can_be_switched_off_and_stay_off(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("1")
    expect(page.get_by_label("Approve this text as it stands")).not_to_be_checked()
    page.keyboard.press("?")
    page.get_by_label("Use these keys").check()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.get_by_label("Approve, with suggestions")).to_be_checked()
    expect(page.locator(SAID)).to_contain_text(KEPT)


@pytest.mark.long
def test_no_key_signs(wide_page, live_server, review_url):
    page = wide_page
    opens(page, live_server.url, review_url)
    for key in "abcdefghijklmnopqrstuvwxyz0123456789?":
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        page.keyboard.press("Escape")
    expect(page).to_have_url(review_url)
    expect(page.locator(SAID)).to_contain_text(KEPT)
    assert not Review.objects.exists()


@pytest.mark.long
def test_every_form_that_asks_for_a_password_says_whose(wide_page, live_server, story):
    article = story.published()
    said = listens(wide_page)
    sign_in(wide_page, live_server.url, "ingrid")
    pages = [f"/admin/articles/article/{article.pk}/verb/{verb}/" for verb in ("hold", "retract")]
    for path in (*pages, "/accounts/password/change/"):
        wide_page.goto(live_server.url + path)
        form = wide_page.locator("form", has=wide_page.locator("[type=password]"))
        expect(form.locator("[autocomplete=username]")).to_have_value("ingrid")
    assert said == []
