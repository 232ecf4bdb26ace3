"""Verbs on what is public: hold, lift, retract; who may use them, and what each needs."""

import pytest
from django.test import Client

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article, Notice, Publication, PublicNotice
from articles.states import CURRENT, PUBLICATION_EDGES
from editorial.conditions import Refused
from editorial.models import AuditEvent, Notification, OutboxMessage
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Signature, SignatureVoided
from tests.desk import Person

TABLE = {
    "publish": ({"scheduled"}, "live"),
    "supersede": ({"live", "on_hold", "retired"}, "superseded"),
    "cancel": ({"scheduled"}, "superseded"),
    "hold": ({"live"}, "on_hold"),
    "lift": ({"on_hold"}, "live"),
    "retract": ({"live", "on_hold"}, "retracted"),
    "retire": ({"live"}, "retired"),
    "remove": ({"live", "on_hold", "retracted", "retired"}, "removed"),
}
"""The house's table of publications, and ``cancel``: from which status, to which. Restoring makes a new version."""

SENTENCE = "A target below 130 mm Hg is recommended"


def read(article, **headers):
    return Client().get(f"/articles/{article.slug}/", headers=headers)


def status_of(article) -> str:
    return Publication.objects.get(article=article, status__in=sorted(CURRENT)).status


def hold(person: str, article, **values):
    return Person(person).force(article, "hold", **{"reason": "A dose may be wrong.", "password": PASSWORD, **values})


def held(story):
    article = story.published()
    return lifecycle.hold(
        article, actor=story.people["tom"], now=story.tick(), reason="A dose may be wrong.", proof=story.proof("tom")
    )


def retract(person: str, article, **values):
    return Person(person).force(
        article, "retract", **{"notice": "The trial was made up.", "password": PASSWORD, **values}
    )


def test_the_table_in_the_code_is_the_table_of_the_house():
    assert {verb: (set(sources), str(target)) for verb, (sources, target) in PUBLICATION_EDGES.items()} == TABLE


@pytest.mark.parametrize("person", ["lena", "ingrid", "claire", "ana"])
def test_any_editor_and_any_active_board_member_takes_a_page_off_the_site(person, story):
    article = story.published()
    assert SENTENCE in read(article).text

    assert hold(person, article).status_code == 302

    page = read(article)
    assert page.status_code == 404
    assert "This page is temporarily withdrawn" in page.text
    for gone in (SENTENCE, article.title, "A dose may be wrong.", "Claire Dubois"):
        assert gone not in page.text
    assert status_of(article) == "on_hold"


def test_a_hold_is_recorded_with_its_reason_and_every_chief_is_told(story, people):
    article = story.published()
    people["lena"].groups.add(*people["ingrid"].groups.all())

    hold("claire", article)

    event = AuditEvent.objects.get(kind="publication.hold")
    assert '"reason":"A dose may be wrong."' in event.body
    assert str(people["claire"].uuid) in event.body
    told = OutboxMessage.objects.filter(kind="hold")
    assert sorted(message.recipient.username for message in told) == ["ingrid", "lena"]
    assert Notification.objects.filter(kind="hold").count() == 2


def test_a_wrong_password_holds_nothing_and_is_recorded(story, people):
    article = story.published()
    events = AuditEvent.objects.count()

    refused = hold("lena", article, password="wrong")

    assert refused.status_code == 403
    assert "That password isn" in refused.text
    assert "A dose may be wrong." in refused.text
    assert status_of(article) == "live"
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.last().kind == "proof.refused"
    assert AuditEvent.objects.last().subject == f"user:{people['lena'].uuid}"


def test_after_five_wrong_passwords_the_right_one_is_not_even_looked_at(story, people):
    article = story.published()
    for _attempt in range(5):
        assert "That password isn" in hold("lena", article, password="wrong").text

    refused = hold("lena", article)

    assert refused.status_code == 403
    assert "Too many wrong passwords" in refused.text
    assert status_of(article) == "live"
    assert AuditEvent.objects.filter(kind="proof.refused").count() == 5
    assert hold("tom", article).status_code == 302


def test_a_hold_without_a_reason_is_asked_for_one(story):
    article = story.published()
    assert hold("lena", article, reason=" ").status_code == 422
    assert status_of(article) == "live"


