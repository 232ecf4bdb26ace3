"""The demo's mailbox over HTTP: the mail that was written, whoever wrote it; in the demo and from its machine alone."""

import os
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core import management
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from editorial import outbox
from editorial.models import MailPreferences, OutboxMessage
from reviews.demo import mailbox

PAGE = "/accounts/demo/mail/"
HOSTILE = (
    '<html><head><base href="https://evil.example/"><style>body{background:url(https://evil.example/x)}</style></head>'
    "<body><script>top.location='https://evil.example'</script><img src=x onerror=alert(1)>"
    '<form action="https://evil.example"><input name=password></form></body></html>'
)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MODE = "demo"
    settings.EMAIL_BACKEND = "reviews.demo.mailbox.Backend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def sent(
    subject: str = "A review is asked of you", to: str = "claire@example.org", html: str = "", text: str = "Hi.\n"
):
    """A mail in the folder, as the demo's backend writes it."""
    message = EmailMultiAlternatives(subject, text, to=[to], connection=get_connection())
    if html:
        message.attach_alternative(html, "text/html")
    assert message.send() == 1
    return mailbox.letters()[0]


@pytest.mark.django_db
def test_an_empty_mailbox_says_what_makes_mail_appear(folder, client):
    page = unescape(client.get(PAGE).text)

    assert "No mail yet" in page
    assert "Reminders of what is late come within a minute of the start." in page


def test_every_mail_is_a_whole_file_of_its_own(folder):
    first, second = sent("One"), sent("Two")

    assert [letter.subject for letter in mailbox.letters()] == ["Two", "One"]
    assert sorted(os.listdir(folder)) == [first.name, second.name]
    assert (folder / first.name).read_bytes().count(b"Subject:") == 1


@pytest.mark.django_db
def test_the_page_lists_mail_newest_first_and_by_person(people, folder, client):
    sent("For Claire")
    sent("For Tom", to="tom@example.org")
    everybody, toms = client.get(PAGE).text, client.get(PAGE, {"to": "tom@example.org"}).text

    assert everybody.index("For Tom") < everybody.index("For Claire")
    assert "to Claire Dubois, " in everybody
    assert ("For Tom" in toms, "For Claire" in toms) == (True, False)
    assert "No mail to this person yet" in client.get(PAGE, {"to": "nobody@example.org"}).text


@pytest.mark.django_db
def test_a_mail_opens_with_its_headers_text_html_and_what_came_with_it(people, folder, client, story):
    story.round()
    row = OutboxMessage.objects.get(kind="invitation", recipient__username="claire")
    assert outbox.send_one(row.pk, now=row.not_before) == "sent"
    letter = mailbox.letters()[0]
    page, frame = client.get(f"{PAGE}{letter.name}/"), client.get(f"{PAGE}{letter.name}/html/")
    link = f"http://127.0.0.1:8000/admin/reviews/{row.payload['assignment']}/"

    assert f"review-{row.payload['assignment']}.ics (text/calendar)" in page.text
    assert f"{row.uuid}@127.0.0.1" in page.text
    assert f'href="{link}"' in page.text
    assert f'href="{link}"' in frame.text
    assert f'src="{PAGE}{letter.name}/html/"' in page.text
    assert "frame-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.django_db
