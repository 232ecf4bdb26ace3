"""What proves who signs: a passkey alone, or the password with a code once in 15 minutes. Over HTTP."""

import json
from datetime import timedelta

import pytest
import time_machine

from articles.models import Publication
from editorial import clock, factors, reauth
from editorial.models import AuditEvent
from reviews.demo.cast import PASSWORD
from reviews.models import Review, Signature
from tests.authenticator import Passkey
from tests.desk import Person, checked
from tests.enrolled import add_passkey, assertion, challenge, code_of, give_app

pytestmark = pytest.mark.django_db


class Signer:
    """Claire before an open round: she sends the signing form with whatever proof is given."""

    def __init__(self, story) -> None:
        self.round = story.round()
        story.declare(self.round, "claire")
        self.user = story.people["claire"]
        self.person = Person("claire")
        self.url = f"/admin/reviews/{story.seat(self.round, 'claire').pk}/"

    def form(self):
        return self.person.fields(self.url, having="password")

    def send(self, form=None, **proof):
        form = form or self.form()
        return self.person.client.post(
            self.url, {**form, **checked(self.round), "verdict": "approve", "sign": "1", "password": "", **proof}
        )


@pytest.fixture
def signer(story):
    return Signer(story)


def refused(count: int = 1) -> bool:
    return not Review.objects.exists() and AuditEvent.objects.filter(kind="proof.refused").count() == count


def test_a_passkey_alone_signs_a_review(signer):
    passkey = add_passkey(signer.person)
    form = signer.form()
    assert signer.send(form, passkey=assertion(signer.person, passkey, form["request_id"])).status_code == 302
    assert Review.objects.count() == 1
    assert Signature.objects.get().proof == "passkey"


def test_whoever_has_a_passkey_may_still_sign_with_the_password(signer):
    add_passkey(signer.person)
    assert signer.send(password=PASSWORD).status_code == 302
    assert Review.objects.count() == 1


def test_without_any_proof_nothing_is_signed(signer):
    add_passkey(signer.person)
    answer = signer.send()
    assert answer.status_code == 422
    assert "Use your passkey, or type your password." in answer.text
    assert not Review.objects.exists()


def test_a_passkey_signs_for_the_form_that_it_was_asked_for_and_no_other(signer):
    passkey = add_passkey(signer.person)
    first, second = signer.form(), signer.form()
    answer = assertion(signer.person, passkey, first["request_id"])
    assert signer.send(second, passkey=answer).status_code == 403
    assert refused()


def test_an_answer_counts_once(signer):
    passkey = add_passkey(signer.person)
    form = signer.form()
    answer = assertion(signer.person, passkey, form["request_id"])
    assert signer.send({**form, "stamp": "of before"}, passkey=answer).status_code == 409
    assert reauth.prove(signer.user, given(form, answer), now=clock.now()).method == "passkey"
    assert signer.send(form, passkey=answer).status_code == 403
    assert refused()


def given(form, answer) -> reauth.Given:
    return reauth.Given(passkey=answer, form=form["request_id"], origin="http://testserver")


def test_another_persons_passkey_signs_nothing_here(signer):
    add_passkey(signer.person)
    theirs = add_passkey(Person("ravi"))
    form = signer.form()
    assert signer.send(form, passkey=assertion(signer.person, theirs, form["request_id"])).status_code == 403
    assert refused()


def test_a_challenge_of_another_person_is_none_of_mine(signer):
    passkey, ravi = add_passkey(signer.person), Person("ravi")
    form = signer.form()
    answer = json.dumps(passkey.sign(challenge(ravi.client, form["request_id"])))
    assert signer.send(form, passkey=answer).status_code == 403
    assert refused()


@pytest.mark.parametrize("broken", ["origin", "site", "unverified", "key", "rubbish"])
def test_an_answer_that_does_not_hold_signs_nothing(broken, signer):
    passkey = add_passkey(signer.person)
    form = signer.form()
    passkey.origin = "https://testserver" if broken == "origin" else passkey.origin
    passkey.site = "example.org" if broken == "site" else passkey.site
    passkey.verified = broken != "unverified"
    passkey.key = Passkey().key if broken == "key" else passkey.key
    answer = assertion(signer.person, passkey, form["request_id"]) if broken != "rubbish" else '{"id": [[]]}'
    assert signer.send(form, passkey=answer).status_code == 403
    assert refused()


