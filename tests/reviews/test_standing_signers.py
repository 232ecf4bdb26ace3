"""Who may withdraw a signature, from what, and in which form."""

import pytest

from articles.models import Article
from editorial.conditions import Refused
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Signature, SignatureVoided
from tests.desk import Person
from tests.reviews.later import void
from tests.reviews.test_standing import send, signature_of, url_of

# Who, and what


@pytest.mark.parametrize(
    ("person", "status"),
    [("claire", 302), ("ingrid", 302), ("ravi", 404), ("tom", 404), ("lena", 404), ("nora", 404)],
)
def test_its_signer_and_chief_editors_withdraw_it_and_nobody_else(person, status, story):
    story.published()
    assert send(person, "claire").status_code == status
    assert SignatureVoided.objects.exists() is (person in ("claire", "ingrid"))


def test_a_stranger_withdraws_nothing(story):
    story.published()
    assert send("stranger", "claire").status_code in (302, 403)
    assert not SignatureVoided.objects.exists()


def test_whoever_is_signed_out_is_asked_to_sign_in(story, client):
    story.published()
    assert "/login/" in client.post(url_of("claire"), {"reason": "x"})["Location"]


def test_it_needs_a_reason_and_the_password(story):
    story.published()
    assert send("claire", "claire", reason=" ").status_code == 422
    refused = send("claire", "claire", password="wrong")
    assert refused.status_code == 403
    assert "That password isn" in refused.text
    assert not SignatureVoided.objects.exists()


def test_its_page_says_what_follows_and_acts_on_post_alone(story):
    story.published()
    claire = Person("claire")
    page = claire.client.get(url_of("claire"))
    assert "14 days" in page.text
    assert not SignatureVoided.objects.exists()
    assert claire.fill(url_of("claire"), reason="I misread it.", password=PASSWORD).status_code == 302
    assert SignatureVoided.objects.get().reason == "I misread it."


def test_the_same_form_sent_twice_acts_once(story):
    story.published()
    form = {**Person("claire").fields(url_of("claire"), having="stamp"), "reason": "x", "password": PASSWORD}
    client = Person("claire").client
    assert [client.post(url_of("claire"), form).status_code for _click in range(2)] == [302, 302]
    assert SignatureVoided.objects.count() == 1


def test_a_form_opened_before_the_round_ended_is_out_of_date(story):
    round = story.round()
    story.sign(round, "claire")
    stamp = Article.objects.get().stamp
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="A slip.")
    assert send("claire", "claire", stamp=stamp).status_code == 409


@pytest.mark.parametrize("verdict", ["changes_needed", "safety_objection", "abstain"])
def test_no_chief_takes_away_a_verdict_against_publication(verdict, story, people):
    round = story.round("claire", "ravi", "sofia", risk="high")
    round.rule["changes_needed_blocks"] = False
    type(round).objects.update(rule=round.rule)
    story.sign(round, "claire", verdict, comment="It could harm.")
    refused = send("ingrid", "claire")
    assert refused.status_code == 403
    assert "Only an approval or a confirmation" in refused.text


def test_an_adjudication_is_no_approval(story):
    article = story.published()
    signature = signature_of("claire")
    Signature.objects.create(
        **{
            f.attname: getattr(signature, f.attname)
            for f in Signature._meta.concrete_fields
            if f.name not in ("id", "review", "standing")
        },
        standing={**signature.standing, "act": "adjudicate"},
    )
    with pytest.raises(Refused, match="Only an approval"):
        void(story, article, "claire", by="ingrid")


def test_what_led_to_no_publication_is_not_withdrawn(story):
    round = story.round()
    story.sign(round, "claire")
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="A slip.")
    with pytest.raises(Refused, match="Nothing that readers have"):
        void(story, Article.objects.get(), "claire")


def test_once_is_enough(story):
    article = void(story, story.published(), "claire")
    with pytest.raises(Refused, match="withdrawn already"):
        void(story, article, "claire", by="ingrid")


@pytest.mark.parametrize("path", ["999999/void", "1/nothing", "0/keep"])
def test_what_is_not_there_is_a_404(path, story):
    story.published()
    assert Person("ingrid").client.get(f"/admin/signatures/{path}/").status_code == 404
