"""What the review page shows, and what pressing its buttons does."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import content
from articles import workflow as bare
from articles.models import Article
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ConflictDeclaration, Review, ReviewAssignment, ReviewRound, Signature
from tests.desk import Person, checked


def url_of(story, round, who: str = "claire") -> str:
    return f"/admin/reviews/{story.seat(round, who).pk}/"


def unlocked(story, people, round, old: str, new: str) -> Article:
    """The text with other words, in the next round."""
    article = workflow.withdraw(Article.objects.get(), actor=people["tom"], now=story.tick(), reason="A number.")
    variant = article.variants.get()
    variant.body = variant.body.replace(old, new)
    variant.save()
    return article


def test_no_conflict_is_one_press(story):
    round = story.round()
    page = Person("claire").client.get(url_of(story, round)).text
    assert 'name="answer" value="none">No conflict of interest</button>' in page
    assert Person("claire").fill(url_of(story, round), having="disclosure", answer="none").status_code == 302
    assert ConflictDeclaration.objects.get().has_conflict is False


def test_a_disclosure_for_readers_goes_with_no_conflict(story):
    round = story.round()
    Person("claire").fill(url_of(story, round), having="disclosure", answer="none", disclosure="Lectured for X.")
    assert ConflictDeclaration.objects.get().disclosure == "Lectured for X."


def test_saying_yes_asks_what_it_is_and_changes_nothing_yet(story):
    round = story.round()
    claire = Person("claire")
    page = claire.client.get(f"{url_of(story, round)}?conflict=yes").text
    assert 'name="details"' in page
    assert "Step back from this article" in page
    assert not ConflictDeclaration.objects.exists()
    assert story.seat(round, "claire").is_open


def test_a_declaration_without_an_answer_is_asked_for_one(story):
    round = story.round()
    refused = Person("claire").fill(url_of(story, round), having="disclosure", declare="1")
    assert refused.status_code == 422
    assert "Answer with one of the two buttons" in refused.text
    assert not ConflictDeclaration.objects.exists()


def test_a_conflict_without_a_word_keeps_asking_for_it(story):
    round = story.round()
    refused = Person("claire").fill(url_of(story, round), having="disclosure", answer="conflict", details="")
    assert refused.status_code == 403
    assert 'name="details"' in refused.text


def invited(story, round, who: str) -> ReviewAssignment:
    """The seat as a policy that asks for an answer gives it out."""
    ReviewAssignment.objects.filter(pk=story.seat(round, who).pk).update(state="invited")
    return ReviewAssignment.objects.get(pk=story.seat(round, who).pk)


def test_declaring_accepts_an_invitation_and_a_conflict_does_not(story):
    round = story.round()
    for who in ("claire", "ravi"):
        invited(story, round, who)
    story.declare(round, "claire")
    story.declare(round, "ravi", has_conflict=True, details="Shares.")
    assert (story.seat(round, "claire").state, story.seat(round, "ravi").state) == ("accepted", "recused")
    accepted = AuditEvent.objects.filter(kind="assignment.accepted").values_list("subject", flat=True)
    assert list(accepted) == [story.seat(round, "claire").subject]


def test_signing_accepts_an_invitation_too(story):
    round = story.round()
    story.declare(round, "claire")
    seat = invited(story, round, "claire")
    assert ">Accept</a>" in Person("claire").client.get(url_of(story, round)).text
    story.sign(round, "claire")
    assert ReviewAssignment.objects.get(pk=seat.pk).state == "completed"
    assert AuditEvent.objects.filter(kind="assignment.accepted", subject=seat.subject).count() == 1


def test_a_waiting_alternate_is_asked_nothing_and_signs_nothing(story):
    round = story.round()
    ReviewAssignment.objects.filter(pk=story.seat(round, "claire").pk).update(seat="alternate", state="invited")
    claire = Person("claire")
    page = claire.client.get(url_of(story, round))
    assert page.status_code == 404
    assert "No conflict of interest" not in page.text
    stamp = {"stamp": round.article.stamp, "request_id": "6f9619ff-8b86-4d11-b42d-00c04fc964ff"}
    for form in ({"answer": "none"}, {"verdict": "approve", "password": PASSWORD, **checked(round)}):
        refused = claire.client.post(url_of(story, round), {**stamp, **form})
        assert refused.status_code == 404
    assert not ConflictDeclaration.objects.exists()
    assert not Review.objects.exists()


def test_a_first_round_has_nothing_to_compare_with(story):
    page = Person("claire").client.get(url_of(story, story.round())).text
    assert "What changed since" not in page


def test_the_difference_since_the_last_approval_stands_before_the_text(story, people):
    article = story.published()
    revise(article, people, story)
    round = story.round(article=Article.objects.get())
    page = Person("claire").client.get(url_of(story, round)).text
    assert "What changed since the last approval (version 1)" in page
    assert page.index("What changed since the last approval") < page.index('data-place="clinician"')
    assert "<del>" in page
    assert "your last review" not in page


def revise(article, people, story) -> None:
    bare.revise(article, actor=people["nora"], now=story.tick(), reason="A new trial.")
    variant = article.variants.get()
    variant.body = variant.body.replace("strokes", "heart failure")
    variant.save()


def test_the_difference_since_ones_own_last_review_of_an_unpublished_text(story, people):
    first = story.round()
    story.sign(first, "claire")
    second = story.round(article=unlocked(story, people, first, "strokes", "heart failure"))
    page = Person("claire").client.get(url_of(story, second)).text
    assert "What changed since your last review (round 1, 2 March 2026)" in page
    assert "strokes" in page
    other = Person("ravi").client.get(url_of(story, second, "ravi")).text
    assert "What changed since your last review" not in other


def test_the_same_text_again_is_said_in_words(story, people):
    first = story.round()
    story.sign(first, "claire")
    second = story.round(article=unlocked(story, people, first, "strokes", "strokes"))
    assert "it is the same text, to the last character" in Person("claire").client.get(url_of(story, second)).text


def test_a_text_that_was_not_kept_is_said_in_words(story, people):
    first = story.round()
    story.sign(first, "claire")
    ReviewRound.objects.update(snapshot="")
    second = story.round(article=unlocked(story, people, first, "strokes", "heart failure"))
    assert "That text wasn&#x27;t kept" in Person("claire").client.get(url_of(story, second)).text


@pytest.mark.parametrize("who", ["claire", "ravi", "tom"])
def test_a_signature_shows_name_credentials_meaning_time_and_digest_wherever_it_stands(who, story):
    round = story.round()
    story.sign(round, "claire")
    story.sign(round, "ravi", "approve_with_suggestions")
    url = f"/admin/articles/article/{round.article_id}/change/" if who == "tom" else url_of(story, round, who)
    page = Person(who).client.get(url).text
    signature = Signature.objects.get(signer__username="claire")
    assert "Claire Dubois, MD" in page
    assert "I reviewed this text and approve it for publication." in page
    assert f"SHA-256 {signature.digest}" in page
    assert signature.signed_at.strftime("%-d %B %Y, %H:%M UTC") in page


def test_the_author_reads_signed_reviews_by_number_with_meaning_and_digest(story):
    round = story.round()
    story.sign(round, "ravi", "approve_with_suggestions", comment="Good.", private_note="Secret canary.")
    page = Person("nora").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert "Reviewer 2" in page
    assert "I suggest improvements" in page
    assert round.digest in page
    for hidden in ("Ravi", "Secret canary."):
        assert hidden not in page


def test_a_wrong_password_keeps_the_checklist_too(story):
    round = story.round()
    story.declare(round, "claire")
    claire = Person("claire")
    values = {**checked(round), "verdict": "approve", "private_note": "Between us.", "comment": "Clear."}
    refused = claire.fill(url_of(story, round), having="password", password="wrong", sign="1", **values)
    assert refused.status_code == 403
    assert len(re.findall(r'value="yes"[^>]*checked', refused.text)) == len(checked(round))
    assert "Between us." in refused.text


def test_a_stale_form_can_be_sent_again_as_it_is_shown(story):
    round = story.round()
    story.declare(round, "claire")
    claire, url = Person("claire"), url_of(story, round)
    values = {**checked(round), "verdict": "approve", "password": PASSWORD, "sign": "1"}
    stale = claire.fill(url, having="password", **{**values, "stamp": "under_review.0.abc"})
    assert stale.status_code == 409
    stamp = Article.objects.get().stamp
    assert f'name="stamp" value="{stamp}"' in stale.text
    assert "under_review.0.abc" not in stale.text


def test_the_page_asks_no_more_of_the_database_with_more_rounds_behind_it(story, people):
    round, counts = story.round(), []
    for number in range(3):
        story.sign(round, "claire")
        round = story.round(article=unlocked(story, people, round, "strokes", f"strokes {number}"))
        story.declare(round, "claire")
        client = Person("claire").client
        client.get(url_of(story, round))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url_of(story, round)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_nobody_signs_words_of_a_page_that_they_were_not_shown(story, people):
    """Byline, topics, where and until when it holds, what is said of a change, why a retracted source stands."""
    article = story.draft()
    article.citations.filter(key="sprint").update(cited_because_retracted=True, rationale="Read for its history.")
    values = {"byline": "Ada Byron, MD\nJo Doe", "region": "Norway", "literature_current_to": date(2026, 1, 31)}
    article = story.edit(article, note="Nobody need fear it.", conclusions_changed=True, **values)
    round = story.round(article=article)
    assert content.parse(round.snapshot)["byline"][0]["credentials"] == "MD"
    page = Person("claire").client.get(url_of(story, round)).text
    for words in (
        *("Ada Byron, MD; Jo Doe", "<dd>Hypertension</dd>", "<dd>Norway</dd>", "<dd>en</dd>", "31 January 2026"),
        *("Nobody need fear it.", "The conclusions changed.", "Read for its history."),
    ):
        assert words in page, words
