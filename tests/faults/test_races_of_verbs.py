"""Each pair of acts that may meet on one article, a share of times here and two thousand times in ``make long``."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection

from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.reauth import Proof
from reviews import workflow
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.states import VerdictKind
from tests.faults import racing
from tests.faults.racing import Outcome

SHARE, ALL = 10, 2_000

pytestmark = [
    pytest.mark.races,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races"),
]


@dataclass(frozen=True)
class Race:
    """A round to copy, two acts on each copy, and how both may have ended: the winner's name, or what is wrong."""

    round: ReviewRound
    acts: tuple[racing.Act, racing.Act]
    winner: Callable[[ReviewRound, Outcome, Outcome], str]


def sign(story, username: str, verdict: str = VerdictKind.APPROVE, **given) -> racing.Act:
    user, now = story.people[username], story.tick()

    def act(round: ReviewRound) -> None:
        workflow.sign_review(
            round.article,
            actor=user,
            now=now,
            assignment=ReviewAssignment.objects.get(round=round, member__user=user),
            verdict=verdict,
            comment="It could harm a patient." if verdict == VerdictKind.SAFETY_OBJECTION else "",
            checklist={item["code"]: "yes" for item in round.rule["checklist"]},
            proof=Proof(user.pk, now),
            **{name: value(round) for name, value in given.items()},
        )

    return act


def published(round: ReviewRound) -> list[str]:
    return list(Publication.objects.filter(article=round.article_id).values_list("status", flat=True))


def state(round: ReviewRound) -> str:
    return str(Article.objects.get(pk=round.article_id).state)


LIVE = [PublicationStatus.LIVE.value]


def two_last_votes(story) -> Race:
    racing.no_limits(editor_confirms=False)
    round = story.round("claire", "ravi")
    for name in ("claire", "ravi"):
        story.declare(round, name)

    def winner(round: ReviewRound, first: Outcome, second: Outcome) -> str:
        right = first.done and second.done and published(round) == LIVE
        return "both" if right and Review.objects.filter(round=round).count() == 2 else "a vote was lost"

    return Race(round, (sign(story, "claire"), sign(story, "ravi")), winner)


def approve_against_withdraw(story) -> Race:
    racing.no_limits(editor_confirms=False)
    round = story.round("claire", "ravi")
    story.sign(round, "claire")
    story.declare(round, "ravi")
    now, lena = story.tick(), story.people["lena"]

    def withdraw(round: ReviewRound) -> None:
        workflow.withdraw(round.article, actor=lena, now=now, reason="A newer trial came out.")

    def winner(round: ReviewRound, vote: Outcome, withdrawal: Outcome) -> str:
        if vote.done and not withdrawal.done:
            return "approve" if (state(round), published(round)) == ("approved", LIVE) else "approved, not published"
        if withdrawal.done and not vote.done:
            return "withdraw" if (state(round), published(round)) == ("draft", []) else "withdrawn, yet published"
        return "both or neither"

    return Race(round, (sign(story, "ravi"), withdraw), winner)


def objection_against_the_last_approval(story) -> Race:
    racing.no_limits(editor_confirms=False)
    round = story.round("claire", "ravi")
    story.sign(round, "claire", VerdictKind.APPROVE)
    story.declare(round, "ravi")

    def winner(round: ReviewRound, approval: Outcome, objection: Outcome) -> str:
        if approval.done and objection.done:
            return "objection" if (state(round), published(round)) == ("under_review", []) else "published over it"
        if approval.done:
            return "approve" if published(round) == LIVE else "approved, not published"
        return "the approval was lost"

    # Claire signs again: her objection takes the place of her approval, or comes too late.
    return Race(round, (sign(story, "ravi"), sign(story, "claire", VerdictKind.SAFETY_OBJECTION)), winner)


def release_against_sign(story) -> Race:
    racing.no_limits(editor_confirms=True)
    round = story.round("claire", "ravi")
    story.declare(round, "claire")
    now, tom = story.tick(), story.people["tom"]

    def release(round: ReviewRound) -> None:
        seat = ReviewAssignment.objects.get(round=round, member__user__username="claire")
        workflow.release(round.article, actor=tom, now=now, assignment=seat, reason="She is on leave.")

    def winner(round: ReviewRound, vote: Outcome, freed: Outcome) -> str:
        seat = ReviewAssignment.objects.get(round=round, member__user__username="claire").state
        reviews = Review.objects.filter(round=round).count()
        if vote.done != freed.done:
            right = (seat, reviews) == (("completed", 1) if vote.done else ("released", 0))
            return ("sign" if vote.done else "release") if right else "the seat says something else"
        return "both or neither"

    return Race(round, (sign(story, "claire"), release), winner)


def double_click(story) -> Race:
    racing.no_limits(editor_confirms=True)
    round = story.round("claire", "ravi")
    story.declare(round, "claire")
    numbers: dict[int, uuid.UUID] = {}
    act = sign(story, "claire", request=lambda round: numbers.setdefault(round.pk, uuid.uuid4()))

    def winner(round: ReviewRound, first: Outcome, second: Outcome) -> str:
        once = Review.objects.filter(round=round).count() == 1
        return "once" if once and first.done and second.done else "twice, or refused"

    return Race(round, (act, act), winner)


def stale_tab(story) -> Race:
    """A form that was opened before the article was unlocked, sent at the moment of unlocking."""
    racing.no_limits(editor_confirms=True)
    round = story.round("claire", "ravi")
    story.declare(round, "claire")
    now, lena, stamp = story.tick(), story.people["lena"], Article.objects.get(pk=round.article_id).stamp

    def withdraw(round: ReviewRound) -> None:
        workflow.withdraw(round.article, actor=lena, now=now, reason="A typing error.", expected=stamp)

    def winner(round: ReviewRound, vote: Outcome, withdrawal: Outcome) -> str:
        count = Review.objects.filter(round=round).count()
        if withdrawal.done and state(round) == "draft" and count == int(vote.done):
            return "sign, then unlock" if vote.done else "unlock; the stale form is refused"
        return "something else"

    return Race(round, (sign(story, "claire", expected=lambda round: stamp), withdraw), winner)


KINDS = {
    two_last_votes: {"both"},
    approve_against_withdraw: {"approve", "withdraw"},
    objection_against_the_last_approval: {"approve", "objection"},
    release_against_sign: {"sign", "release"},
    double_click: {"once"},
    stale_tab: {"sign, then unlock", "unlock; the stale form is refused"},
}
"""Each race with the ends that it may have."""


def raced(kind: Callable[..., Race], story, count: int) -> Counter[str]:
    race = kind(story)
    rounds = racing.copies(race.round, count)
    outcomes = racing.run(rounds, *race.acts)
    errors = [outcome.error for pair in outcomes for outcome in pair if outcome.error]
    assert errors == []
    ends = Counter(race.winner(round, *pair) for round, pair in zip(rounds, outcomes, strict=True))
    assert racing.problems() == []
    assert not racing.chain_has_gaps()
    return ends


@pytest.mark.parametrize("kind", KINDS)
def test_two_acts_at_once_end_in_one_of_the_ways_that_are_right(kind, transactional_db, story):
    ends = raced(kind, story, SHARE)
    assert set(ends) <= KINDS[kind], ends
    assert ends.total() == SHARE


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_races_of_each_kind_end_right(kind, transactional_db, story):
    ends = raced(kind, story, ALL)
    print(f"{kind.__name__}: {ends.total()} races, {dict(ends)}")
    assert set(ends) <= KINDS[kind], ends
