"""A forged Host header: refused in words where the host isn't ours, and never part of what anybody else gets."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from reviews.demo.cast import PASSWORD

FORGED = (
    {"host": "evil.example"},
    {"host": "testserver.evil.example"},
    {"host": "testserver@evil.example"},
    {"host": "evil.example:testserver"},
    {"host": "testserver evil.example"},
    {"host": ""},
    {"host": "[::1"},
    {"host": "x" * 3000},
    {"host": "<script>alert(1)</script>"},
)
BESIDE = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Host": "evil.example",
    "X-Original-URL": "//evil.example/",
    "X-Rewrite-URL": "//evil.example/",
    "Forwarded": "host=evil.example;proto=http",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Proto": "gopher",
}
"""What a proxy might add, and anybody can."""

PAGES = ("/", "/articles/none/", "/search/?q=x", "/board/", "/policy/", "/robots.txt", "/accounts/login/", "/admin/")


@pytest.fixture(autouse=True)
def guarded(settings):
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.mark.django_db
@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: headers["host"][:30] or "empty")
@pytest.mark.parametrize("path", PAGES)
def test_a_host_that_isnt_ours_is_refused_in_words(headers, path, people):
    answer = Client().get(path, headers=headers)

    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "<script" not in answer.text
    assert len(re.sub(r"<[^>]*>", "", answer.text).split()) > 4


@pytest.mark.django_db
def test_what_a_proxy_might_say_changes_no_byte_of_what_readers_get(story):
    article = story.published()
    client = Client()
    paths = (f"/articles/{article.slug}/", "/", "/feeds/articles.atom", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt")
    for path in paths:
        plain, forged = client.get(path), client.get(path, headers=BESIDE)
        assert plain.status_code == forged.status_code == 200, path
        assert plain.content == forged.content, path
        assert plain.headers.get("ETag") == forged.headers.get("ETag"), path


@pytest.mark.django_db
def test_addresses_that_machines_are_told_come_from_the_settings_whatever_the_host(story, settings):
    settings.ALLOWED_HOSTS = ["testserver", "mirror.example"]
    article = story.published()
    for path in (f"/articles/{article.slug}/", "/feeds/articles.atom", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt"):
        text = Client().get(path, headers={"host": "mirror.example"}).text
        assert "mirror.example" not in text, path
        assert settings.PUBLIC_URL in text, path


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"host": "evil.example"}, BESIDE], ids=["host", "beside"])
def test_a_reset_that_a_forged_host_asked_for_leads_home_or_isnt_sent(people, settings, headers):
    answer = Client().post("/accounts/password/reset/", {"email": "claire@example.org"}, headers=headers)

    assert answer.status_code == (400 if "host" in headers else 302)
    links = [link for message in mail.outbox for link in re.findall(r"https?://\S+", message.body)]
    assert len(mail.outbox) == (0 if "host" in headers else 1)
    assert {f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" for link in links} <= {settings.PUBLIC_URL}
    assert "evil.example" not in "".join(message.subject + message.body for message in mail.outbox)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin", "/articles/none", "/act/queue", "/admin/queue/", "/admin/password_change/"])
def test_no_redirect_leaves_the_host(path, people):
    answer = Client().get(path, headers=BESIDE)

    assert answer.status_code in (301, 302, 404)
    assert "evil.example" not in answer.headers.get("Location", "")


AWAY = (
    *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/"),
    *(
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example\\@testserver/",
        "\t//evil.example",
    ),
    *(
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        "/\t/evil.example",
        "http:///evil.example",
    ),
    *("//evil.example%2f..", "https://evil。example", "/admin/\r\nSet-Cookie: a=b", "\x00//evil.example"),
)
SIGNS_IN = ("/accounts/login/", "/admin/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("target", AWAY)
def test_signing_in_and_out_leads_nowhere_else(target, people):
    client = Client()
    signed = client.post("/accounts/login/", {"login": "tom", "password": PASSWORD, "next": target})
    assert signed.status_code == 302
    assert goes_home(signed.headers["Location"]), signed.headers["Location"]
    assert not re.search(r"[\r\n]", signed.headers["Location"])
    assert "a" not in signed.cookies

    again = client.get("/accounts/login/", {"next": target})
    out = client.post("/accounts/logout/", {"next": target})
    for answer in (again, out):
        assert answer.status_code == 302
        assert goes_home(answer.headers["Location"]), answer.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("target", AWAY)
@pytest.mark.parametrize("path", SIGNS_IN)
def test_the_form_offers_no_way_out_either(path, target, people):
    answer = Client().get(path, {"next": target}, follow=True)

    links = [unescape(link) for link in re.findall(r'(?:href|action)="([^"]*)"', answer.text)]
    assert [link for link in links if not goes_home(link)] == []


def goes_home(address: str) -> bool:
    """As a browser reads it: without blanks, and with a backslash as a slash."""
    plain = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
    return plain.startswith(("/", "#", "?")) and not plain.startswith("//")
