"""The act of signing: fresh proof, one's own seat, the very text that was read, once."""

import uuid
from datetime import timedelta

import pytest

from articles.models import Article
from editorial import reauth
from editorial.conditions import MovedOn, Refused
from editorial.models import AuditEvent, HandledRequest, OutboxMessage, PersonalText
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ConflictDeclaration, Review, ReviewAssignment, Signature
from tests.desk import Person, checked


@pytest.fixture
def round(story):
    """Claire has declared and is about to sign; Ravi has not come yet."""
    round = story.round()
    story.declare(round, "claire")
    return round


def url_of(seat: ReviewAssignment) -> str:
    return f"/admin/reviews/{seat.pk}/"


def sign(person: Person, seat: ReviewAssignment, **values):
    """Send the signing form as the page would, without asking the page first."""
    stamp = Article.objects.get(pk=seat.round.article_id).stamp
    form = {"stamp": stamp, "request_id": uuid.uuid4(), "verdict": "approve", "password": PASSWORD, "sign": "1"}
    return person.client.post(url_of(seat), {**form, **checked(seat.round), **values})


def all_yes(round) -> dict[str, str]:
    return {item["code"]: "yes" for item in round.rule["checklist"]}


def sign_with(story, round, proof, **values):
    seat = story.seat(round, "claire")
    values = {"verdict": "approve", "assignment": seat, "checklist": all_yes(round), **values}
    return workflow.sign_review(round.article, actor=story.people["claire"], now=story.now, proof=proof, **values)


def test_a_signature_says_who_what_when_and_as_what(story, people, round):
    seat = story.seat(round, "claire")
    assert sign(Person("claire"), seat, comment="Clear.", private_note="Watch the second paragraph.").status_code == 302
    signature = Signature.objects.get()
    assert (signature.shown_name, signature.shown_credentials) == ("Claire Dubois", "MD")
    assert signature.shown_specialties == ["Cardiology"]
    assert signature.affiliation == "Hôpital Saint-Roch"
    assert signature.meaning == "I reviewed this text and approve it for publication."
    assert signature.digest == signature.review.digest == round.digest
    assert signature.proof == "password"
    assert signature.standing["roles"] == ["board member"]
    assert [credential["specialty"] for credential in signature.standing["credentials"]] == ["cardiology"]
    event = AuditEvent.objects.get(kind="review.signed")
    assert round.digest in event.body
    assert "Watch the second paragraph." not in event.body
    assert PersonalText.objects.get().text == "Watch the second paragraph."


@pytest.mark.parametrize(
    ("verdict", "meaning"),
    [
        ("approve_with_suggestions", "I reviewed this text and approve it for publication; I suggest improvements."),
        ("abstain", "I looked at this text and abstain from judging it."),
    ],
)
def test_each_verdict_has_a_meaning_of_its_own(verdict, meaning, story, round):
    story.sign(round, "claire", verdict)
    assert Signature.objects.get().meaning == meaning


def test_the_credentials_on_a_signature_outlive_the_licence(story, people, round):
    story.sign(round, "claire")
    people["claire"].board_member.credentials.update(letters="None", expires_on="2026-03-03")
    people["claire"].last_name = "Married"
    people["claire"].save()
    assert str(Signature.objects.get()) == "Claire Dubois, MD"
    story.confirm(story.sign(round, "ravi"))
    assert Article.objects.get().state == "approved"


def test_a_wrong_password_signs_nothing_keeps_what_was_written_and_is_recorded(story, round):
    events = AuditEvent.objects.count()
    refused = sign(Person("claire"), story.seat(round, "claire"), password="wrong", comment="Written with care.")
    assert refused.status_code == 403
    assert "That password isn" in refused.text
    assert "Written with care." in refused.text
    assert "wrong" not in refused.text
    assert not Review.objects.exists()
    assert AuditEvent.objects.count() == events + 1
    assert AuditEvent.objects.last().kind == "proof.refused"


def test_signing_without_a_password_is_asked_for_one(story, round):
    assert sign(Person("claire"), story.seat(round, "claire"), password="").status_code == 422
    assert not Review.objects.exists()


