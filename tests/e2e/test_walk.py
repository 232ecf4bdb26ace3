"""The spine in a real browser: a pasted page with the seed's defects, mended, signed on a phone, and read."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from articles.models import Article
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.e2e.conftest import PHONE, WIDE

PASTED = Path(__file__).parent.parent / "articles" / "intake" / "data" / "pasted_page.txt"
BLOCKING = (
    "The short answer is missing",
    "The text cites 4 and 5, but the list ends at 3",
    "can't serve as guideline evidence",
    "has no DOI, PMID, ISBN or web address",
    "Cochrane Library",
)

REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What the browser says of a page that was refused on purpose; anything else on its console is a fault."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


class Visitor:
    """A person with a browser of their own."""

    def __init__(self, browser: Browser, server: str, size: dict[str, int]) -> None:
        self.page: Page = browser.new_context(viewport=size, locale="en-GB").new_page()
        self.page.set_default_timeout(8000)
        self.server = server
        self.problems: list[str] = []
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def signs_in(self, username: str, to: str = "/admin/") -> "Visitor":
        self.page.goto(f"{self.server}{to}")
        self.page.get_by_label("Username or email").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.server}{to}")
        return self

    def opens(self, path: str) -> Page:
        self.page.goto(f"{self.server}{path}")
        return self.page

    def uses(self, article: Article, label: str) -> Page:
        """Press a verb's button on the article's page; the confirmation page is open afterwards."""
        self.opens(f"/admin/articles/article/{article.pk}/change/")
        self.page.get_by_role("link", name=label, exact=True).click()
        return self.page

    def confirms(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()
        expect(self.page.get_by_text(f"Done: {label}")).to_be_visible()


@pytest.fixture
def visitor(browser: Browser, live_server, people):
    made: list[Visitor] = []

    def arrive(size: dict[str, int] = WIDE) -> Visitor:
        made.append(Visitor(browser, live_server.url, size))
        return made[-1]

    yield arrive
    for one in made:
        one.page.context.close()
    assert [problem for one in made for problem in one.problems if REFUSED not in problem] == []


def imports(tom: Visitor) -> Article:
    page = tom.opens("/admin/articles/article/")
    page.get_by_role("link", name="Import a manuscript").first.click()
    page.get_by_label("Manuscript").set_input_files(PASTED)
    page.get_by_label("Author").select_option(label="Nora Feld")
    page.get_by_role("button", name="Import manuscript").click()
    for words in BLOCKING:
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("link", name="Confirm them").click()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("button", name="Confirm citations").click()
    expect(page.get_by_text("The citations are confirmed.")).to_be_visible()
    return Article.objects.get()


def mends(tom: Visitor, article: Article) -> None:
    for number, citation in enumerate(article.citations.all(), start=1):
        page = tom.opens(f"/admin/articles/reference/{citation.reference_id}/change/")
        page.get_by_label("DOI").fill(f"https://doi.org/10.1000/CRAMPS.{number}")
        if citation.reference.kind == "guideline":
            page.get_by_label("Title").fill("Guideline on muscle cramps")
            page.get_by_label("Publisher").fill("College of Neurology")
        page.get_by_role("button", name="Save", exact=True).click()
    page = tom.opens(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_label("Short answer").fill("Magnesium does little for night-time leg cramps; stretching comes first.")
    page.get_by_label("Funding").fill("none")
    body = page.locator("#id_variants-0-body")
    text = body.input_value()
    for gone in ("[@ref4]", "[@ref5]"):
        text = text.replace(gone, "[@ref2]")
    for gone in ("@ref5; ", "; @ref4", "; @ref5", "@ref4; "):
        text = text.replace(gone, "")
    body.fill(text)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.get_by_text("Blocks", exact=True)).to_have_count(0)


def signs_on_a_phone(member: Visitor, username: str) -> None:
    seat = ReviewAssignment.objects.get(member__user__username=username)
    page = member.signs_in(username, to=seat.get_absolute_url()).page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="No conflict of interest").click()
    for item in page.locator(".checklist__item").all():
        item.get_by_label("Yes").check()
    page.get_by_label("Approve this text as it stands").check()
    page.get_by_label("Your password").fill("not this one")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("That password isn't right").first).to_be_visible()
    expect(page.get_by_label("Approve this text as it stands")).to_be_checked()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed and recorded.")).to_be_visible()


def test_a_pasted_page_walks_to_the_public_site_in_a_browser(visitor):
    tom = visitor().signs_in("tom")
    article = imports(tom)
    mends(tom, article)

    lena = visitor().signs_in("lena")
    lena.uses(article, "Submit for review")
    lena.confirms("Submit for review")
    page = lena.uses(article, "Triage")
    page.get_by_label("Specialty").select_option(label="Rheumatology")
    lena.confirms("Triage")
    page = lena.uses(article, "Open a review round")
    for name in ("Eva Novak", "Liam Byrne"):
        expect(page.get_by_label(f"Seat of {name}")).to_have_value("required")
    page.get_by_text("Why 1 member may not sit").click()
    expect(page.get_by_text("no valid credential: it has expired")).to_be_visible()
    lena.confirms("Open a review round")

    reader = visitor(PHONE)
    path = f"/articles/{article.slug}/"
    expect(reader.opens(path).get_by_role("heading", name="There is no page here")).to_be_visible()
    for username in ("eva", "liam"):
        signs_on_a_phone(visitor(PHONE), username)
    page = lena.uses(article, "Confirm and publish")
    page.get_by_label("Your password").fill(PASSWORD)
    lena.confirms("Confirm and publish")

    page = reader.opens(path)
    expect(page.get_by_text("Medically reviewed by")).to_be_visible()
    expect(page.get_by_text("Eva Novak, MD, PhD").first).to_be_visible()
    expect(page.get_by_text("Magnesium does little")).to_be_in_viewport()
    page.locator(".citation a").first.click()
    expect(page.locator("#reference-card")).to_be_visible()
    assert reader.page.context.cookies() == []