def test_a_member_who_left_the_board_takes_nothing_down(story, people, now):
    article = story.published()
    member = people["ana"].board_member
    member.left_on = now.date()
    member.save()

    refused = hold("ana", article)

    assert refused.status_code == 403
    assert "active board member" in refused.text
    assert status_of(article) == "live"


def test_a_board_member_sees_the_hold_of_a_live_page_and_of_nothing_else(story):
    ana = Person("ana")
    draft = story.draft(title="Never published")
    assert ana.force(draft, "hold", reason="x", password=PASSWORD).status_code == 404
    live = story.published()
    assert ana.client.get(f"/act/{live.slug}", follow=True).status_code == 200


def test_a_hold_during_a_revision_marks_the_article_for_follow_up(story, people):
    article = story.published()
    bare.revise(article, actor=people["nora"], now=story.tick(), reason="New trial.")
    assert hold("claire", article).status_code == 302
    assert Article.objects.get().follow_up_required


def test_the_chief_puts_a_held_page_back_and_it_is_the_same(story):
    article = story.published()
    before = read(article).content
    hold("lena", article)

    assert Person("ingrid").force(article, "lift", reason="The dose was right.", password=PASSWORD).status_code == 302

    assert status_of(article) == "live"
    assert read(article).content == before


def test_nobody_but_a_chief_lifts_a_hold(story):
    article = held(story)
    for person in ("tom", "claire", "nora"):
        assert Person(person).force(article, "lift", reason="It was right.", password=PASSWORD).status_code == 404
        with pytest.raises(Refused, match="Only a chief editor"):
            workflow.lift(
                article, actor=story.people[person], now=story.tick(), reason="It was right.", proof=story.proof(person)
            )
    assert status_of(article) == "on_hold"


def test_a_hold_is_not_lifted_when_a_signature_no_longer_stands(story, people):
    article = held(story)
    signature = Signature.objects.get(signer=people["claire"])
    SignatureVoided.objects.create(signature=signature, by=people["ingrid"], reason="Not hers.", at=story.tick())

    refused = Person("ingrid").force(article, "lift", reason="The dose was right.", password=PASSWORD)

    assert refused.status_code == 403
    assert "signatures don" in refused.text
    assert "1 more approval" in refused.text
    assert status_of(article) == "on_hold"
    assert read(article).status_code == 404


def test_a_retracted_text_stays_readable_under_its_notice(story):
    article = story.published()

    assert retract("ingrid", article).status_code == 302

    page = read(article)
    assert page.status_code == 200
    assert f"<title>RETRACTED: {article.title}" in page.text
    assert "The trial was made up." in page.text
    assert "Ingrid Solberg" in page.text
    assert SENTENCE in page.text
    notice = Notice.objects.get()
    alone = Client().get(f"/notices/{notice.uuid}/")
    assert alone.status_code == 200
    assert "The trial was made up." in alone.text
    assert PublicNotice.objects.get().slug == article.slug
    assert f"/notices/{notice.uuid}/" in page.text


def test_a_held_page_can_be_retracted(story):
    article = held(story)
    assert retract("ingrid", article).status_code == 302
    assert SENTENCE in read(article).text


def test_nobody_but_a_chief_retracts(story):
    article = story.published()
    for person in ("tom", "claire", "nora"):
        assert retract(person, article).status_code == 404
    assert status_of(article) == "live"
    assert not Notice.objects.exists()


def test_a_retraction_needs_the_password(story):
    article = story.published()
    assert retract("ingrid", article, password="wrong").status_code == 403
    assert status_of(article) == "live"
    assert not Notice.objects.exists()


def test_a_retracted_article_is_not_revised_held_or_lifted(story):
    article = story.published()
    retract("ingrid", article)
    ingrid = Person("ingrid")
    for verb, reason in (("revise", "retracted"), ("hold", "no live version"), ("lift", "no version on hold")):
        refused = ingrid.force(article, verb, reason="Why not?", password=PASSWORD)
        assert refused.status_code == 403, verb
        assert reason in refused.text
    assert Article.objects.get().state == "approved"
    assert status_of(article) == "retracted"
