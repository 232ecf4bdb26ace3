"""A whole day at the desk in real browsers: an objection, a revision, a second round, and a page for readers."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from articles.models import Article, Publication
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.e2e.conftest import PHONE, SLOW, WIDE
from tests.e2e.hands import Keys, Pointer

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"width": 820, "height": 1180}
QUESTION = "How low should blood pressure be?"


class Worker:
    """A person with a browser and hands of their own."""

    def __init__(self, browser: Browser, server: str, hands: type[Pointer], size: dict[str, int]) -> None:
        self.page: Page = browser.new_context(viewport=size, locale="en-GB").new_page()
        self.page.set_default_timeout(SLOW)
        self.hands = hands(self.page)
        self.server, self.said = server, []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def signs_in(self, username: str, to: str = "/admin/") -> "Worker":
        self.page.goto(f"{self.server}{to}")
        self.hands.writes(self.page.get_by_label("Username or email"), username)
        self.hands.writes(self.page.get_by_label("Password"), PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.server}{to}")
        return self

    def goes(self, path: str) -> "Worker":
        self.page.goto(f"{self.server}{path}")
        return self

    def presses(self, role: str, name: str) -> None:
        self.follows(self.page.get_by_role(role, name=name, exact=True).first)

    def follows(self, target: Locator) -> None:
        """Press what leads to another page, and wait for that."""
        with self.page.expect_navigation():
            self.hands.presses(target)

    def next_in_the_queue(self, label: str) -> None:
        """What the queue says is next for the article."""
        self.goes("/admin/queue/?view=open")
        self.follows(self.page.get_by_role("link", name=re.compile(f"^{label} ?: {re.escape(QUESTION)}$")))

    def gives_as_reason(self, words: str) -> None:
        self.hands.writes(self.page.get_by_label("Reason"), words)


@pytest.fixture
def worker(browser: Browser, live_server, people, patience):
    made: list[Worker] = []

    def arrive(username: str, hands: type[Pointer], size: dict[str, int] = WIDE, to: str = "/admin/") -> Worker:
        made.append(Worker(browser, live_server.url, hands, size))
        return made[-1].signs_in(username, to)

    yield arrive
    for one in made:
        one.page.context.close()
    assert [words for one in made for words in one.said] == []


def seat_of(username: str) -> str:
    seats = ReviewAssignment.objects.filter(member__user__username=username, round__closed_at=None)
    return seats.get().get_absolute_url()


def invites_a_panel(tom: Worker) -> None:
    tom.next_in_the_queue("Triage")
    tom.hands.chooses(tom.page.get_by_label("Risk"), "high")
    tom.hands.chooses(tom.page.get_by_label("Specialty"), "Cardiology")
    tom.presses("button", "Triage")
    tom.next_in_the_queue("Choose the panel")
    expect(tom.page.get_by_label("Seat of Claire Dubois")).to_have_value("required")
    tom.presses("button", "Open a review round")
    tom.follows(tom.page.locator('a[href^="/admin/remind/"]').first)
    tom.presses("button", "Send the reminder")
    expect(tom.page.get_by_text("A reminder is on its way to")).to_be_visible()


def signs(member: Worker, verdict: str, comment: str = "", *, answer: str = "Yes") -> None:
    """Declares, answers the checklist, and signs."""
    page = member.page
    if page.get_by_role("button", name="No conflict of interest").count():
        member.presses("button", "No conflict of interest")
    expect(page.locator("#decision")).to_be_visible()
    for item in page.locator(".checklist__item").all():
        member.hands.ticks(item.get_by_label(answer, exact=True))
    member.hands.ticks(page.get_by_label(verdict))
    if comment:
        member.hands.writes(page.locator("#decision").get_by_label("Comment"), comment)
    member.hands.writes(page.get_by_label("Your password"), PASSWORD)
    member.presses("button", "Sign")
    expect(page.get_by_text("You have signed this text")).to_be_visible()


def revises(nora: Worker, article: Article) -> None:
    page = nora.goes(f"/admin/articles/article/{article.pk}/change/").page
    body = page.locator("#id_variants-0-body")
    nora.hands.writes(body, body.input_value() + "\nLower it slowly in frail people [@aha].\n")
    nora.presses("button", "Save and continue editing")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    nora.presses("link", "Submit for review")
    nora.presses("button", "Submit for review")


def the_day(worker, story, editor: type[Pointer], others: type[Pointer]) -> Publication:
    article = story.submitted()
    tom = worker("tom", editor)
    invites_a_panel(tom)

    claire = worker("claire", others, PHONE, to=seat_of("claire"))
    signs(claire, "Safety objection", "It names no limit for frail people.", answer="No")
    ravi = worker("ravi", others, TABLET, to=seat_of("ravi"))
    signs(ravi, "Approve this text as it stands")
    tom.goes("/admin/queue/?view=objection")
    expect(tom.page.get_by_role("link", name=QUESTION, exact=True)).to_be_visible()
    tom.goes(f"/admin/articles/article/{article.pk}/change/")
    tom.presses("link", "Request changes")
    tom.gives_as_reason("Say what holds for frail people.")
    tom.presses("button", "Request changes")

    revises(worker("nora", others), article)
    tom.next_in_the_queue("Triage")
    tom.presses("button", "Triage")
    tom.next_in_the_queue("Choose the panel")
    tom.presses("button", "Open a review round")

    signs(claire.goes(seat_of("claire")), "Approve this text as it stands")
    claire.presses("link", "Withdraw it")
    claire.gives_as_reason("The text says it now.")
    claire.follows(claire.page.locator("form button[type=submit].button--primary, form button.button--danger"))
    signs(ravi.goes(seat_of("ravi")), "Approve this text as it stands")
    third = ReviewAssignment.objects.filter(round__closed_at=None, seat="required").exclude(
        member__user__username__in=("claire", "ravi")
    )
    for seat in third:
        signs(worker(seat.member.user.username, others, to=seat.get_absolute_url()), "Approve this text as it stands")
    tom.next_in_the_queue("Decide")
    tom.presses("link", "Confirm and publish")
    tom.hands.writes(tom.page.get_by_label("Your password"), PASSWORD)
    tom.presses("button", "Confirm and publish")
    expect(tom.page.get_by_text("as readers get it").first).to_be_visible()
    return Publication.objects.get(article=article)


@pytest.mark.long
def test_a_day_with_an_objection_ends_in_a_page_that_three_signed(worker, story, page, live_server):
    publication = the_day(worker, story, Keys, Pointer)
    page.goto(f"{live_server.url}/articles/{publication.slug}/")
    expect(page.get_by_text("Lower it slowly in frail people")).to_be_visible()
    expect(page.get_by_text("Claire Dubois, MD").first).to_be_visible()
    assert publication.status == "live"


@pytest.mark.long
def test_nobody_needs_a_mouse_all_day(worker, story):
    assert the_day(worker, story, Keys, Keys).status == "live"
