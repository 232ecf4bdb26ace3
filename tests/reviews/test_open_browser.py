"""Whoever sits down at a browser that was left open brings nothing to readers: each such act asks for fresh proof."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisGone

from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.tasks import forget_sessions
from reviews import objections, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Objection, Signature
from tests.desk import Person
from tests.reviews.later import hold


def held(story) -> tuple[str, str, str]:
    article = hold(story, story.published())
    return "ingrid", f"/admin/articles/article/{article.pk}/verb/lift/", "lift"


def adjudicated(story) -> tuple[str, str, str]:
    objection = objected(story)
    story.tick()
    values = {"objection": objection, "reason": "Doses are given.", "proof": story.proof("ravi")}
    objections.adjudicate(objection.article, actor=story.people["ravi"], now=story.now, **values)
    return "ingrid", f"/admin/objections/{objection.pk}/confirm/", "confirm_adjudication"


def regretted(story) -> tuple[str, str, str]:
    return "claire", f"/admin/objections/{objected(story).pk}/withdraw/", "withdraw_objection"


def struck_off(story) -> tuple[str, str, str]:
    story.published()
    claire = story.people["claire"].board_member
    workflow.strike_off(claire, actor=story.people["ingrid"], now=story.tick(), reason="A false licence.")
    return "ingrid", f"/admin/signatures/{Signature.objects.get(signer=claire.user).pk}/keep/", "keep_signature"


def objected(story) -> Objection:
    """Claire's, on a panel that her colleague in the specialty isn't on."""
    round = story.round("claire", "eva")
    story.sign(round, "claire", "safety_objection", comment="A dose is missing.")
    return Objection.objects.get()


def traces() -> tuple[object, ...]:
    still = Objection.objects.still_open().count()
    return Article.objects.values_list("state").get(), [*Publication.objects.values_list("status")], still


@pytest.mark.parametrize("begun", [held, adjudicated, regretted, struck_off])
@pytest.mark.parametrize("given", [{}, {"password": ""}, {"password": "a guess"}])
def test_without_the_password_nothing_is_done(begun, given, story, now_is):
    person, url, _verb = begun(story)
    before, article = traces(), Article.objects.get()
    form = {"stamp": article.stamp, "request_id": str(uuid.uuid4()), "reason": "All is well."}
    assert Person(person).client.post(url, {**form, **given}).status_code in (403, 422)
    assert traces() == before
    assert Person(person).client.post(url, {**form, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("begun", [held, adjudicated, regretted, struck_off])
def test_no_other_way_in_asks_for_less(begun, story):
    person, _url, verb = begun(story)
    values = {"reason": "All is well.", "proof": None}
    if verb == "keep_signature":
        values["signature"] = Signature.objects.get(signer=story.people["claire"])
    elif verb != "lift":
        values["objection"] = Objection.objects.get()
    run = getattr(workflow, verb, None) or getattr(objections, verb)
    with pytest.raises(Refused, match="Type your password to sign"):
        run(Article.objects.get(), actor=story.people[person], now=story.tick(), **values)


# Words of whoever isn't signed in


def test_a_stranger_fills_no_table_of_sessions(story):
    """What a signed-out member typed is kept for them; anybody may say that they are one."""
    url = f"/admin/reviews/{story.seat(story.round(), 'claire').pk}/"
    for _turn in range(30):
        assert Client().post(url, {"comment": "x" * 20_000}).status_code == 302
    assert Session.objects.count() == 20
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(url, {"comment": "Written for an hour."}).status_code == 302
    assert Session.objects.count() == 21


def test_sessions_that_are_over_are_deleted_with_what_was_typed_in_them(story):
    url = f"/admin/reviews/{story.seat(story.round(), 'claire').pk}/"
    Client().post(url, {"comment": "Written for an hour."})
    signed_in = Person("claire").client
    kept = Session.objects.exclude(pk=signed_in.session.session_key)
    kept.update(expire_date=timezone.now() - timedelta(days=1))
    forget_sessions()
    assert [row.pk for row in Session.objects.all()] == [signed_in.session.session_key]


def test_what_was_typed_is_kept_while_nobody_counts(story, monkeypatch):
    url = f"/admin/reviews/{story.seat(story.round(), 'claire').pk}/"

    def gone(*_args, **_more):
        raise RedisGone("refused")

    monkeypatch.setattr(cache, "add", gone)
    monkeypatch.setattr(cache, "get_or_set", gone)
    assert Client().post(url, {"comment": "Written for an hour."}).status_code == 302
    assert Session.objects.get().get_decoded()["typed_review"]["values"]["comment"] == "Written for an hour."
