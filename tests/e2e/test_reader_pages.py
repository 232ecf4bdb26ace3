"""The public site as a browser and an accessibility checker see it: by keyboard and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.test_pages import faults
from tests.reading import furnish, pages

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [(size, scheme) for size in (WIDE, PHONE) for scheme in ("light", "dark")]
MAIN = ("/", "/board/claire-dubois/")
FOCUSED = "document.activeElement.matches(':focus-visible') && document.activeElement.textContent.trim()"


def test_the_front_page_and_a_member_are_accessible_and_fit(browser: Browser, live_server, story):
    """Each in two looks; ``make long`` takes every page in all four."""
    story.published()
    wrong = []
    for number, (size, scheme) in enumerate(LOOKS):
        context = browser.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        page.goto(live_server.url + MAIN[number % 2])
        wrong += faults(page)
        context.close()
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("look", range(len(LOOKS)))
def test_every_reader_page_is_accessible_and_fits(look: int, browser: Browser, live_server, story):
    furnish(story)
    size, scheme = LOOKS[look]
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    wrong, said = [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    for seen in pages("/articles/is-salt-bad-for-everyone/", "/articles/does-vitamin-c-prevent-colds/"):
        page.goto(live_server.url + seen.path)
        for summary in page.locator("main summary").all():
            summary.click()
        wrong += [f"{seen.path}: {fault}" for fault in faults(page)]
    context.close()
    assert (wrong, said) == ([], [])


@pytest.mark.long
def test_the_front_page_is_walked_through_by_keyboard(wide_page: Page, live_server, story):
    story.published()
    wide_page.goto(live_server.url)
    walked = []
    for _press in range(9):
        wide_page.keyboard.press("Tab")
        walked.append(wide_page.evaluate(FOCUSED))
    assert walked[:5] == ["Skip to the text", "Imprimatur", "Topics", "Board", "Editorial policy"]
    assert all(said is not False for said in walked)
    wide_page.goto(live_server.url)
    wide_page.keyboard.press("Tab")
    expect(wide_page.get_by_text("Skip to the text")).to_be_in_viewport()
    wide_page.keyboard.press("Enter")
    wide_page.keyboard.press("Tab")
    expect(wide_page.locator("main .find__field")).to_be_focused()


@pytest.mark.long
def test_the_masthead_works_on_a_phone_without_script(browser: Browser, live_server, story):
    story.published()
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    site = page.get_by_role("navigation", name="Site", exact=True)
    for name, heading in (
        ("Topics", "Topics"),
        ("Board", "Our advisory board"),
        ("Editorial policy", "Editorial policy"),
    ):
        site.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(site.locator("[aria-current]")).to_have_text(name)
    expect(site.get_by_role("link", name="Search")).to_be_visible()
    context.close()


@pytest.mark.long
def test_a_line_of_text_is_as_long_as_one_reads_well(wide_page: Page, live_server, story):
    """60 to 75 characters on a wide screen, counted in the letters that a line of this text has on average."""
    article = story.published()
    wide_page.goto(f"{live_server.url}/articles/{article.slug}/")
    letters = wide_page.evaluate(
        """() => {
            const text = document.querySelector('.prose p');
            const one = document.createElement('span');
            one.textContent = 'The quick brown fox jumps over the lazy dog and then some more of it';
            one.style.whiteSpace = 'nowrap';
            text.append(one);
            const width = one.getBoundingClientRect().width / one.textContent.length;
            one.remove();
            return text.getBoundingClientRect().width / width;
        }"""
    )
    assert 58 <= letters <= 78
