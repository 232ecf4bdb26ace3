"""Readers' forms under attack: from other sites, with other forms' numbers, by machines and in floods."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.signing import Signer
from django.db import InternalError, OperationalError
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from redis.exceptions import ConnectionError as RedisGone

from articles.models import ReaderMessage
from articles.reader import answers, limits, receiving
from editorial import tally
from tests.articles.reader import test_tables
from tests.articles.reader.sending import FORM, HERE, TEXT, refusal_of, send, token_of, typed_in
from tests.reading import headers as shown

THEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
EXEMPT = {"editorial.mail_views.unsubscribe"}
"""Views that Django's own CSRF check leaves out: a mail provider's one-click POST."""

public = test_tables.public


@pytest.fixture
def clock():
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(db) -> str:
    return "/ask/send/"


@pytest.fixture
def token(path, clock) -> str:
    """A form that was opened twenty seconds ago."""
    found = token_of(Client().get(path))
    clock.shift(20)
    return found


def refused(answer, status: int, words: str) -> None:
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")
    assert words in refusal_of(answer)
    assert typed_in(answer) == TEXT
    assert not ReaderMessage.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": "http://testserver/"},
    ],
)
def test_what_was_not_sent_from_the_form_s_own_page_is_refused(path, token, headers):
    refused(send(path, token, headers=headers), 403, "can only be sent from its own page")


@pytest.mark.parametrize(
    "headers", [{"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}, {**HERE, "origin": "null"}]
)
def test_what_the_browser_says_came_from_here_is_taken(path, token, headers):
    assert send(path, token, headers=headers).status_code == 303


def test_the_public_address_is_ours_too_where_a_proxy_hides_it(path, token, settings):
    settings.PUBLIC_URL = "https://health.example"
    assert send(path, token, headers={"origin": "https://health.example"}).status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "a:b", "é" * 50, "x" * 100_000, "\x00", "WyJhIl0:x"])
def test_a_made_up_number_is_refused(path, clock, forged):
    answer = send(path, forged)
    refused(answer, 403, "couldn't tell that this came from our own form")
    clock.shift(5)
    assert send(path, token_of(answer)).status_code == 303


def test_a_number_signed_for_something_else_is_refused(story, clock):
    path, other = (f"/articles/{story.published(title=title).slug}/report/" for title in ("Is one?", "Is another?"))
    stale = [token_of(Client().get(other)), token_of(Client().get("/ask/send/"))]
    clock.shift(20)
    signed = Signer(salt="something.else").sign_object([path.split("/")[2], "0" * 32, THEN.timestamp()])
    odd = [Signer(salt="articles.reader.report").sign_object(value) for value in ([], {"a": 1}, ["x", "y", "z"], None)]
    for forged in (*stale, signed, *odd):
        refused(send(path, forged), 403, "couldn't tell that this came from our own form")


def test_a_number_can_be_used_for_two_hours(path, token, clock):
    clock.shift(2 * 3600)
    answer = send(path, token)
    refused(answer, 422, "open for more than two hours")
    clock.shift(5)
    assert send(path, token_of(answer)).status_code == 303


def test_what_comes_at_once_waits_and_may_be_sent_with_the_same_number(path, clock):
    fresh = token_of(Client().get(path))
    clock.shift(1)
    answer = send(path, fresh)
    refused(answer, 422, "quicker than we expect of a person")
    assert token_of(answer) == fresh
    clock.shift(2)
    assert send(path, fresh).status_code == 303


def test_the_same_form_sent_again_is_thanked_for_and_stored_once(path, token):
    assert [send(path, token).status_code for _again in range(3)] == [303] * 3
    assert send(path, token, "Something else entirely.").status_code == 303
    assert ReaderMessage.objects.get().text == TEXT


def test_who_fills_in_the_hidden_field_is_thanked_and_nothing_is_stored(path, token):
    answer, honest = send(path, token, website="https://spam.example"), send(path, token)
    assert (answer.status_code, shown(answer)) == (honest.status_code, shown(honest))
    assert ReaderMessage.objects.count() == 1


def flood(path: str, clock, count: int, **headers) -> list[int]:
    page = Client().get(path)
    clock.shift(3)
    found = []
    for number in range(count):
        given = {name: value.format(n=number) for name, value in headers.items()}
        found.append(send(path, token_of(page), headers={**HERE, **given}).status_code)
    return found


def test_a_flood_ends_after_five_whatever_it_says_of_where_it_comes_from(path, clock):
    answers_given = flood(path, clock, 8, **{"x-forwarded-for": "10.0.0.{n}, 10.1.{n}.1"})
    assert answers_given == [303] * 5 + [429] * 3


def test_behind_a_proxy_the_address_that_it_wrote_counts_and_no_earlier_one(path, clock, settings):
    settings.TRUSTED_PROXIES = 1
    assert flood(path, clock, 7, **{"x-forwarded-for": "10.0.{n}.1, 192.0.2.7"}) == [303] * 5 + [429] * 2
    assert flood(path, clock, 7, **{"x-forwarded-for": "192.0.2.7, 192.0.3.{n}"}) == [303] * 7


def test_one_household_of_ipv6_counts_once(path, clock, settings):
    settings.TRUSTED_PROXIES = 1
    assert flood(path, clock, 6, **{"x-forwarded-for": "2001:db8:1:2::{n}"}) == [303] * 5 + [429]
    assert flood(path, clock, 2, **{"x-forwarded-for": "2001:db8:1:{n}9::1"}) == [303] * 2


def test_a_flood_from_everywhere_ends_too_with_the_text_kept(path, clock, settings, monkeypatch):
    monkeypatch.setattr(limits, "IN_ALL", 4)
    settings.TRUSTED_PROXIES = 1
    assert flood(path, clock, 6, **{"x-forwarded-for": "192.0.{n}.1"}) == [303] * 4 + [429] * 2
    page = Client().get(path)
    clock.shift(3)
    answer = send(path, token_of(page))
    assert (typed_in(answer), "Wait ten minutes" in refusal_of(answer)) == (TEXT, True)


def test_no_address_is_kept_in_clear(path, token, monkeypatch):
    kept: list[str] = []
    monkeypatch.setattr(cache, "add", lambda key, *rest, **more: kept.append(key) or True)
    monkeypatch.setattr(cache, "incr", lambda key, *rest, **more: 1)
    send(path, token)
    assert kept
    assert not [key for key in kept if "127.0.0.1" in key]
    assert "127.0.0.1" not in str(ReaderMessage.objects.values().get())


def test_the_hash_of_an_address_changes_by_the_day(db, clock):
    request = RequestFactory().get("/")
    first = tally.network_key(request, now=THEN)
    assert first == tally.network_key(request, now=THEN)
    assert first != tally.network_key(request, now=THEN.replace(day=4))


def test_without_the_cache_nothing_is_taken_and_nothing_is_lost(path, token, monkeypatch):
    def gone(*_args, **_more):
        raise RedisGone("refused")

    monkeypatch.setattr(cache, "add", gone)
    monkeypatch.setattr(cache, "get_or_set", gone)
    refused(send(path, token), 503, "Try again in a few minutes")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=" + b"x" * 1_000_000, FORM, 413),
        (b"text=%ff%fe&token=x", FORM, 403),
        (b"text=x", f"{FORM}; charset=utf-16", 400),
        (b"&".join(b"a=b" for _ in range(3000)), FORM, 400),
        (b"{}", "application/json", 415),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b"", FORM, 415),
    ],
)
def test_a_body_that_is_no_form_is_refused_in_words(path, body, kind, status):
    answer = Client().post(path, body, content_type=kind, headers=HERE)
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")
    assert "Your message was not sent" in answer.text
    assert not ReaderMessage.objects.exists()


def test_nothing_but_the_named_forms_can_be_sent_to(public):
    asked = {name: paths for name, paths in public.items() if name not in answers.FORMS}
    for path in (path for paths in asked.values() for path in paths):
        answer = Client(enforce_csrf_checks=True).post(path, {"text": TEXT}, headers=HERE)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert set(public) >= answers.FORMS
    for path in (path for name in answers.FORMS for path in public[name] if "none" not in path):
        for method in ("put", "patch", "delete", "options", "trace"):
            assert getattr(Client(), method)(path).status_code == 405
        assert send(path, "", headers={}).status_code == 403


def exempt(patterns: list, found: set[str]) -> set[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            exempt(pattern.url_patterns, found)
        elif isinstance(pattern, URLPattern) and getattr(pattern.callback, "csrf_exempt", False):
            found.add(f"{pattern.callback.__module__}.{pattern.callback.__name__}")
    return found


def test_nothing_else_is_left_out_of_the_csrf_check(db):
    assert exempt(get_resolver().url_patterns, set()) == EXEMPT


def test_a_form_carries_no_authority_even_for_the_signed_in(path, token, sign_in):
    answer = send(path, token, client=sign_in("ingrid"))
    assert answer.status_code == 303
    assert not answer.cookies
    message = ReaderMessage.objects.get()
    assert (message.handled_by_id, message.article_id) == (None, None)


@pytest.mark.parametrize("problem", [InternalError("a read-only transaction"), OperationalError()])
def test_without_a_database_to_write_to_nothing_is_taken_and_nothing_is_lost(path, token, monkeypatch, problem):
    """A replica of the database takes nothing in; docs/scaling.md says who does."""

    def refuses(*_args):
        raise problem

    monkeypatch.setattr(receiving, "_store", refuses)
    refused(send(path, token), 503, "Try again in a few minutes")
