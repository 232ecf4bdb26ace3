"""Passkeys in a real browser, with its own virtual authenticator: enrol, sign in, sign a review."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reviews.demo.cast import PASSWORD
from reviews.models import Review, Signature
from tests.e2e.conftest import PHONE, WIDE, WIDE_AND_LATER_PHONE
from tests.e2e.test_pages import faults, sign_in
from tests.enrolled import code_of, give_app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]

PHONE_LIKE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    def __init__(self, page: Page) -> None:
        self.line = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        made = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_LIKE})
        self.id = made["authenticatorId"]

    def recognises(self, them: bool) -> None:
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": them})


@pytest.fixture
def said(any_page: Page) -> Iterator[list[str]]:
    lines: list[str] = []
    any_page.on("console", lambda message: lines.append(message.text))
    any_page.on("pageerror", lambda error: lines.append(str(error)))
    yield lines
    assert lines == []


def looks_good(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], (page.url, scheme)


def enrol(page: Page, server: str) -> None:
    page.goto(f"{server}/accounts/factors/")
    looks_good(page)
    page.get_by_role("link", name="Add a passkey").click()
    looks_good(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    looks_good(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    looks_good(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My phone", exact=True)).to_be_visible()
    looks_good(page)


def sign_out(page: Page, server: str) -> None:
    page.goto(f"{server}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()


def decide(page: Page, url: str) -> Any:
    page.goto(url)
    for answer in page.locator("#decision input[type=radio][value=yes]").all():
        answer.check()
    page.locator("#decision [name=verdict][value=approve]").check()
    return page.get_by_role("button", name="Sign", exact=True)


@pytest.mark.parametrize(
    "any_page", [pytest.param(WIDE, marks=pytest.mark.long), PHONE], indirect=True, ids=["wide", "phone"]
)
def test_a_member_enrols_signs_in_and_signs_by_passkey_alone(any_page, live_server, review_url, said):
    page = any_page
    authenticator = Authenticator(page)
    sign_in(page, live_server.url, "claire")
    enrol(page, live_server.url)
    sign_out(page, live_server.url)
    page.goto(f"{live_server.url}/accounts/login/")
    looks_good(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Desk")

    authenticator.recognises(False)
    button = decide(page, review_url)
    looks_good(page)
    button.click()
    expect(page.get_by_text("The passkey wasn’t used")).to_be_visible()
    assert not Review.objects.exists()
    authenticator.recognises(True)
    button.click()
    expect(page.get_by_text("Signed and recorded.").first).to_be_visible()
    assert Signature.objects.get().proof == "passkey"


def test_after_the_password_a_passkey_is_offered_first(wide_page, live_server, story):
    page = wide_page
    Authenticator(page)
    sign_in(page, live_server.url, "claire")
    enrol(page, live_server.url)
    sign_out(page, live_server.url)
    page.goto(f"{live_server.url}/accounts/login/?next=/admin/membership/")
    page.get_by_label("Username or email").fill("claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    looks_good(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your membership")


@pytest.mark.parametrize("any_page", WIDE_AND_LATER_PHONE, indirect=True, ids=["wide", "phone"])
def test_one_time_codes_are_set_up_and_asked_for(any_page, live_server, review_url, people, said):
    page = any_page
    sign_in(page, live_server.url, "claire")
    page.goto(f"{live_server.url}/accounts/factors/app/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    looks_good(page)
    secret = page.locator(".factor__secret").inner_text().replace(" ", "")
    assert page.locator(".factor__picture").evaluate("picture => picture.naturalWidth") > 0
    page.get_by_label("The code that the app shows now").fill(code_of(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    button = decide(page, review_url)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("One-time code").fill(code_of(secret, 1))
    looks_good(page)
    button.click()
    expect(page.get_by_text("Signed and recorded.").first).to_be_visible()


def test_an_account_with_codes_signs_in_on_a_page_that_fits(any_page, live_server, people):
    page = any_page
    give_app(people["claire"])
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Username or email").fill("claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    looks_good(page)
