"""On a phone, from the mail to a signed approval: three taps besides typing, reading and the checklist."""

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from editorial import outbox
from editorial.models import OutboxMessage
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewComment, Signature
from tests.e2e.conftest import PHONE
from tests.e2e.counting import Hand

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS = 3


def link_in_the_mail(server: str) -> str:
    """The address in the invitation as it was sent, on the server of this test."""
    invitations = OutboxMessage.objects.filter(kind="invitation", recipient__username="claire")
    outbox.send_one(invitations.latest("pk").pk, now=_now())
    body = next(message.body for message in mail.outbox if message.to == ["claire@example.org"])
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/admin/reviews/\d+/)", body)
    assert found is not None, body
    return f"{server}{found[1]}"


def _now():
    return OutboxMessage.objects.latest("not_before").not_before


@pytest.fixture
def claire(phone_page, live_server, story):
    """Claire opened the mail's link on her phone, having signed in there before."""
    story.round()
    hand = Hand(phone_page)
    link = link_in_the_mail(live_server.url)
    phone_page.goto(link)
    phone_page.get_by_label("Username or email").fill("claire")
    phone_page.get_by_label("Password").fill(PASSWORD)
    phone_page.keyboard.press("Enter")
    phone_page.wait_for_url(link)
    hand.starts(link)
    return hand


def test_from_the_mail_to_a_signed_approval_in_three_taps(claire):
    page = claire.page
    claire.taps_on(page.get_by_role("button", name="No conflict of interest"))
    expect(page.get_by_role("heading", name="Your decision")).to_be_attached()
    with claire.apart("checklist"):
        for item in page.locator(".checklist__item").all():
            item.get_by_label("Yes").check()
    claire.taps_on(page.locator("label", has_text="Approve this text as it stands"))
    page.get_by_label("Your password").fill(PASSWORD)
    claire.taps_on(page.get_by_role("button", name="Sign", exact=True))
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()
    assert claire.cost.clicks <= MOST_TAPS
    assert Signature.objects.get().review.verdict == "approve"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_marked_passage_becomes_a_comment(wide_page, live_server, story):
    round = story.round()
    story.declare(round, "claire")
    page = wide_page
    page.goto(f"{live_server.url}{story.seat(round, 'claire').get_absolute_url()}")
    page.get_by_label("Username or email").fill("claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your decision")).to_be_attached()
    page.evaluate(
        """() => {
            const text = document.querySelectorAll("[data-place=clinician] p:not(.grade)")[1].firstChild;
            const at = text.data.indexOf("target");
            getSelection().setBaseAndExtent(text, at, text, at + 6);
        }"""
    )
    page.get_by_role("button", name="Comment on the selection").click()
    expect(page.locator("#remark [name=quote]")).to_have_value("target")
    page.locator("#remark [name=words]").fill("Which one?")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("Your comment is kept.")).to_be_visible()
    comment = ReviewComment.objects.get()
    assert (comment.audience, comment.quote, comment.position) == ("clinician", "target", 1)
