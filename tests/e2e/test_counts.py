"""What a decision costs, counted in a browser: clicks, keystrokes and pages. docs/clicks.md says how."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, Signature
from tests.e2e.counting import Cost, Hand
from tests.e2e.test_pages import sign_in
from tests.e2e.test_taps import link_in_the_mail
from tests.reviews.test_review_page import revise

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]

MOST_CLICKS_TO_APPROVE, MOST_KEYS_TO_APPROVE, MOST_CLICKS_TO_INVITE = 2, 10, 3


@pytest.fixture
def claire(wide_page, live_server, story, people):
    """Signed in since some days, Claire opens the invitation to review a new version from her mail."""
    revise(story.published(), people, story)
    story.round(article=Article.objects.get())
    hand = Hand(wide_page)
    sign_in(wide_page, live_server.url, "claire")
    hand.starts(link_in_the_mail(live_server.url))
    return hand


def in_view(page: Page) -> None:
    """The difference stands before the eyes, on the page that is signed."""
    expect(page.locator(".difference ins").first).to_be_in_viewport()
    expect(page.locator(".difference del").first).to_be_in_viewport()
    expect(page.locator("#decision")).to_be_attached()


def is_signed(hand: Hand) -> None:
    expect(hand.page.get_by_text("Signed and recorded.")).to_be_visible()
    mine = Signature.objects.filter(signer__username="claire").latest("signed_at")
    assert (mine.review.verdict, mine.review.round.number) == ("approve", 2)


def test_from_the_mail_to_a_signed_approval_by_mouse(claire):
    page = claire.page
    claire.clicks_on(page.get_by_role("button", name="No conflict of interest"))
    in_view(page)
    with claire.apart("checklist"):
        for item in page.locator(".checklist__item").all():
            claire.clicks_on(item.locator("label", has_text="Yes"))
    claire.clicks_on(page.locator("label", has_text="Approve this text as it stands"))
    claire.presses("Tab", "Tab", "Tab")
    with claire.apart("password"):
        page.keyboard.type(PASSWORD)
    claire.presses("Enter")
    is_signed(claire)
    assert claire.cost == Cost(clicks=2, keys=4, pages=3)  # the same page three times: opened, declared, signed
    assert claire.cost.clicks <= MOST_CLICKS_TO_APPROVE
    assert claire.aside == {"checklist": Cost(clicks=7), "password": Cost(keys=len(PASSWORD))}


def test_from_the_mail_to_a_signed_approval_by_keyboard_alone(claire):
    page = claire.page
    claire.presses("d", "Enter")
    in_view(page)
    claire.presses("d")
    with claire.apart("checklist"):
        for _item in page.locator(".checklist__item").all():
            claire.presses("Space", "Tab")
    claire.presses("1", "Tab", "Tab", "Tab")
    with claire.apart("password"):
        page.keyboard.type(PASSWORD)
    claire.presses("Enter")
    is_signed(claire)
    assert claire.cost == Cost(keys=8, pages=3)
    assert claire.cost.keys <= MOST_KEYS_TO_APPROVE
    assert claire.aside["checklist"] == Cost(keys=14)


@pytest.fixture
def tom(wide_page, live_server, story):
    """An editor with a new submission before him, on topics that were triaged before."""
    story.published()
    story.submitted(title="And how low in old age?")
    hand = Hand(wide_page)
    sign_in(wide_page, live_server.url, "tom")
    return hand


def is_invited(hand: Hand) -> None:
    article = Article.objects.get(title="And how low in old age?")
    panel = ReviewAssignment.objects.filter(round__article=article, seat="required")
    assert (article.state, panel.count() >= 2) == ("under_review", True)
    expect(hand.page.get_by_role("heading", level=1)).to_have_text(article.title)
    for seat in panel:
        expect(hand.page.get_by_text(seat.member.user.shown_name).first).to_be_visible()
    assert hand.cost.clicks <= MOST_CLICKS_TO_INVITE
    assert (hand.cost, hand.aside) == (Cost(clicks=3, pages=4), {})


def triages_and_invites(hand: Hand) -> None:
    """The panel is filled in; two more presses look at it and take it over."""
    hand.clicks_on(hand.page.get_by_role("button", name="Triage", exact=True))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Open a review round")
    hand.clicks_on(hand.page.get_by_role("button", name="Open a review round"))
    is_invited(hand)


def test_from_the_queue_to_an_invited_panel(tom, live_server):
    tom.starts(f"{live_server.url}/admin/queue/?view=triage")
    row = tom.page.locator(".queue-row", has_text="And how low in old age?")
    tom.clicks_on(row.get_by_role("link", name="Triage"))
    triages_and_invites(tom)


@pytest.mark.long
def test_from_the_article_to_an_invited_panel(tom, live_server):
    article = Article.objects.get(title="And how low in old age?")
    tom.starts(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    tom.clicks_on(tom.page.get_by_role("link", name="Triage", exact=True))
    triages_and_invites(tom)
