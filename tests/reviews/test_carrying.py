"""After an unchanged withdrawal signatures may stand in the next round, as rows of their own."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from articles.models import Article, Publication, PublicPage
from articles.states import ArticleState
from editorial import audit, guards, registry
from editorial.conditions import Refused
from editorial.models import AuditEvent, Credential, ReviewRule
from reviews import carrying, decisions, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewAssignment, ReviewRound, Signature, SignatureVoided
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.panels import opened, states, url_of


def withdrawn(story, *verdicts: tuple[str, str]) -> Article:
    """A round in which these have signed; then it was unlocked, and sent in again without a change."""
    round = opened(story, "claire", "ravi", "ana")
    for username, verdict in verdicts or (("claire", VerdictKind.APPROVE),):
        story.sign(round, username, verdict, comment="A remark.")
    return again(story, round.article)


def again(story, article: Article) -> Article:
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="By mistake.")
    return story.triaged(Article.objects.get(pk=article.pk))


def signed_by(username: str) -> Review:
    return Review.objects.filter(member__user__username=username, carried_from=None).latest("pk")


def reopen(story, article: Article, *carry: str, members: tuple[str, ...] = ("ravi",)) -> ReviewRound:
    article = Article.objects.get(pk=article.pk)
    panel = [story.people[name].board_member for name in members]
    reviews = [signed_by(name) for name in carry]
    return workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=panel, carry=reviews)


def offered(story, article: Article) -> list[str]:
    article = Article.objects.get(pk=article.pk)
    rule = workflow.rule_for(article, now=story.now)
    return [review.member.user.username for review in carrying.offered(article, rule, now=story.now)]


def verified() -> list[audit.Problem]:
    return [*audit.verify(), *(problem for check in registry.checks().values() for problem in check())]


def test_a_signature_is_carried_as_a_row_of_its_own_on_a_complete_seat(story):
    article = withdrawn(story)
    assert offered(story, article) == ["claire"]
    round = reopen(story, article, "claire")
    first, carried = Review.objects.filter(member__user__username="claire").order_by("pk")
    assert (carried.carried_from, carried.digest, carried.verdict) == (first, first.digest, "approve")
    assert (carried.round, carried.signed_at) == (round, first.signed_at)
    assert not Signature.objects.filter(review=carried).exists()
    assert states(round) == {"claire": ("required", "completed"), "ravi": ("required", "accepted")}
    assert AuditEvent.objects.filter(kind="review.carried", subject=round.subject).count() == 1
    assert verified() == []


def test_a_carried_approval_counts_in_the_quorum_and_is_shown_on_the_page(story, client):
    round = reopen(story, withdrawn(story), "claire")
    assert decisions.decision_of(round).approvals == 1
    article = story.sign(round, "ravi")
    assert article.state == ArticleState.UNDER_REVIEW
    story.confirm(article)
    publication = Publication.objects.get()
    shown = {row["name"]: row for row in publication.evidence["signatures"]}
    assert {"Claire Dubois", "Ravi Menon", "Tom Okafor"} == set(shown)
    first = Signature.objects.get(review=signed_by("claire"))
    assert shown["Claire Dubois"]["signed_at"] == first.signed_at.isoformat()
    assert shown["Claire Dubois"]["digest"] == publication.digest
    assert "Claire Dubois" in client.get(f"/articles/{article.slug}/").text
    assert PublicPage.objects.count() == 1
    call_command("verify", stdout=io.StringIO())
    assert verified() == []


def test_when_the_carried_signatures_are_all_that_is_asked_the_editor_confirms(story):
    article = withdrawn(story, ("claire", VerdictKind.APPROVE), ("ravi", VerdictKind.APPROVE_WITH_SUGGESTIONS))
    assert set(offered(story, article)) == {"claire", "ravi"}
    round = reopen(story, article, "claire", "ravi", members=())
    assert decisions.decision_of(round).needs_confirmation
    story.confirm(round.article)
    assert Publication.objects.count() == 1
    assert verified() == []


def test_whoever_is_carried_and_chosen_again_is_not_asked_twice(story):
    round = reopen(story, withdrawn(story), "claire", members=("claire", "ravi"))
    assert round.assignments.filter(member__user__username="claire").count() == 1
    assert states(round)["claire"] == ("required", "completed")


def test_a_carried_review_stands_through_a_second_withdrawal_on_the_first_signature(story):
    article = again(story, reopen(story, withdrawn(story), "claire").article)
    last = Review.objects.filter(member__user__username="claire").latest("pk")
    round = workflow.open_round(
        article,
        actor=story.people["tom"],
        now=story.tick(),
        members=[story.people["ravi"].board_member],
        carry=[last],
    )
    assert round.reviews.get().carried_from == signed_by("claire")
    assert decisions.decision_of(round).approvals == 1
    assert verified() == []


def test_the_signer_may_sign_again_and_the_later_verdict_counts(story):
    round = reopen(story, withdrawn(story), "claire")
    story.sign(round, "claire", VerdictKind.ABSTAIN)
    assert decisions.decision_of(round).approvals == 0
    assert Review.objects.filter(round=round, member__user__username="claire").count() == 2
    assert verified() == []


def test_the_editor_sees_that_it_was_carried_and_when_it_was_signed(story):
    round = reopen(story, withdrawn(story), "claire")
    page = Person("tom").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert "(carried over)" in page
    assert "in round 1, over the same text" in page
    assert "Claire Dubois, MD" in page


def test_a_signature_voided_later_counts_no_more_where_it_was_carried_to(story, people):
    round = reopen(story, withdrawn(story), "claire")
    void(story, people)
    assert decisions.decision_of(round).approvals == 0


# What is never carried


def void(story, people) -> None:
    signature = Signature.objects.get(review=signed_by("claire"))
    SignatureVoided.objects.create(signature=signature, by=people["ingrid"], reason="Not hers.", at=story.tick())


def change_the_text(story, article: Article) -> Article:
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A word.")
    Article.objects.filter(pk=article.pk).update(title="How low should blood pressure really be?")
    return story.triaged(Article.objects.get(pk=article.pk))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s, p, a: void(s, p), "Claire Dubois"),
        (lambda s, p, a: ReviewRule.objects.update(review_days=9), "The rule isn't the one"),
        (lambda s, p, a: Article.objects.filter(pk=a.pk).update(follow_up_required=True), "looked at afresh"),
        (lambda s, p, a: Article.objects.filter(pk=a.pk).update(risk_tier="high"), "The rule isn't the one"),
        (
            lambda s, p, a: Article.objects.filter(pk=a.pk).update(frozen_digest="0" * 64),
            "isn't the one that was signed",
        ),
        (lambda s, p, a: Credential.objects.update(expires_on="2026-03-01"), "Claire Dubois"),
        (lambda s, p, a: p["claire"].groups.clear(), "Claire Dubois"),
        (lambda s, p, a: a.authors.add(p["claire"]), "Claire Dubois"),
        (lambda s, p, a: ReviewRound.objects.update(outcome="changes_requested"), "a round that was withdrawn"),
        (lambda s, p, a: ReviewRound.objects.update(outcome="rejected"), "a round that was withdrawn"),
    ],
)
def test_nothing_is_carried_when_anything_it_rests_on_has_changed(change, reason, story, people):
    article = withdrawn(story)
    change(story, people, article)
    assert offered(story, article) == []
    with pytest.raises(Refused, match=reason):
        reopen(story, article, "claire")
    assert not Review.objects.exclude(carried_from=None).exists()


def test_nothing_is_carried_into_a_reaffirmation(story):
    article = withdrawn(story)
    ReviewRule.objects.filter(change_class="reaffirmation").update(approvals=2, editor_confirms=True)
    Article.objects.filter(pk=article.pk).update(change_class="reaffirmation")
    assert offered(story, article) == []
    with pytest.raises(Refused):
        reopen(story, article, "claire")


def test_nothing_is_carried_over_a_changed_text(story):
    round = opened(story)
    story.sign(round, "claire")
    article = change_the_text(story, round.article)
    assert offered(story, article) == []


def test_nothing_is_carried_from_an_older_round_or_another_article(story):
    article = withdrawn(story)
    article = again(story, reopen(story, article, members=("ravi", "ana")).article)
    assert offered(story, article) == []
    other = opened(story, fields={"title": "Another question?"})
    story.sign(other, "ravi")
    with pytest.raises(Refused, match="can't be carried over"):
        reopen(story, article, "ravi", members=("claire",))


@pytest.mark.parametrize("verdict", [VerdictKind.ABSTAIN, VerdictKind.SAFETY_OBJECTION])
def test_only_approvals_are_carried(verdict, story):
    article = withdrawn(story, ("claire", VerdictKind.APPROVE), ("ana", verdict))
    assert offered(story, article) == ["claire"]


def test_the_last_verdict_of_a_member_is_what_counts(story):
    round = opened(story, "claire", "ravi", "ana")
    story.sign(round, "claire", VerdictKind.APPROVE)
    story.sign(round, "claire", VerdictKind.ABSTAIN)
    assert offered(story, again(story, round.article)) == []


def test_without_a_tick_nothing_is_carried(story):
    round = reopen(story, withdrawn(story), members=("claire", "ravi"))
    assert not round.reviews.exists()
    assert states(round)["claire"] == ("required", "accepted")


# On the page


def test_the_editor_ticks_whom_to_carry(story):
    article, tom = withdrawn(story), Person("tom")
    page = tom.client.get(url_of(article)).text
    assert "Signatures to carry over" in page
    assert "Claire Dubois, MD: Approve this text as it stands, 2 March 2026" in page
    done = tom.act(article.pk, "open_round", carry=signed_by("claire").pk)
    assert done.status_code == 302, done.text
    assert Review.objects.exclude(carried_from=None).count() == 1


@pytest.mark.parametrize("value", ["zz", "9" * 40, "-1", "0"])
def test_a_signature_that_is_not_offered_is_a_form_error(value, story):
    article = withdrawn(story)
    assert Person("tom").act(article.pk, "open_round", carry=value).status_code == 422
    assert ReviewRound.objects.count() == 1


def test_the_carried_member_reads_what_they_signed_and_signs_nothing_again(story):
    round = reopen(story, withdrawn(story), "claire")
    page = Person("claire").client.get(story.seat(round, "claire").get_absolute_url())
    assert page.status_code == 200
    assert "You have signed this text" in page.text
    assert PASSWORD not in page.text


# Verification


def test_verification_finds_a_carried_row_that_stands_on_nothing(story):
    round = reopen(story, withdrawn(story), "claire")
    with guards_lifted():
        Review.objects.filter(round=round).update(digest="0" * 64)
    assert any("doesn't cover it" in problem.message for problem in verified())


def test_verification_finds_a_carried_row_from_a_round_that_was_not_withdrawn(story):
    reopen(story, withdrawn(story), "claire")
    ReviewRound.objects.filter(number=1).update(outcome="changes_requested")
    assert any("doesn't cover it" in problem.message for problem in verified())


def test_verification_finds_a_carried_row_that_nobody_recorded(story):
    article = withdrawn(story)
    round = reopen(story, article, members=("claire", "ravi"))
    first, seat = signed_by("claire"), ReviewAssignment.objects.get(round=round, member__user__username="claire")
    Review.objects.create(
        assignment=seat,
        round=round,
        member=seat.member,
        digest=round.digest,
        verdict="approve",
        carried_from=first,
        signed_at=first.signed_at,
    )
    assert any("no event recorded this row" in problem.message for problem in verified())


@contextmanager
def guards_lifted() -> Iterator[None]:
    guards.remove()
    try:
        yield
    finally:
        guards.install()