@pytest.mark.parametrize("age", [timedelta(seconds=61), timedelta(days=1), timedelta(seconds=-1)])
def test_a_proof_older_than_a_minute_or_from_the_future_is_no_proof(age, story, people, round):
    proof = reauth.Proof(user_id=people["claire"].pk, at=story.now - age)
    with pytest.raises(Refused, match="the proof is missing or older than a minute"):
        sign_with(story, round, proof)
    assert not Review.objects.exists()


def test_a_proof_of_exactly_a_minute_holds(story, people, round):
    sign_with(story, round, reauth.Proof(user_id=people["claire"].pk, at=story.now - timedelta(seconds=60)))
    assert Review.objects.count() == 1


def test_another_persons_proof_and_no_proof_at_all_are_refused(story, round):
    for proof in (None, story.proof("ravi")):
        with pytest.raises(Refused, match="Type your password to sign"):
            sign_with(story, round, proof)
    assert not Review.objects.exists()


def test_somebody_elses_seat_is_as_if_it_were_not_there(story, round):
    seat = story.seat(round, "ravi")
    claire = Person("claire")
    missing = claire.client.get("/admin/reviews/999999/")
    for answer in (claire.client.get(url_of(seat)), sign(claire, seat)):
        assert answer.status_code == 404
        assert answer.content == missing.content
    for person in ("tom", "nora", "ana"):
        assert sign(Person(person), seat).status_code == 404
    assert not Review.objects.exists()


def test_a_seat_on_another_article_signs_nothing_here(story, people, round):
    other = story.round(title="Another question?")
    story.declare(other, "claire")
    with pytest.raises(Refused, match="This seat belongs to another article"):
        sign_with(story, round, story.proof("claire"), assignment=story.seat(other, "claire"))
    assert not Review.objects.exists()


@pytest.mark.parametrize("verdict", ["changes_needed", "safety_objection"])
def test_whoever_asks_for_changes_or_objects_says_why(verdict, story, round):
    refused = sign(Person("claire"), story.seat(round, "claire"), verdict=verdict, comment="  ")
    assert refused.status_code == 422
    assert "Say what has to change" in refused.text
    with pytest.raises(Refused, match="Say what has to change"):
        sign_with(story, round, story.proof("claire"), verdict=verdict)
    assert not Review.objects.exists()


def test_a_verdict_that_does_not_exist_is_refused(story, round):
    assert sign(Person("claire"), story.seat(round, "claire"), verdict="approve_all").status_code == 422
    assert not Review.objects.exists()


def test_a_nul_character_and_a_flood_of_text_are_form_errors(story, round):
    claire, seat = Person("claire"), story.seat(round, "claire")
    for comment in ("a\x00b", "x" * 20_001):
        assert sign(claire, seat, comment=comment).status_code == 422
    assert not Review.objects.exists()


def test_the_same_form_sent_twice_signs_once(story, round):
    claire, seat, same = Person("claire"), story.seat(round, "claire"), uuid.uuid4()
    mails = OutboxMessage.objects.count()
    for _click in range(2):
        assert sign(claire, seat, request_id=same).status_code == 302
    assert Review.objects.count() == Signature.objects.count() == 1
    assert AuditEvent.objects.filter(kind="review.signed").count() == 1
    assert HandledRequest.objects.filter(request=same).count() == 1
    assert OutboxMessage.objects.count() == mails


def test_the_same_declaration_sent_twice_is_one(story):
    round = story.round()
    claire, seat = Person("claire"), story.seat(round, "claire")
    form = {**claire.fields(url_of(seat), having="disclosure"), "answer": "none"}
    for _click in range(2):
        assert claire.client.post(url_of(seat), form).status_code == 302
    assert ConflictDeclaration.objects.count() == 1


def test_a_second_thought_is_another_review_and_both_are_kept(story, round):
    claire, seat = Person("claire"), story.seat(round, "claire")
    assert sign(claire, seat).status_code == 302
    assert sign(claire, seat, verdict="abstain").status_code == 302
    assert list(Review.objects.order_by("id").values_list("verdict", flat=True)) == ["approve", "abstain"]
    article = story.sign(round, "ravi")
    refused = Person("tom").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "1 more approval" in refused.text


