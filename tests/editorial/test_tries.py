"""At most five tries an account in five minutes, whatever an attacker says; the owner still gets in."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.core import context
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client, RequestFactory

from editorial import accounts, clock, network
from editorial.models import User
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.editorial.test_factors import by_passkey, is_in, sign_in
from tests.enrolled import add_passkey, code_of, give_app

pytestmark = pytest.mark.django_db
WORDS = "quite another password"


def attack(times: int = 8, login: str = "claire", start: int = 0) -> list[Client]:
    """Wrong guesses from addresses that are all different, in the header and in truth."""
    clients = []
    for turn in range(start, start + times):
        client = Client(
            REMOTE_ADDR=f"198.51.100.{turn}", headers={"x-forwarded-for": f"203.0.113.{turn}, 10.0.0.{turn}"}
        )
        sign_in(client, login, f"guess number {turn}")
        clients.append(client)
    return clients


def looked_at(monkeypatch) -> list[str]:
    """The passwords that were compared at all."""
    seen: list[str] = []
    compare = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: (seen.append(raw), compare(user, raw))[1])
    return seen


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_five_guesses_are_looked_at_whatever_the_header_says(proxies, people, settings, monkeypatch):
    settings.TRUSTED_PROXIES = proxies
    seen = looked_at(monkeypatch)
    attack(12)
    assert len(seen) == 5


def test_name_and_address_of_one_account_are_one_count(people, monkeypatch):
    seen = looked_at(monkeypatch)
    for turn, login in enumerate(["claire", "CLAIRE", "claire@example.org", "Claire@Example.org", " claire "] * 2):
        attack(1, login, start=turn)
    assert len(set(seen)) == 5


def test_the_sixth_right_guess_from_elsewhere_does_not_get_in(people):
    attack(5)
    client = Client()
    assert "Too many wrong tries" in sign_in(client, "claire").text
    assert not is_in(client)


def test_the_owner_gets_in_where_they_were_before(people):
    owner = Client()
    sign_in(owner, "claire")
    owner.post("/accounts/logout/")
    attack(8)
    sign_in(owner, "claire")
    assert is_in(owner)


def test_a_known_browser_has_five_tries_too(people):
    owner = Client()
    sign_in(owner, "claire")
    owner.post("/accounts/logout/")
    for turn in range(5):
        sign_in(owner, "claire", f"forgotten {turn}")
    sign_in(owner, "claire")
    assert not is_in(owner)
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        sign_in(owner, "claire")
        assert is_in(owner)


def test_being_known_for_one_account_is_nothing_for_another(people, monkeypatch):
    insider = Client()
    sign_in(insider, "ravi")
    insider.post("/accounts/logout/")
    attack(5)
    seen = looked_at(monkeypatch)
    sign_in(insider, "claire", "one more guess")
    assert seen == []


def test_a_cookie_that_somebody_made_up_is_none(people):
    attack(5)
    client = Client()
    client.cookies["imprimatur_known"] = '{"browser": "x", "accounts": ["1"]}'
    sign_in(client, "claire")
    assert not is_in(client)


def test_the_owner_gets_in_by_the_link_of_a_mail_while_others_try(people):
    attack(5)
    owner = Client()
    owner.post("/accounts/password/reset/", {"email": "claire@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    page = owner.get(link[link.index("/accounts/") :], follow=True)
    owner.post(page.redirect_chain[-1][0], {"password1": WORDS, "password2": WORDS})
    attack(5, start=20)
    sign_in(owner, "claire", WORDS)
    assert is_in(owner)


def test_the_owner_gets_in_by_passkey_while_others_try(people):
    passkey = add_passkey(Person("claire"))
    attack(8)
    owner = Client()
    by_passkey(owner, passkey)
    assert is_in(owner)


def test_the_tries_of_some_are_not_those_of_others(people):
    attack(8)
    client = Client()
    sign_in(client, "ravi")
    assert is_in(client)


def test_five_codes_are_looked_at_and_a_known_browser_keeps_its_own(people):
    owner = Client()
    sign_in(owner, "claire")
    owner.post("/accounts/logout/")
    secret = give_app(people["claire"])
    thief = Client()
    for _turn in range(5):
        sign_in(thief, "claire")
        thief.post("/accounts/code/", {"code": "000000"})
    assert "Too many tries" in thief.post("/accounts/code/", {"code": code_of(secret)}).text
    assert not is_in(thief)
    sign_in(owner, "claire")
    owner.post("/accounts/code/", {"code": code_of(secret)})
    assert is_in(owner)


def test_the_admins_own_sign_in_takes_no_password(people):
    answer = Client().post("/admin/login/", {"username": "claire", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("login", ["claire", "nobody", "claire@example.org", "nobody@example.org"])
def test_an_account_that_does_not_exist_is_answered_like_one_that_does(login, people):
    answers = [sign_in(Client(), login, f"guess {turn}") for turn in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert ["Too many wrong tries" in answer.text for answer in answers] == [False] * 5 + [True]


@pytest.mark.parametrize(
    "login",
    [
        *("nora", "nora@example.org", "Nora@Example.org", "nobody", "nobody@example.org"),
        *("eva", "eva@example.org", "liam@example.org", "system"),
    ],
)
def test_one_password_is_hashed_for_whatever_was_typed(login, people, settings, monkeypatch):
    """Twice for an address that has an account would take twice as long, and tell. Eva's account is disabled, and Liam
    has no password yet.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    for user in (people["nora"], people["eva"]):
        user.set_password(PASSWORD)
        user.save()
    User.objects.filter(pk=people["eva"].pk).update(is_active=False)
    people["liam"].set_unusable_password()
    people["liam"].save()
    hashed, encode = [], PBKDF2PasswordHasher.encode
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    assert Client().post("/accounts/login/", {"login": login, "password": "wrong"}).status_code == 200
    assert len(hashed) == 1


def masked(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.text)


def test_a_reset_is_answered_alike_for_all_and_mailed_at_most_three_times(people):
    for email, mails in (("claire@example.org", 3), ("nobody@example.org", 3)):
        answers = [Client().post("/accounts/password/reset/", {"email": email}, follow=True) for _turn in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert len(mail.outbox) == mails
    known = Client().post("/accounts/password/reset/", {"email": "ravi@example.org"}, follow=True)
    unknown = Client().post("/accounts/password/reset/", {"email": "else@example.org"}, follow=True)
    assert masked(known) == masked(unknown)


def test_a_reset_is_written_and_mailed_once_the_answer_is_sent(people, monkeypatch):
    """How long writing a mail takes, or a mail server, is nothing that whoever asked could measure."""
    written, write = [], accounts.ClosedSignup.render_mail
    monkeypatch.setattr(
        accounts.ClosedSignup, "render_mail", lambda *given, **more: written.append(1) or write(*given, **more)
    )
    request = RequestFactory().post("/accounts/password/reset/", {"email": "claire@example.org"})
    request.session, request.user, request._dont_enforce_csrf_checks = SessionStore(), AnonymousUser(), True
    with context.request_context(request):
        answer = accounts.password_reset(request)
    assert (answer.status_code, mail.outbox, written) == (302, [], [])
    answer.close()
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]


@pytest.mark.parametrize(
    ("proxies", "said", "seen"),
    [
        (0, "203.0.113.5", "192.0.2.9"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        (2, "203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (1, "rubbish", "unknown"),
    ],
)
def test_an_address_counts_as_far_as_our_own_proxies_wrote_it(proxies, said, seen, settings):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.9").get("/", headers={"x-forwarded-for": said})
    assert network.network_of(request) == seen
