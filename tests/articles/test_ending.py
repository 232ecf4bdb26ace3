"""Bringing an earlier version back, retiring, removing: who, from where, and what readers get."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import lifecycle, publishing
from articles import workflow as bare
from articles.models import Article, Notice, Publication, PublicNotice, PublicPage, Reference
from editorial import clock
from editorial.conditions import Refused
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Signature
from reviews.states import VerdictKind
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import asked_again, current, hold, read, revised, round_of, typographic, void
from tests.reviews.panels import seats

REASON = "A court ordered it."
SENTENCE = "A target below 130 mm Hg is recommended"
STATUSES = ("live", "on_hold", "retracted", "retired", "removed")
FROM = {"restore": {"on_hold"}, "retire": {"live"}, "remove": {"live", "on_hold", "retracted", "retired"}}
"""The house's table, by the status of the current version."""


def second(story) -> Article:
    """A live second version with other words."""
    article = revised(story, story.published(), "update", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    return story.confirm(story.sign(round, "ravi"))


def ended(story, article: Article, how: str) -> Article:
    """The article with its current version in this status."""
    article, ingrid = Article.objects.get(pk=article.pk), story.people["ingrid"]
    story.tick()
    if how == "on_hold":
        hold(story, article)
    elif how == "retracted":
        proof = story.proof("ingrid")
        lifecycle.retract(article, actor=ingrid, now=story.now, notice="The trial was made up.", proof=proof)
    elif how == "retired":
        lifecycle.retire(article, actor=ingrid, now=story.now, reason="Nobody asks any more.")
    elif how == "removed":
        proof = story.proof("ingrid")
        lifecycle.remove(article, actor=ingrid, now=story.now, notice=REASON, proof=proof)
    return Article.objects.get(pk=article.pk)


def send(person: str, article: Article, verb: str, **values):
    given = {"reason": "For the test.", "notice": REASON, "password": PASSWORD, "number": 1, "successor": ""}
    return Person(person).force(article, verb, **{**given, **values})


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("verb", FROM)
def test_each_verb_works_from_the_statuses_of_the_table_alone(verb, status, story):
    article = ended(story, second(story), status)
    assert current(article).status == status
    done = send("ingrid", article, verb)
    possible = status in FROM[verb]
    assert done.status_code == (302 if possible else 403)
    expected = {"restore": "live", "retire": "retired", "remove": "removed"}[verb] if possible else status
    assert current(article).status == expected
    if not possible:
        assert 'class="banner banner--danger' in done.text
    assert [publishing.differences(row) for row in Publication.objects.all()] == [[]] * Publication.objects.count()
    assert found() == {}


@pytest.mark.parametrize(
    ("person", "answers"),
    [("tom", [404]), ("lena", [404]), ("nora", [404]), ("claire", [404]), ("stranger", [302, 403])],
)
@pytest.mark.parametrize("verb", FROM)
def test_nobody_but_a_chief_uses_them(verb, person, answers, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    before = current(article).status
    assert send(person, article, verb).status_code in answers
    assert current(article).status == before


@pytest.mark.parametrize("verb", ["restore", "remove"])
def test_what_takes_text_down_or_puts_it_up_needs_the_password(verb, story):
    article = hold(story, second(story))
    refused = send("ingrid", article, verb, password="wrong")
    assert refused.status_code == 403
    assert "That password isn" in refused.text
    assert current(article).status == "on_hold"


@pytest.mark.parametrize("verb", FROM)
def test_a_chief_who_wrote_it_leaves_it_to_another(verb, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    article.authors.add(story.people["ingrid"])
    refused = send("ingrid", article, verb)
    assert refused.status_code == 403
    assert "You are an author of this article" in refused.text


# Restore


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
    assert Person("ingrid").force(article, "lift", reason="It was right.").status_code == 302


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
    return Person(person).fill(page, reason="I looked at it.", **({"password": PASSWORD} if how == "void" else {}))


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


# Retire


def test_a_retired_page_says_since_when_and_what_takes_its_place(story):
    article, other = second(story), story.published(title="A newer question?")
    listed = Client().get("/").text
    assert article.title in listed

    assert send("ingrid", article, "retire", successor=f"https://example.org/articles/{other.slug}/").status_code == 302

    page = read(article)
    assert page.status_code == 200
    assert "No longer maintained" in page.text
    assert f"Since {clock.shown(timezone.localdate())} it is not reviewed any more." in page.text
    assert f'/articles/{other.slug}/">Read the article that takes its place' in page.text
    assert "A newer question?" not in page.text
    assert article.title not in Client().get("/").text
    assert found() == {}


def test_a_retired_page_tells_nothing_of_a_successor_that_is_taken_down(story):
    article, other = second(story), story.published(title="A newer question?")
    send("ingrid", article, "retire", successor=other.slug)
    hold(story, other)
    assert "A newer question?" not in read(article).text
    assert found() == {}


@pytest.mark.parametrize("successor", ["itself", "a-draft", "nobody-wrote-this", "../../admin", "Ж"])
def test_what_takes_its_place_has_to_be_another_page_on_the_site(successor, story):
    article = second(story)
    story.draft(title="A draft")
    given = article.slug if successor == "itself" else successor
    refused = send("ingrid", article, "retire", successor=given)
    assert refused.status_code == (403 if successor == "itself" else 422)
    assert current(article).status == "live"
    assert not Article.objects.exclude(retired_at=None).exists()


def test_a_new_version_brings_a_retired_article_back(story):
    article = ended(story, story.published(), "retired")
    article = revised(story, article, "update", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    article = Article.objects.get()
    assert (current(article).status, article.retired_at, article.successor) == ("live", None, None)
    assert "No longer maintained" not in read(article).text


def test_a_version_that_waits_for_its_day_goes_with_the_article(story):
    article = bare.revise(story.published(), actor=story.people["nora"], now=story.tick(), reason="News.")
    Article.objects.update(publish_not_before=story.now + timedelta(days=9), short_answer="New.")
    round = story.round(article=Article.objects.get(pk=article.pk))
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    send("ingrid", article, "remove")
    workflow.publish_scheduled(article, actor=story.people["tom"], now=story.now + timedelta(days=20))
    assert sorted(Publication.objects.values_list("number", "status")) == [(1, "removed"), (2, "superseded")]


# Remove


def test_a_removed_page_answers_410_with_the_reason_and_not_a_word_of_the_text(story):
    article = second(story)
    assert send("ingrid", article, "remove").status_code == 302

    page = read(article)
    assert page.status_code == 410
    assert REASON in page.text
    assert "Ingrid Solberg" in page.text
    assert "noindex" in page.text
    for gone in (article.title, "mm Hg", "Claire Dubois", "For most adults"):
        assert gone not in page.text
    notice = Notice.objects.get()
    assert (notice.kind, notice.text) == ("removal", REASON)
    alone = Client().get(f"/notices/{notice.uuid}/").text
    assert REASON in alone
    assert article.title not in alone


def test_no_row_that_readers_have_keeps_a_word_of_any_version(story):
    article = second(story)
    send("ingrid", article, "remove")
    for row in PublicPage.objects.all():
        assert (row.title, row.short_answer, row.review_line, row.topics) == ("", "", "", [])
        assert "mm Hg" not in row.main_html
        assert article.title not in row.main_html
    assert PublicPage.objects.count() == 2
    assert PublicNotice.objects.count() == 1


def test_a_notice_that_stood_before_names_the_article_no_more(story):
    article = ended(story, second(story), "retracted")
    retraction = Notice.objects.get()
    assert article.title in Client().get(f"/notices/{retraction.uuid}/").text
    send("ingrid", article, "remove")
    assert article.title not in Client().get(f"/notices/{retraction.uuid}/").text
    assert found() == {}


def test_a_removed_article_is_over(story):
    article = ended(story, story.published(), "removed")
    panel = seats(story.people, claire="required")
    for verb in ("revise", "hold", "lift", "retract", "retire", "re_review", "remove"):
        refused = send("ingrid", article, verb, **panel)
        assert refused.status_code == 403, verb


def test_a_removal_without_a_reason_is_asked_for_one(story):
    article = second(story)
    assert send("ingrid", article, "remove", notice=" ").status_code == 422
    story.tick()
    with pytest.raises(Refused, match="Write the notice"):
        lifecycle.remove(article, actor=story.people["ingrid"], now=story.now, notice=" ", proof=story.proof("ingrid"))
    assert current(article).status == "live"


# What readers' caches keep


@pytest.mark.parametrize("how", ["on_hold", "retracted", "retired", "removed"])
def test_an_old_etag_is_never_answered_with_304(how, story):
    article = second(story)
    tag = read(article)["ETag"]
    ended(story, article, how)
    page = read(article, **{"if-none-match": tag})
    assert page.status_code == {"on_hold": 404, "retracted": 200, "retired": 200, "removed": 410}[how]
    if how in ("on_hold", "removed"):
        assert not page.has_header("ETag")
        assert "max-age=0" in page["Cache-Control"]
        assert read(article, **{"if-none-match": "*"}).status_code == page.status_code


def test_a_retired_page_has_an_etag_of_its_own(story):
    article = ended(story, second(story), "retired")
    tag = read(article)["ETag"]
    assert read(article, **{"if-none-match": tag}).status_code == 304


def test_a_withdrawn_signature_changes_the_etag(story):
    article = second(story)
    tag = read(article)["ETag"]
    void(story, article, "claire")
    assert read(article, **{"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("verb", ["restore", "retire", "remove"])
def test_each_page_shows_what_to_know_and_its_form_works(verb, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    values = {"retire": {"reason": "x"}, "remove": {"notice": REASON, "password": PASSWORD}}
    values["restore"] = {"reason": "x", "number": 1, "password": PASSWORD}
    assert "What to know first" in Person("ingrid").client.get(_page(article, verb)).text
    assert Person("ingrid").act(article.pk, verb, **values[verb]).status_code == 302
    event = {"restore": "restored", "retire": "retire", "remove": "remove"}[verb]
    assert AuditEvent.objects.filter(kind=f"publication.{event}").count() == 1


def _page(article: Article, verb: str) -> str:
    return f"/admin/articles/article/{article.pk}/verb/{verb}/"
