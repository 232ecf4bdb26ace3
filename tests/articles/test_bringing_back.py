"""A chief editor brings an earlier version back, as long as its signatures stand."""

from datetime import timedelta

import pytest

from articles import workflow as bare
from articles.models import Article, Publication, PublicPage, Reference
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Signature
from reviews.states import VerdictKind
from tests.articles.test_ending import SENTENCE, second, send
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import asked_again, current, hold, read, revised, round_of, typographic


def test_an_earlier_version_comes_back_as_a_new_one(story):
    article = hold(story, second(story))
    first = Publication.objects.get(number=1)
    assert send("ingrid", article, "restore").status_code == 302

    third = current(article)
    assert (third.number, third.restored_from, third.digest) == (3, 1, first.digest)
    assert (third.basis, third.change_class, third.last_reviewed) == ("signed", "new", first.last_reviewed)
    assert third.change_note == "Version 1, brought back."
    assert third.evidence == first.evidence
    page = read(article)
    assert page.status_code == 200
    assert SENTENCE in page.text
    assert "125 mm Hg" not in page.text
    assert Publication.objects.get(number=2).status == "superseded"


def test_the_article_follows_and_can_be_revised_and_confirmed_again(story):
    article = hold(story, second(story))
    send("ingrid", article, "restore")
    article = Article.objects.get()
    assert article.frozen_digest == current(article).digest
    assert "130 mm Hg" in article.variants.get().body
    round = asked_again(story, article)
    story.sign(round, "claire")
    assert current(article).number == 4
    assert found() == {}


def test_bringing_words_back_makes_nobody_a_contributor(story):
    article = hold(story, second(story))
    send("ingrid", article, "restore")
    hold(story, article)
    assert Person("ingrid").force(article, "lift", reason="It was right.", password=PASSWORD).status_code == 302


def test_a_revision_under_way_stays_as_it_is(story):
    article = bare.revise(second(story), actor=story.people["nora"], now=story.tick(), reason="A new trial.")
    hold(story, article)
    assert send("ingrid", article, "restore").status_code == 302
    article = Article.objects.get()
    assert (article.state, "125 mm Hg" in article.variants.get().body) == ("draft", True)


def signature_under(article: Article, username: str, *, number: int = 1) -> Signature:
    return article.rounds.get(number=number).signatures.get(signer__username=username)


def decide(person: str, signature: Signature, how: str):
    """Withdraw a signature, or let it stand, on its page."""
    page = f"/admin/signatures/{signature.pk}/{how}/"
    return Person(person).fill(page, reason="I looked at it.", password=PASSWORD)


@pytest.mark.parametrize("person", ["claire", "ingrid"])
def test_one_whose_signatures_no_longer_stand_stays_away(person, story):
    article = second(story)
    assert decide(person, signature_under(article, "claire"), "void").status_code == 302
    refused = send("ingrid", hold(story, Article.objects.get()), "restore")
    assert refused.status_code == 403
    assert "signatures don" in refused.text
    assert current(article).number == 2


def test_a_signature_under_an_earlier_version_goes_without_touching_the_live_one(story):
    article = second(story)
    signature = signature_under(article, "claire")
    assert f"/admin/signatures/{signature.pk}/void/" in Person("claire").client.get("/admin/signatures/").text
    assert "under an earlier version" in Person("claire").client.get("/admin/signatures/").text
    assert decide("claire", signature, "void").status_code == 302
    assert AuditEvent.objects.filter(kind="signature.voided", subject=article.subject).count() == 1
    assert Article.objects.get().quorum_lost_at is None
    assert "was withdrawn" not in read(article).text
    assert "Withdrawn on" in PublicPage.objects.get(number=1).main_html
    assert found() == {}


def test_a_signature_that_a_carried_version_stands_on_takes_its_quorum_along(story):
    article = typographic(story, story.published())
    assert decide("claire", signature_under(article, "claire"), "void").status_code == 302
    assert Article.objects.get().quorum_lost_at is not None


def test_a_chief_finds_what_stands_under_earlier_versions_on_the_articles_page(story):
    article = second(story)
    page = Person("ingrid").client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert "3 signatures count" in page
    assert page.count("under an earlier version") == 3


