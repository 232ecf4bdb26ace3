"""A typographic version shows the review that happened, and stands on it."""

from datetime import timedelta

import pytest
from django.test import Client

from articles.models import Article, Publication, PublicPage
from articles.projection import policy_pages
from editorial.conditions import Refused
from editorial.models import ReviewRule
from reviews import decisions, workflow
from reviews.models import Signature
from tests.desk import Person
from tests.editorial.test_verify import found, tamper
from tests.reviews.later import current, hold, read, revised, round_of, typographic, void

WORDS = ("recommended for most", "advised for most")


@pytest.fixture
def reviewed(story) -> Article:
    """Published with two signatures and an editor's confirmation, a month ago."""
    article = story.published()
    story.now += timedelta(days=30)
    return article


def test_it_keeps_the_days_of_the_review_and_shows_a_new_day_of_update(story, reviewed):
    first = current(reviewed)
    second = current(typographic(story, reviewed))

    assert (second.number, second.basis, second.reviewed_version) == (2, "carried", 1)
    assert (second.last_reviewed, second.next_review_due) == (first.last_reviewed, first.next_review_due)
    assert (second.submitted_on, second.review_opened_on) == (first.submitted_on, first.review_opened_on)
    assert second.last_updated == first.last_updated + timedelta(days=30)
    assert found() == {}


def test_it_names_the_reviewers_of_the_version_that_was_reviewed_and_who_confirmed(story, reviewed):
    first = current(reviewed)
    second = current(typographic(story, reviewed))

    assert second.evidence["reviewers"] == first.evidence["reviewers"]
    assert [s["name"] for s in second.evidence["signatures"]] == [
        "Claire Dubois",
        "Ravi Menon",
        "Tom Okafor",
        "Lena Brandt",
    ]
    assert {s["digest"] for s in second.evidence["signatures"]} == {first.digest, second.digest}
    page = read(reviewed).text
    assert "(version 1)" in page
    assert "The physicians signed version 1." in page
    assert "a second editor" in page


def test_it_says_nothing_in_words_that_no_reviewer_read(story, reviewed):
    article = revised(story, reviewed, "typographic", replace=("recommended for most", "recommended  for most"))
    article = workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="The note.")
    article = story.triaged(story.edit(article, note="New: it is safe in pregnancy."))
    assert article.change_class == "typographic"
    round_of(story, article)
    story.confirm(article, "lena")
    second = current(article)
    assert (second.basis, second.change_note) == ("carried", "Typing alone: no word changed its meaning.")
    for rest in ("", "history/", "v/2/changes/"):
        answer = Client().get(f"/articles/{article.slug}/{rest}")
        assert answer.status_code == 200, rest
        assert "pregnancy" not in answer.text


def test_a_second_one_still_stands_on_the_version_that_was_reviewed(story, reviewed):
    typographic(story, reviewed)
    third = current(typographic(story, reviewed, replace=("In one large", "In one  large")))
    assert (third.number, third.reviewed_version) == (3, 1)
    assert "Lena Brandt" in [s["name"] for s in third.evidence["signatures"]]
    assert len(third.evidence["signatures"]) == 4
    assert found() == {}


def test_an_editor_who_typed_it_does_not_confirm_it(story, reviewed):
    article = revised(story, reviewed, "typographic", replace=("recommended for", "recommended  for"))
    variant = article.variants.get()
    history = variant.history.first()
    history.history_user = story.people["lena"]
    history.save()
    round_of(story, article)
    with pytest.raises(Refused, match="You contributed"):
        story.confirm(article, "lena")


def test_a_change_of_words_is_not_carried_even_if_its_round_says_typographic(story, reviewed):
    article = revised(story, reviewed, "typographic", replace=WORDS)
    with pytest.raises(Refused, match=r"“typographic” is too light"):
        round_of(story, article)
    Article.objects.filter(pk=article.pk).update(change_class="correction")
    round = round_of(story, Article.objects.get(), "claire")
    round.rule = {**round.rule, "change_class": "typographic", "approvals": 0, "in_specialty": 0}
    round.save()
    with pytest.raises(Refused, match=r"“typographic” is too light"):
        story.confirm(Article.objects.get(), "lena")
    assert current(reviewed).number == 1