def test_a_challenge_is_over_after_five_minutes(signer):
    passkey = add_passkey(signer.person)
    form = signer.form()
    answer = assertion(signer.person, passkey, form["request_id"])
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert signer.send(form, passkey=answer).status_code == 403


def test_a_challenge_is_given_to_nobody_who_is_signed_out_and_for_no_rubbish(client, signer):
    assert client.post("/accounts/proof/", {"request_id": signer.form()["request_id"]}).status_code == 401
    assert signer.person.client.post("/accounts/proof/", {"request_id": "x"}).status_code == 400
    assert signer.person.client.get("/accounts/proof/").status_code == 405


def test_the_code_is_asked_for_once_in_fifteen_minutes(signer):
    secret = give_app(signer.user)
    assert "one_time_code" in signer.form()
    assert signer.send(password=PASSWORD).status_code == 422
    assert signer.send(password=PASSWORD, one_time_code="000000").status_code == 403
    assert signer.send(password="wrong wrong wrong", one_time_code=code_of(secret)).status_code == 403
    assert signer.send(password=PASSWORD, one_time_code=code_of(secret)).status_code == 302
    assert Signature.objects.get().proof == "password and code"
    assert "one_time_code" not in signer.form()
    assert signer.send(password=PASSWORD).status_code == 302
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert "one_time_code" in signer.form()
        assert signer.send(password=PASSWORD).status_code == 422


def test_a_code_given_in_one_session_is_asked_for_in_another(signer):
    secret = give_app(signer.user)
    signer.send(password=PASSWORD, one_time_code=code_of(secret))
    signer.person = Person("claire")
    assert "one_time_code" in signer.form()


def test_a_form_that_leaves_the_code_out_signs_nothing(signer):
    """Asked for on the server, whatever the page held."""
    form = signer.form()
    give_app(signer.user)
    assert signer.send(form, password=PASSWORD).status_code == 422
    assert not Review.objects.exists()


def test_a_code_signs_once(signer):
    secret = give_app(signer.user)
    code, now = code_of(secret), clock.now()
    assert reauth.prove(signer.user, reauth.Given(password=PASSWORD, code=code), now=now)
    assert signer.send(password=PASSWORD, one_time_code=code).status_code == 403
    assert refused()


def test_a_recovery_code_signs_nothing(signer):
    give_app(signer.user)
    code = factors.fresh_recovery_codes(signer.user)[0]
    assert signer.send(password=PASSWORD, one_time_code=code).status_code == 403
    assert refused()
    assert code in factors.recovery_codes(signer.user)


def test_after_five_failures_of_any_kind_nothing_is_looked_at(signer):
    passkey = add_passkey(signer.person)
    for _turn in range(5):
        signer.send(passkey="{}")
    form = signer.form()
    answer = assertion(signer.person, passkey, form["request_id"])
    assert signer.send(form, passkey=answer).status_code == 403
    assert refused(5)


def test_no_proof_is_kept_in_the_session(signer):
    secret = give_app(signer.user)
    signer.send(password=PASSWORD, one_time_code=code_of(secret))
    kept = str(dict(signer.person.client.session))
    assert PASSWORD not in kept
    assert code_of(secret) not in kept
    assert "proof" not in kept


def test_a_hold_and_a_confirmation_take_a_passkey_too(story):
    round = story.round()
    for member in ("claire", "ravi"):
        story.sign(round, member)
    tom = Person("tom")
    passkey = add_passkey(tom)
    for verb, more in (("confirm", {}), ("hold", {"reason": "A dose."})):
        url = f"/admin/articles/article/{round.article_id}/verb/{verb}/"
        form = tom.fields(url, having="stamp")
        answer = assertion(tom, passkey, form["request_id"])
        assert tom.client.post(url, {**form, **more, "password": "", "passkey": answer}).status_code == 302, verb
    assert Publication.objects.get().status == "on_hold"


def test_the_page_behind_the_readers_link_asks_for_proof_too(story):
    article, ravi = story.published(), Person("ravi")
    passkey, url = add_passkey(ravi), f"/admin/hold/{article.slug}/"
    form = ravi.fields(url, having="password")
    assert "passkey" in form
    answer = assertion(ravi, passkey, form["request_id"])
    assert ravi.client.post(url, {**form, "reason": "A dose.", "passkey": answer}).status_code == 302
    assert Publication.objects.get().status == "on_hold"