@pytest.mark.parametrize("verb", ["lift", "restore"])
@pytest.mark.parametrize(("decision", "answer"), [(None, 403), ("void", 403), ("keep", 302)])
def test_nothing_goes_up_while_a_chief_has_to_decide_on_a_signature_under_it(verb, decision, answer, story):
    """Claire signed both versions and was struck off while the page was on hold."""
    article = hold(story, second(story))
    member = story.people["claire"].board_member
    workflow.strike_off(member, actor=story.people["ingrid"], now=story.tick(), reason="A false licence.")
    for number in (1, 2) if decision else ():
        assert decide("ingrid", signature_under(article, "claire", number=number), decision).status_code == 302
    answered = send("ingrid", article, verb)
    assert answered.status_code == answer
    if decision is None:
        assert "Struck off since: Claire Dubois. Withdraw each of their signatures under it" in answered.text
    assert current(article).status == ("live" if answer == 302 else "on_hold")


@pytest.mark.parametrize(("seat", "verdict"), [("optional", "approve"), ("members", "abstain")])
def test_what_the_quorum_does_not_need_of_a_struck_off_member_keeps_nothing_down(seat, verdict, story):
    """An approval to spare waits for a decision; an abstention is nothing that anybody decides on."""
    panel = {"members": ["claire", "ravi"], "optional": []}
    panel[seat].append("eva")
    seats = {kind: [story.people[name].board_member for name in names] for kind, names in panel.items()}
    round = workflow.open_round(story.triaged(), actor=story.people["tom"], now=story.tick(), **seats)
    story.sign(round, "eva", verdict)
    for name in ("claire", "ravi"):
        story.sign(round, name)
    article = hold(story, story.confirm(Article.objects.get()))
    member = story.people["eva"].board_member
    workflow.strike_off(member, actor=story.people["ingrid"], now=story.tick(), reason="A false licence.")
    assert send("ingrid", article, "lift").status_code == 302


def test_one_with_a_retracted_source_stays_away(story):
    article = hold(story, second(story))
    Reference.objects.filter(citations__key="sprint").update(status="retracted")
    refused = send("ingrid", article, "restore")
    assert refused.status_code == 403
    assert "retracted" in refused.text


def test_nothing_comes_back_while_an_objection_is_open(story):
    article = revised(story, second(story), "update", replace=("125 mm Hg", "120 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "ravi", VerdictKind.SAFETY_OBJECTION, comment="It could harm.")
    refused = send("ingrid", hold(story, Article.objects.get()), "restore")
    assert "safety objection" in refused.text
    assert current(article).status == "on_hold"


@pytest.mark.parametrize("number", ["2", "7", "x", ""])
def test_only_versions_with_another_text_are_offered(number, story):
    article = hold(story, second(story))
    assert send("ingrid", article, "restore", number=number).status_code == 422


def test_a_version_that_readers_never_had_does_not_come_back(story):
    """Approved for a day ahead, and cancelled before it by another revision."""
    article = bare.revise(story.published(), actor=story.people["nora"], now=story.tick(), reason="News.")
    Article.objects.update(publish_not_before=story.now + timedelta(days=9), short_answer="New.")
    round = story.round(article=Article.objects.get(pk=article.pk))
    story.sign(round, "claire")
    article = story.confirm(story.sign(round, "ravi"))
    bare.revise(article, actor=story.people["nora"], now=story.tick(), reason="A slip.")
    assert sorted(Publication.objects.values_list("number", "status")) == [(1, "live"), (2, "superseded")]
    refused = send("ingrid", hold(story, Article.objects.get()), "restore", number=2)
    assert refused.status_code in (403, 422)
    assert "no earlier version with another text" in refused.text


def test_a_carried_version_comes_back_with_the_review_it_carried(story):
    article = typographic(story, story.published())
    article = revised(story, article, "update", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    article = hold(story, story.confirm(story.sign(round, "ravi")))
    send("ingrid", article, "restore", number=2)
    fourth = current(article)
    assert (fourth.basis, fourth.reviewed_version, fourth.restored_from) == ("carried", 1, 2)
    assert found() == {}
