"""Who is offered for a panel, in which order, and what is said of each."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.contributors import contributors
from articles.models import Article
from editorial.conditions import Refused
from editorial.models import Absence, BoardMember, Credential, Interest, Specialty, User
from editorial.roles import Role
from reviews import conditions, matching, workflow
from reviews.demo.cast import COMPANY, CONFLICTED, EXPIRED
from reviews.matching import Match


@pytest.fixture
def article(story) -> Article:
    """About blood pressure, triaged to cardiology."""
    return story.triaged()


def ranked(story, article: Article) -> list[Match]:
    article = Article.objects.get(pk=article.pk)
    rule = conditions.rule_for(article, now=story.now)
    due = workflow.due_day(story.now.date(), rule.review_days)
    return matching.matches(article, rule=rule, due=due, now=story.now)


def match_of(story, article: Article, username: str) -> Match:
    return next(match for match in ranked(story, article) if match.member.user.username == username)


def member(story, username: str) -> BoardMember:
    return BoardMember.objects.get(user=story.people[username])


def off(story) -> dict[str, object]:
    """Three days before and beyond the due day of a standard review."""
    today = story.now.date()
    return {"first_day": today - timedelta(days=3), "last_day": today + timedelta(days=25)}


def ravi(story) -> BoardMember:
    return member(story, "ravi")


def joins_on(story, days: int) -> None:
    BoardMember.objects.filter(pk=ravi(story).pk).update(joined_on=story.now.date() + timedelta(days=days))


def licence(story, **values) -> None:
    Credential.objects.filter(member=ravi(story)).update(**values)


def today(story, days: int = 0) -> date:
    return story.now.date() + timedelta(days=days)


BARRED = [
    (lambda s, a: Absence.objects.create(member=ravi(s), **off(s)), "absent beyond the due date"),
    (
        lambda s, a: BoardMember.objects.filter(pk=ravi(s).pk).update(load_limit=0),
        "has 0 open reviews, the limit is 0",
    ),
    (lambda s, a: s.people["ravi"].groups.clear(), "not an active board member"),
    (lambda s, a: joins_on(s, 1), "not an active board member"),
    (lambda s, a: a.authors.add(s.people["ravi"]), "contributed to this text"),
    (lambda s, a: licence(s, expires_on=today(s, -1)), "no valid credential: it has expired"),
    (lambda s, a: licence(s, verified_by=None), "no verified credential"),
    (lambda s, a: licence(s, verified_on=None), "no verified credential"),
    (lambda s, a: interest(s, a, company="  REGENOVA "), "declared an interest in Regenova"),
    (lambda s, a: interest(s, a, product="Cardioplex"), "declared an interest in Cardioplex"),
    (lambda s, a: interest(s, a, company=COMPANY, until=today(s, -1094)), "declared an interest in Regenova"),
    (lambda s, a: interest(s, a, company="Regenova GmbH"), "declared an interest in Regenova"),
    (lambda s, a: interest(s, a, company="hypertension"), "declared an interest in Hypertension"),
    (lambda s, a: interest(s, a, person=s.people["nora"]), "declared an interest in one of its contributors"),
]
ALLOWED = [
    lambda s, a: joins_on(s, 0),
    lambda s, a: licence(s, expires_on=today(s)),
    lambda s, a: interest(s, a, company="Somebody else"),
    lambda s, a: interest(s, a, company="Rege"),
    lambda s, a: interest(s, a, company=COMPANY, until=today(s, -1097)),
    lambda s, a: interest(s, a, person=s.people["lena"]),
]


def interest(story, article: Article, **values) -> None:
    Article.objects.filter(pk=article.pk).update(products="Cardioplex\n\n", sponsors=" Regenova \nOther Ltd")
    since = story.now.date() - timedelta(days=90)
    Interest.objects.create(member=ravi(story), nature="Speaker's fees", since=since, **values)


def test_members_in_the_specialty_come_first_and_the_barred_last(story, article):
    Article.objects.filter(pk=article.pk).update(sponsors=COMPANY)
    names = [match.member.user.username for match in ranked(story, article)]
    assert set(names[:2]) == {"claire", "ravi"}
    assert set(names[-2:]) == {CONFLICTED, EXPIRED}
    assert len(names) == 10


def test_each_match_says_what_speaks_for_it(story, article):
    assert match_of(story, article, "claire").reasons_for == (
        "in the article's specialty",
        "0 of 3 reviews open",
        "not asked before",
    )


@pytest.mark.parametrize(("change", "reason"), BARRED)
def test_a_match_says_what_bars_it(story, article, change, reason):
    change(story, article)
    match = match_of(story, article, "ravi")
    assert match.reasons_against == (reason,)
    assert not match.eligible


@pytest.mark.parametrize("change", ALLOWED)
def test_what_is_no_reason_bars_nobody(story, article, change):
    change(story, article)
    assert match_of(story, article, "ravi").eligible


@pytest.mark.parametrize(
    "change",
    [
        lambda s: User.objects.filter(username="ravi").update(is_active=False),
        lambda s: BoardMember.objects.filter(pk=member(s, "ravi").pk).update(left_on=s.now.date()),
    ],
)
def test_whoever_left_or_is_disabled_is_not_offered_at_all(story, article, change):
    change(story)
    assert "ravi" not in [match.member.user.username for match in ranked(story, article)]


def test_load_counts_open_seats_and_bars_at_the_limit(story, article):
    for number in range(3):
        story.round("claire", "ravi", title=f"Question {number}?")
    assert match_of(story, article, "claire").reasons_against == ("has 3 open reviews, the limit is 3",)
    BoardMember.objects.filter(pk=member(story, "claire").pk).update(load_limit=4)
    assert match_of(story, article, "claire").eligible


def test_signing_makes_room_for_another_review(story, article):
    rounds = [story.round("claire", "ravi", title=f"Question {number}?") for number in range(3)]
    story.sign(rounds[0], "claire")
    assert match_of(story, article, "claire").candidate.load == 2


def test_whoever_recused_from_an_article_is_not_asked_for_it_again(story, article):
    round = story.round(article=None, title="Another question?")
    story.declare(round, "ravi", has_conflict=True, details="Shares.")
    assert match_of(story, round.article, "ravi").reasons_against == ("recused from this article before",)
    assert match_of(story, article, "ravi").eligible


def test_among_equals_whoever_was_asked_longest_ago_comes_first(story, article):
    first = story.round("claire", "ana", title="First?")
    story.sign(first, "claire")
    assert [match.member.user.username for match in ranked(story, article)][:2] == ["ravi", "claire"]


@pytest.mark.parametrize("username", [CONFLICTED, EXPIRED])
@pytest.mark.parametrize("risk", ["low", "standard", "high"])
def test_the_conflicted_and_the_expired_are_never_seated(story, username, risk):
    article = story.triaged(risk=risk, sponsors=COMPANY)
    panel = [member(story, name) for name in ("claire", "ravi", "ana", username)]
    with pytest.raises(Refused, match="Not eligible"):
        workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=panel)
    assert not match_of(story, article, username).eligible
    assert Article.objects.get(pk=article.pk).state == "submitted"


def test_a_stranger_to_the_board_is_never_seated(story, article):
    outsider = BoardMember.objects.create(
        user=story.people["stranger"], slug="sam-stranger", joined_on=story.now.date() - timedelta(days=9)
    )
    with pytest.raises(Refused, match="not an active board member"):
        workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=[outsider])


def test_whoever_declined_an_article_is_not_asked_for_it_again(story, article):
    round = story.round(article=None, title="Another question?")
    ravi_, seat = story.people["ravi"], story.seat(round, "ravi")
    workflow.step_aside(round.article, actor=ravi_, now=story.tick(), assignment=seat, reason="No time.")
    assert match_of(story, round.article, "ravi").reasons_against == ("declined this article before",)
    assert match_of(story, article, "ravi").eligible


def test_a_waiting_alternate_owes_nothing_and_was_not_asked(story, article):
    seats = {name: member(story, name) for name in ("claire", "ravi", "eva")}
    other = story.triaged(title="Another question?")
    workflow.open_round(
        other,
        actor=story.people["tom"],
        now=story.tick(),
        members=[seats["claire"], seats["ravi"]],
        alternates=[seats["eva"]],
    )
    assert match_of(story, article, "claire").candidate.load == 1
    assert match_of(story, article, "eva").candidate.load == 0
    assert match_of(story, article, "eva").reasons_for == ("0 of 3 reviews open", "not asked before")


def test_the_matches_can_be_asked_for_a_few_alone(story, article):
    rule = workflow.rule_for(article, now=story.now)
    few = [ravi(story).pk, member(story, EXPIRED).pk]
    found = matching.matches(article, rule=rule, due=today(story, 21), now=story.now, members=few)
    assert [match.member.pk for match in found] == few


# Proposals


def proposed(story, article: Article, *, keep: tuple[str, ...] = ()) -> matching.Proposal:
    rule = workflow.rule_for(Article.objects.get(pk=article.pk), now=story.now)
    return matching.propose(rule, ranked(story, article), keep=[member(story, name).pk for name in keep])


def names(found) -> list[str]:
    return [match.member.user.username for match in found]


def test_a_panel_with_two_ranked_alternates_is_proposed(story, article):
    found = proposed(story, article)
    assert set(names(found.required)) == {"claire", "ravi"}
    assert len(found.alternates) == 2
    assert found.lacking == ()


def test_nobody_whom_the_policy_forbids_is_proposed(story):
    article = story.triaged(risk="low", sponsors=COMPANY)
    BoardMember.objects.exclude(user__username__in=[CONFLICTED, EXPIRED, "ravi"]).update(load_limit=0)
    found = proposed(story, article)
    assert names(found.required) == ["ravi"]
    assert found.alternates == ()


def test_what_today_s_board_cannot_bring_is_said(story, article):
    BoardMember.objects.filter(user__username__in=["claire", "ravi"]).update(load_limit=0)
    assert proposed(story, article).lacking == ("an approver in cardiology",)


def test_the_members_of_the_last_panel_come_before_everybody_else(story, article):
    assert names(proposed(story, article, keep=("eva",)).required) == ["eva", names(ranked(story, article))[0]]
    BoardMember.objects.filter(user__username="eva").update(load_limit=0)
    assert set(names(proposed(story, article, keep=("eva",)).required)) == {"claire", "ravi"}


# Queries


MATCHING, CONTRIBUTORS = 7, 1
"""Queries for matching and proposing however large the board is, and besides for who contributed to the text."""


@pytest.mark.parametrize("size", [0, 30, 2000])
def test_matching_and_proposing_take_the_same_few_queries_whatever_the_boards_size(story, article, size):
    enlarge(story, size)
    article = Article.objects.select_related("specialty").get(pk=article.pk)
    rule = workflow.rule_for(article, now=story.now)
    with CaptureQueriesContext(connection) as for_contributors:
        contributors(article)
    with CaptureQueriesContext(connection) as queries:
        found = matching.matches(article, rule=rule, due=today(story, 21), now=story.now)
        proposal = matching.propose(rule, found)
    assert len(found) == BoardMember.objects.count() == 10 + size
    assert len(proposal.required) == 2
    assert len(for_contributors) == CONTRIBUTORS
    assert len(queries) == MATCHING + CONTRIBUTORS == 8


def enlarge(story, count: int) -> None:
    """Members with a licence, an interest and an absence each, in bulk."""
    board, today = Group.objects.get(name=Role.BOARD), story.now.date()
    specialty = Specialty.objects.get(slug="cardiology")
    users = User.objects.bulk_create(User(username=f"member-{number}") for number in range(count))
    User.groups.through.objects.bulk_create(User.groups.through(user=user, group=board) for user in users)
    made = BoardMember.objects.bulk_create(BoardMember(user=u, slug=u.username, joined_on=today) for u in users)
    checked = {"letters": "MD", "verified_by": story.people["ingrid"], "verified_on": today, "expires_on": today}
    Credential.objects.bulk_create(Credential(member=m, specialty=specialty, **checked) for m in made)
    Interest.objects.bulk_create(Interest(member=m, company="Other", nature="Shares", since=today) for m in made)
    Absence.objects.bulk_create(Absence(member=m, first_day=today, last_day=today) for m in made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # why: else the planner joins two thousand as if they were ten