def test_it_never_replaces_a_page_that_was_taken_off_the_site(story, reviewed):
    article = revised(story, reviewed, "typographic", replace=("recommended for", "recommended  for"))
    round_of(story, article)
    hold(story, Article.objects.get())
    with pytest.raises(Refused, match=r"“typographic” is too light for this change. The page was taken off the site"):
        story.confirm(Article.objects.get(), "lena")
    assert read(reviewed).status_code == 404


def test_the_vote_of_a_small_board_is_kept_when_the_page_was_taken_down_meanwhile(story, reviewed):
    ReviewRule.objects.filter(change_class="typographic").update(approvals=1, editor_confirms=False)
    article = revised(story, reviewed, "typographic", replace=("recommended for", "recommended  for"))
    round = round_of(story, article, "eva")
    hold(story, Article.objects.get())
    assert story.sign(round, "eva").state == "under_review"
    assert Signature.objects.filter(round=round).count() == 1


def test_on_a_small_board_any_member_signs_it_and_becomes_no_reviewer(story, reviewed):
    ReviewRule.objects.filter(change_class="typographic").update(approvals=1, editor_confirms=False, in_specialty=0)
    policy_pages.project()
    article = revised(story, reviewed, "typographic", replace=("recommended for", "recommended  for"))
    round = round_of(story, article, "eva")
    story.sign(round, "eva")
    second = current(reviewed)
    assert second.basis == "carried"
    assert [person["name"] for person in second.evidence["reviewers"]] == ["Claire Dubois", "Ravi Menon"]
    assert found() == {}


def test_it_loses_its_quorum_when_a_signature_under_the_reviewed_version_is_withdrawn(story, reviewed):
    typographic(story, reviewed)
    assert decisions.lacking_today(current(reviewed)) == ()
    article = void(story, reviewed, "claire")
    assert "1 more approval" in decisions.lacking_today(current(reviewed))
    assert article.quorum_lost_at == story.now


def test_verify_finds_a_carried_version_whose_difference_is_more_than_typing(story, reviewed):
    article = revised(story, reviewed, "correction", replace=WORDS)
    round = round_of(story, article, "claire")
    story.sign(round, "claire")
    tamper("UPDATE articles_publication SET basis = 'carried', reviewed_version = 1 WHERE number = %s", 2)
    problems = found()
    assert set(problems) == {"audit chain", "quorums", "pages"}
    assert "a difference to version 1 that is only typographic" in problems["quorums"][0][1]


def test_verify_finds_a_carried_version_whose_reviewed_version_is_gone(story, reviewed):
    typographic(story, reviewed)
    tamper("UPDATE articles_publication SET reviewed_version = 7 WHERE number = %s", 2)
    assert "an earlier version that was reviewed" in found()["quorums"][0][1]


def test_a_second_editor_confirms_it_over_http(story, reviewed):
    article = revised(story, reviewed, "typographic", replace=("recommended for", "recommended  for"))
    round_of(story, article)
    assert Person("claire").force(article, "confirm", password="correct horse battery").status_code == 404
    assert Person("lena").act(article.pk, "confirm", password="correct horse battery").status_code == 302
    assert PublicPage.objects.get(is_current=True).number == 2


def test_a_correction_gets_a_new_day_of_review(story, reviewed):
    article = revised(story, reviewed, "correction", replace=WORDS)
    round = round_of(story, article, "claire")
    story.sign(round, "claire")
    second = current(reviewed)
    assert (second.basis, second.reviewed_version, second.change_class) == ("signed", 2, "correction")
    assert second.last_reviewed == second.last_updated > Publication.objects.get(number=1).last_reviewed
    assert found() == {}


def test_workflow_offers_what_it_names():
    assert all(hasattr(workflow, name) for name in workflow.__all__)
