"""A mail's HTML in its frame, in a real browser: it looks as it should and does nothing, whoever wrote it."""

import pytest
from playwright.sync_api import Page, expect

from editorial import clock, outbox
from reviews.demo import mailbox
from tests.reviews.test_demo_mailbox import folder, sent  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = (
    '<p id="words">Look here</p><script>document.title="ran";top.location="https://evil.example/top"</script>'
    '<img src="https://evil.example/img" onerror="parent.document.body.remove()">'
    '<meta http-equiv="refresh" content="0;url=https://evil.example/refresh">'
    '<style>#words{color:rgb(255,0,0)}</style><iframe src="https://evil.example/frame"></iframe>'
)


def test_a_hostile_mail_runs_loads_and_colours_nothing(page: Page, live_server, folder):  # noqa: F811
    letter = sent("From a stranger", html=HOSTILE)
    reached: list[str] = []
    page.context.route("https://evil.example/**", lambda route: reached.append(route.request.url) or route.abort())
    url = f"{live_server.url}/accounts/demo/mail/{letter.name}/"
    page.goto(url)
    words = page.frame_locator("iframe").locator("#words")
    expect(words).to_be_visible()
    page.wait_for_timeout(500)

    assert page.url == url
    assert reached == []
    assert words.evaluate("node => getComputedStyle(node).color") != "rgb(255, 0, 0)"
    assert "From a stranger" in page.title()


def test_our_own_mail_keeps_its_look_and_its_link_opens_a_window(page: Page, live_server, people, folder, settings):  # noqa: F811

    settings.PUBLIC_URL = live_server.url
    row = outbox.write("hold", people["ingrid"], now=clock.now(), text="A page was taken down.", path="/admin/")
    assert outbox.send_one(row.pk, now=row.not_before) == "sent"
    page.goto(f"{live_server.url}/accounts/demo/mail/{mailbox.letters()[0].name}/")
    button = page.frame_locator("iframe").locator(".mail-button")

    expect(button).to_have_css("text-decoration-line", "none")
    with page.expect_popup() as opened:
        button.click()
    opened.value.wait_for_url(f"{live_server.url}/accounts/login/?next=%2Fadmin%2F")
