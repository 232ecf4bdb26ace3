"""Enrolling, signing in and losing a second factor, over HTTP."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from editorial import clock, enrolment, factors
from editorial.models import AuditEvent, OutboxMessage
from reviews.demo.cast import PASSWORD
from tests.authenticator import Passkey
from tests.desk import Person
from tests.enrolled import ADD_PASSKEY, add_app, add_passkey, assertion, code_of, give_app

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def kinds(user) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def sign_in(client: Client, username: str, password: str = PASSWORD, **values):
    return client.post(LOGIN, {"login": username, "password": password, **values})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def by_passkey(client: Client, passkey: Passkey, **values):
    asked = client.get("/accounts/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    return client.post("/accounts/passkey/", {"credential": json.dumps(passkey.sign(asked)), **values})


def test_a_passkey_is_enrolled_with_the_password_and_gives_recovery_codes_once(people):
    claire = Person("claire")
    add_passkey(claire)
    assert kinds(people["claire"]) == ["recovery_codes", "webauthn"]
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", claire.answer.text)
    assert len(codes) == 10
    assert codes[0] not in claire.client.get("/accounts/factors/").text
    assert AuditEvent.objects.filter(kind="factor.added").count() == 1
    assert OutboxMessage.objects.filter(recipient=people["claire"], kind="factors").exists()


@pytest.mark.parametrize("path", [ADD_PASSKEY, "/accounts/factors/app/"])
def test_nothing_is_enrolled_without_the_password(path, people):
    claire = Person("claire")
    form = claire.fields(path, having="request_id")
    refused = claire.client.post(path, {**form, "name": "x", "password": "wrong wrong wrong"})
    assert refused.status_code == 403
    assert 'name="token"' not in claire.client.post(path, {**form, "name": "x"}).text
    assert kinds(people["claire"]) == []


def test_the_second_step_of_one_person_is_nothing_for_another(people):
    claire, ravi = Person("claire"), Person("ravi")
    form = {**claire.fields(ADD_PASSKEY, having="request_id"), "name": "x", "password": PASSWORD}
    page = claire.client.post(ADD_PASSKEY, form).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    options = json.loads(re.search(r'id="options" type="application/json">(.*?)</script>', page)[1])
    answer = {"token": token, "request_id": "x", "passkey": json.dumps(Passkey().make(options))}
    assert ravi.client.post(ADD_PASSKEY, answer).status_code == 302
    assert kinds(people["ravi"]) == kinds(people["claire"]) == []


@pytest.mark.parametrize(
    ("passkey", "why"),
    [
        (Passkey(origin="http://evil.example"), "another origin"),
        (Passkey(site="evil.example"), "another site"),
        (Passkey(origin="http://testserver.evil.example"), "a name that only begins like ours"),
    ],
)
def test_a_passkey_made_elsewhere_is_refused(passkey, why, people):
    claire = Person("claire")
    add_passkey(claire, passkey)
    assert claire.answer.status_code == 422, why
    assert kinds(people["claire"]) == []


def test_a_passkey_signs_in_alone(people):
    passkey = add_passkey(Person("claire"))
    client = Client()
    answer = by_passkey(client, passkey, next="/admin/queue/")
    assert answer.status_code == 302
    assert answer.url == "/admin/queue/"
    assert is_in(client)


@pytest.mark.parametrize("broken", ["origin", "site", "unverified", "foreign key", "replay", "rubbish"])
def test_a_passkey_that_does_not_hold_signs_nobody_in(broken, people):
    passkey, client = add_passkey(Person("claire")), Client()
    if broken == "origin":
        passkey.origin = "http://sub.testserver"
    elif broken == "site":
        passkey.site = "evil.example"
    elif broken == "unverified":
        passkey.verified = False
    elif broken == "foreign key":
        passkey.key = Passkey().key
    if broken == "replay":
        asked = client.get("/accounts/passkey/", headers={"accept": "application/json"}).json()["request_options"]
        sent = {"credential": json.dumps(passkey.sign(asked))}
        client.post("/accounts/passkey/", sent)
        client = Client()
        client.post("/accounts/passkey/", sent)
    elif broken == "rubbish":
        for sent in ("[]", '{"response": 3}', "nothing", '{"response": {"clientDataJSON": "e30", "userHandle": "x"}}'):
            assert client.post("/accounts/passkey/", {"credential": sent}).status_code in (200, 302)
    else:
        by_passkey(client, passkey)
    assert not is_in(client)


def test_whoever_has_codes_is_asked_for_one_after_the_password(people):
    secret, client = give_app(people["claire"]), Client()
    assert sign_in(client, "claire", next="/admin/reviews/3/").url == "/accounts/code/"
    assert not is_in(client)
    assert client.post("/accounts/code/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    done = client.post("/accounts/code/", {"code": code_of(secret)})
    assert done.url == "/admin/reviews/3/"
    assert is_in(client)


def test_a_code_signs_in_once_even_with_spaces_in_it(people):
    secret, first, second = give_app(people["claire"]), Client(), Client()
    code = code_of(secret)
    for client, typed in ((first, code), (second, f"{code[:3]} {code[3:]}")):
        sign_in(client, "claire")
        client.post("/accounts/code/", {"code": typed})
    assert is_in(first)
    assert not is_in(second)


def test_an_earlier_code_counts_no_more_once_a_later_one_was_used(people):
    secret, now = give_app(people["claire"]), clock.now()
    step = int(now.timestamp()) // factors.PERIOD
    assert factors.take_code(people["claire"], factors.code_at(secret, step), now=now)
    assert not factors.take_code(people["claire"], factors.code_at(secret, step - 1), now=now)
    assert factors.take_code(people["claire"], factors.code_at(secret, step + 1), now=now)


@pytest.mark.parametrize("minutes", [-2, 2, 30])
def test_a_code_of_another_time_is_none(minutes, people):
    secret, now = give_app(people["claire"]), clock.now()
    step = int((now + timedelta(minutes=minutes)).timestamp()) // factors.PERIOD
    assert not factors.take_code(people["claire"], factors.code_at(secret, step), now=now)


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B: the last six digits for SHA-1 at 59 seconds and in 2005."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert factors.code_at(secret, 59 // 30) == "287082"
    assert factors.code_at(secret, 1_111_111_109 // 30) == "081804"


def test_the_secret_is_not_kept_in_the_clear(people):
    secret = add_app(Person("claire"))
    assert secret not in str(Authenticator.objects.get(user=people["claire"], type="totp").data)


def test_a_recovery_code_signs_in_once(people):
    add_passkey(Person("claire"))
    code = factors.recovery_codes(people["claire"])[0]
    for expected in (True, False):
        client = Client()
        sign_in(client, "claire")
        client.post("/accounts/code/", {"code": code})
        assert is_in(client) is expected


def test_a_second_factor_is_added_only_with_the_first(people):
    claire = Person("claire")
    passkey = add_passkey(claire)
    add_passkey(claire)
    assert claire.answer.status_code == 422
    add_passkey(claire, one_time_code="123456")
    assert claire.answer.status_code == 403
    form = claire.fields(ADD_PASSKEY, having="request_id")
    proof = {"password": "", "passkey": assertion(claire, passkey, form["request_id"])}
    second = claire.client.post(ADD_PASSKEY, {**form, "name": "x", **proof})
    assert 'name="token"' in second.text


def test_a_lost_phone_is_replaced_with_a_recovery_code(people):
    claire = Person("claire")
    add_passkey(claire)
    add_passkey(claire, one_time_code=factors.recovery_codes(people["claire"])[0])
    assert claire.answer.status_code == 302
    assert kinds(people["claire"]) == ["recovery_codes", "webauthn", "webauthn"]


def test_nobody_removes_a_factor_that_is_not_theirs(people):
    add_passkey(Person("claire"))
    pk = Authenticator.objects.get(type="webauthn").pk
    url = f"/accounts/factors/{pk}/remove/"
    assert Person("ravi").client.get(url).status_code == 404
    assert Person("ravi").client.post(url, {"password": PASSWORD}).status_code == 404


def test_the_last_factor_stays_while_the_role_demands_one(people, settings):
    claire = Person("claire")
    passkey = add_passkey(claire)
    url = f"/accounts/factors/{Authenticator.objects.get(type='webauthn').pk}/remove/"

    def removed():
        form = claire.fields(url, having="request_id")
        claire.client.post(url, {**form, "passkey": assertion(claire, passkey, form["request_id"])})
        return kinds(people["claire"]) == []

    settings.SECOND_FACTOR = True
    assert not removed()
    settings.SECOND_FACTOR = False
    assert removed()


def test_a_reset_is_said_by_mail_and_lets_in_by_password_alone(people, now):
    give_app(people["claire"])
    enrolment.reset_by_operator(people["claire"], actor=people["ingrid"], now=now, reason="Lost her phone.")
    client = Client()
    sign_in(client, "claire")
    assert is_in(client)
    assert AuditEvent.objects.filter(kind="factor.reset", subject=people["claire"].subject).count() == 1
    assert "reset" in OutboxMessage.objects.get(recipient=people["claire"], kind="factors").payload["text"]
    assert mail.outbox == []


def test_a_password_from_a_mail_is_no_way_around_the_second_factor(people):
    give_app(people["claire"])
    client = Client()
    client.post("/accounts/password/reset/", {"email": "claire@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    page = client.get(link[link.index("/accounts/") :], follow=True)
    words = "quite another password"
    client.post(page.redirect_chain[-1][0], {"password1": words, "password2": words})
    assert not is_in(client)
    assert sign_in(client, "claire", words).url == "/accounts/code/"
    assert not is_in(client)


def test_of_what_a_browser_sends_only_the_credential_is_kept(people):
    class Chatty(Passkey):
        def make(self, options):
            return {**super().make(options), "more": "\x00\ud800", "clientExtensionResults": {"x": "\x00"}}

    add_passkey(Person("claire"), Chatty())
    kept = Authenticator.objects.get(user=people["claire"], type="webauthn").data["credential"]
    assert sorted(kept) == ["clientExtensionResults", "id", "rawId", "response", "type"]
    assert sorted(kept["response"]) == ["attestationObject", "clientDataJSON"]