def test_hostile_html_stays_in_a_frame_that_runs_and_loads_nothing(folder, client):
    letter = sent("<script>alert(1)</script>", html=HOSTILE, text="javascript:alert(1) <img src=x>")
    pages = [client.get(url) for url in (PAGE, f"{PAGE}{letter.name}/")]
    frame = client.get(f"{PAGE}{letter.name}/html/")

    for page in pages:
        assert "<script>alert" not in page.text
        assert "evil.example" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript:' not in page.text
    policy = frame["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'sha256-"
    )
    assert "base-uri 'none'; form-action 'none'; frame-ancestors 'self'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "..%2fsecret_key",
        "%2e%2e/secret_key",
        "..",
        "secret.eml",
        "/etc/passwd",
        "linked",
        "\0",
        "send%00",
    ],
)
def test_only_what_the_folder_lists_is_opened(folder, client, name):
    stamp = sent().name
    (folder.parent / "secret_key").write_text("secret")
    (folder / "secret.eml").write_text("Subject: secret\n\nsecret")
    linked = stamp.replace(stamp[-12:-4], "0" * 8)
    (folder / linked).symlink_to(folder.parent / "secret_key")
    wanted = linked if name == "linked" else name

    for tail in ("/", "/html/"):
        answer = client.get(f"{PAGE}{wanted}{tail}")
        assert answer.status_code in (302, 404), answer.status_code
        assert "secret" not in answer.text
    assert [letter.name for letter in mailbox.letters()] == [stamp]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-99?q?x?=\nContent-Type: text/plain; charset=nothing\n\nwords",
        b'To: <<<>>>\nFrom: "\n\nwords',
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>",
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n!!!",
    ],
)
def test_a_broken_file_hides_no_other(folder, client, content):
    fine = sent("A fine one")
    broken = mailbox.keep(content, now=fine.at + timedelta(seconds=1))

    assert "A fine one" in client.get(PAGE).text
    for tail in ("", "html/"):
        assert client.get(f"{PAGE}{broken.name}/{tail}").status_code in (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": "::ffff:192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
    ],
)
def test_from_another_machine_there_is_no_mailbox(folder, elsewhere):
    name = sent().name
    client = Client(**elsewhere)

    for tail in ("", f"{name}/", f"{name}/html/"):
        assert client.get(f"{PAGE}{tail}").status_code == 404
    assert client.post(f"{PAGE}send/").status_code == 404
    assert PAGE not in client.get("/accounts/login/").text


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demo_there_is_no_mailbox(folder, settings, client, mode):
    name = sent().name
    settings.MODE = mode

    for tail in ("", f"{name}/", f"{name}/html/"):
        assert client.get(f"{PAGE}{tail}").status_code == 404
    assert client.post(f"{PAGE}send/").status_code == 404
    assert PAGE not in client.get("/accounts/login/").text


@pytest.mark.django_db
def test_the_sign_in_page_of_the_demo_leads_there(folder, client):
    assert f'href="{PAGE}"' in client.get("/accounts/login/").text


@pytest.mark.django_db
def test_the_button_sends_what_waits_for_an_hour_and_asks_for_a_token(people, folder, now):
    tom = people["tom"]
    MailPreferences.objects.create(user=tom, hour=0, quiet_from=0, quiet_until=0, weekly=False)
    row = outbox.write("news", tom, now=now, text="A review came in.", path="/admin/")
    OutboxMessage.objects.update(not_before=now + timedelta(days=3650))
    client = Client(enforce_csrf_checks=True)

    assert client.get(f"{PAGE}send/").status_code == 405
    assert client.post(f"{PAGE}send/").status_code == 403
    assert OutboxMessage.objects.get().status == "waiting"
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    answer = client.post(f"{PAGE}send/", {"csrfmiddlewaretoken": token}, follow=True)

    assert "1 message was sent." in answer.text
    assert OutboxMessage.objects.get(pk=row.pk).status == "sent"
    assert [letter.subject for letter in mailbox.letters()] == ["A review came in."]


@pytest.mark.django_db
def test_the_button_keeps_to_one_mail_a_day(people, folder, client, now):
    tom = people["tom"]
    MailPreferences.objects.create(user=tom, hour=0, quiet_from=0, quiet_until=0, weekly=False)
    outbox.write("news", tom, now=now, text="The first.", path="/admin/")
    client.post(f"{PAGE}send/")
    outbox.write("news", tom, now=now, text="The second.", path="/admin/")
    answer = client.post(f"{PAGE}send/", follow=True)

    assert "Nothing is due today, so nothing was sent." in answer.text
    assert "1 message waits for another day" in answer.text
    assert [letter.subject for letter in mailbox.letters()] == ["The first."]


@pytest.mark.django_db
def test_a_late_review_is_reminded_of_by_the_button(people, folder, client):
    management.call_command("seed_demo", verbosity=0)
    client.post(f"{PAGE}send/")

    assert "claire@example.org" in {address for letter in mailbox.letters() for address in letter.to}
