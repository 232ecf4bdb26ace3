"""Two people at once, over and over; and the same with the lock taken away."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import Model

from articles.models import Article, Publication
from articles.states import ArticleState, PublicationStatus
from editorial import verbs
from editorial.conditions import Refused
from editorial.reauth import Proof
from reviews import workflow
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.states import RoundOutcome, VerdictKind
from tests.faults import racing
from tests.faults.racing import DONE

RACES = 25
UNLOCKED_RACES = 20

pytestmark = [
    pytest.mark.races,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races"),
]


@pytest.fixture
def votes(transactional_db, story):
    """Two members who sign at once a round in which nobody has signed; the second approval publishes."""
    racing.no_limits(editor_confirms=False)
    round = story.round("claire", "ravi")
    for name in ("claire", "ravi"):
        story.declare(round, name)
    return round, signer(story, "claire"), signer(story, "ravi")


@pytest.fixture
def decisions(transactional_db, story):
    """An editor who confirms and one who withdraws at once a round in which everybody has approved."""
    racing.no_limits(editor_confirms=True)
    round = story.round("claire", "ravi")
    for name in ("claire", "ravi"):
        story.sign(round, name)
    now = story.tick()
    tom, lena = story.people["tom"], story.people["lena"]

    def confirm(round: ReviewRound) -> None:
        workflow.confirm(round.article, actor=tom, now=now, proof=Proof(tom.pk, now))

    def withdraw(round: ReviewRound) -> None:
        workflow.withdraw(round.article, actor=lena, now=now, reason="A newer trial came out.")

    return round, confirm, withdraw


def signer(story, username: str) -> racing.Act:
    user, now = story.people[username], story.tick()

    def sign(round: ReviewRound) -> None:
        seat = ReviewAssignment.objects.get(round=round, member__user=user)
        workflow.sign_review(
            round.article,
            actor=user,
            now=now,
            assignment=seat,
            verdict=VerdictKind.APPROVE,
            checklist={item["code"]: "yes" for item in round.rule["checklist"]},
            proof=Proof(user.pk, now),
        )

    return sign


def ending(round: ReviewRound) -> tuple[str, str, list[str], int]:
    """How a race ended: the article's state, the round's outcome, the publications' statuses, how many reviews."""
    article = Article.objects.get(pk=round.article_id)
    statuses = list(Publication.objects.filter(article=article).values_list("status", flat=True))
    outcome = ReviewRound.objects.get(pk=round.pk).outcome
    return str(article.state), outcome, statuses, Review.objects.filter(round=round).count()


APPROVED = (ArticleState.APPROVED.value, RoundOutcome.APPROVED.value, [PublicationStatus.LIVE.value], 2)
WITHDRAWN = (ArticleState.DRAFT.value, RoundOutcome.WITHDRAWN.value, [], 2)


def test_two_last_votes_at_once_approve_and_publish_every_article_once(votes, capsys):
    original, claire, ravi = votes
    rounds = racing.copies(original, RACES)
    outcomes = racing.run(rounds, claire, ravi)

    tell(capsys, f"two last votes at once: {len(outcomes)} races")
    assert [pair for pair in outcomes if pair != (DONE, DONE)] == []
    assert [ending(round) for round in rounds] == [APPROVED] * RACES
    assert racing.problems() == []
    assert not racing.chain_has_gaps()


def test_confirming_against_withdrawing_has_exactly_one_winner(decisions, capsys):
    original, confirm, withdraw = decisions
    rounds = racing.copies(original, RACES)
    outcomes = racing.run(rounds, confirm, withdraw)

    wins = Counter("confirm" if pair[0].done else "withdraw" for pair in outcomes)
    tell(capsys, f"confirm against withdraw: {len(outcomes)} races, won by {dict(wins)}")
    assert [pair for pair in outcomes if pair[0].done == pair[1].done] == []
    assert [pair for pair in outcomes if pair[0].error or pair[1].error] == []
    expected = [APPROVED if pair[0].done else WITHDRAWN for pair in outcomes]
    assert [ending(round) for round in rounds] == expected
    assert racing.problems() == []
    assert not racing.chain_has_gaps()


def test_without_the_lock_two_last_votes_leave_articles_stuck(votes, monkeypatch, capsys):
    original, claire, ravi = votes
    rounds = racing.copies(original, UNLOCKED_RACES)
    monkeypatch.setattr(verbs, "_lock", racing.unlocked)
    outcomes = racing.run(rounds, claire, ravi)

    stuck = [round for round in rounds if ending(round)[0] == ArticleState.UNDER_REVIEW]
    failed = [pair for pair in outcomes if pair != (DONE, DONE)]
    tell(capsys, f"without the lock: {len(stuck)} of {len(rounds)} articles stuck, {len(failed)} votes lost or failed")
    assert stuck or failed


def test_without_the_lock_only_the_second_belt_stops_confirming_and_withdrawing(decisions, monkeypatch, capsys):
    original, confirm, withdraw = decisions
    rounds = racing.copies(original, UNLOCKED_RACES)
    monkeypatch.setattr(verbs, "_lock", racing.unlocked)
    outcomes = racing.run(rounds, confirm, withdraw)

    collided = [pair for pair in outcomes if "ConcurrentTransition" in pair[0].error + pair[1].error]
    tell(capsys, f"without the lock: {len(collided)} of {len(rounds)} races ended in an error page")
    assert collided


def test_without_lock_and_belt_confirming_and_withdrawing_both_win(decisions, monkeypatch, capsys):
    original, confirm, withdraw = decisions
    rounds = racing.copies(original, UNLOCKED_RACES)
    monkeypatch.setattr(verbs, "_lock", racing.unlocked)
    monkeypatch.setattr(Article, "_do_update", Model._do_update)
    outcomes = racing.run(rounds, confirm, withdraw)

    both = [round for round, pair in zip(rounds, outcomes, strict=True) if pair == (DONE, DONE)]
    tell(capsys, f"without lock and belt: both won in {len(both)} of {len(rounds)} races")
    assert both


def test_a_second_vote_that_comes_too_late_is_refused_in_words(votes):
    original, claire, ravi = votes
    (round,) = racing.copies(original, 1)
    claire(round)
    ravi(round)
    with pytest.raises(Refused, match="closed"):
        claire(round)
    assert ending(round) == APPROVED


def tell(capsys, sentence: str) -> None:
    with capsys.disabled():
        print(f"\n  {sentence}")