def test_a_stale_stamp_is_told_that_the_article_moved_on(story, round):
    answer = sign(Person("claire"), story.seat(round, "claire"), stamp="under_review.0.abc", comment="With care.")
    assert answer.status_code == 409
    assert "This moved on since you opened it" in answer.text
    assert "With care." in answer.text
    assert not Review.objects.exists()


def test_two_editors_triage_from_the_same_page_and_the_second_is_told(story, people):
    article = story.submitted()
    tom, lena = Person("tom"), Person("lena")
    specialty = people["claire"].board_member.credentials.get().specialty_id
    values = {"specialty": specialty, "handling_editor": people["tom"].pk}
    url = f"/admin/articles/article/{article.pk}/verb/triage/"
    opened = {**lena.fields(url, having="stamp"), **values, "risk_tier": "high"}
    assert tom.act(article.pk, "triage", **values, risk_tier="low").status_code == 302
    late = lena.client.post(url, opened)
    assert late.status_code == 409
    assert "moved on" in late.text
    assert Article.objects.get().risk_tier == "low"


def test_a_text_withdrawn_while_it_was_read_is_not_signed(story, people, round):
    claire, seat = Person("claire"), story.seat(round, "claire")
    form = {**claire.fields(url_of(seat), having="password"), "verdict": "approve", "password": PASSWORD, "sign": "1"}
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A wrong number.")
    answer = claire.client.post(url_of(seat), form)
    assert answer.status_code in (403, 409)
    assert "This round is closed. Thank you." in answer.text
    assert not Review.objects.exists()


def test_a_seat_of_the_last_round_signs_nothing_in_the_next(story, people, round):
    first = story.seat(round, "claire")
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A wrong number.")
    second = story.round(article=Article.objects.get())
    answer = sign(Person("claire"), first)
    assert answer.status_code == 403
    assert "This round is closed" in answer.text
    assert story.seat(second, "claire").state == "accepted"
    assert not Review.objects.exists()


def test_a_text_that_is_not_the_rounds_text_any_more_is_not_signed(story, round):
    Article.objects.update(frozen_digest="0" * 64)
    answer = sign(Person("claire"), story.seat(round, "claire"))
    assert answer.status_code == 403
    assert "The text changed since this round was opened." in answer.text
    assert not Review.objects.exists()


def test_approval_is_void_when_one_character_changes(story, people, round):
    story.sign(round, "claire")
    article = workflow.withdraw(Article.objects.get(), actor=people["tom"], now=story.tick(), reason="A comma.")
    variant = article.variants.get()
    variant.body = variant.body.replace("trial, treating", "trial; treating")
    variant.save()
    second = story.round(article=article)
    assert second.digest != round.digest
    refused = Person("tom").force(second.article, "confirm", password=PASSWORD)
    assert "2 more approvals" in refused.text
    assert Article.objects.get().state == "under_review"


def test_the_verb_itself_refuses_a_stale_stamp(story, round):
    with pytest.raises(MovedOn, match="it is now “Under review”"):
        sign_with(story, round, story.proof("claire"), expected="submitted.0.")


def test_nobody_sees_what_others_signed_before_signing_too(story, round):
    story.sign(round, "claire", comment="Claire's own thought.")
    ravi, seat = Person("ravi"), story.seat(round, "ravi")
    assert "Claire&#x27;s own thought." not in ravi.client.get(url_of(seat)).text
    story.sign(round, "ravi")
    assert "Claire&#x27;s own thought." in ravi.client.get(url_of(seat)).text


@pytest.mark.parametrize(("first", "last", "shown"), [("C" * 150, "D" * 150, 301), ("C" * 100, "D" * 100, 201)])
def test_a_name_longer_than_a_signature_shows_is_refused_in_words_before_anything_is_written(
    first, last, shown, story, people, round
):
    type(people["claire"]).objects.filter(pk=people["claire"].pk).update(first_name=first, last_name=last)
    people["claire"].refresh_from_db()
    with pytest.raises(Refused, match=f"have {shown} characters; a signature shows 200 at most"):
        story.sign(round, "claire")
    assert not Signature.objects.exists()
