"""Rounds at a pace: onto the list, off it, and what the clock opens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import workflow as bare
from articles.models import Article
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, ClosedPeriod, EditorialPolicy, Notification, User
from reviews import waiting_list, workflow
from reviews.models import ReviewRound, RoundPace, WaitingRound
from reviews.tasks import open_what_waits
from tests.faults import racing
from tests.reviews.waiting import MONDAY, WEEK, events, listed, opened, order, pace


def state(article: Article) -> str:
    return Article.objects.get(pk=article.pk).state


@pytest.fixture(autouse=True)
def busy_board(db, people):
    BoardMember.objects.update(load_limit=30_000)


def test_the_clock_opens_so_many_a_week_in_their_order(story):
    pace(story, 2)
    listed(story, "A?", "B?", "C?", "D?", "E?")
    assert workflow.open_what_waits(now=MONDAY) == 2
    assert workflow.open_what_waits(now=MONDAY + timedelta(minutes=10)) == 0
    assert workflow.open_what_waits(now=MONDAY + timedelta(days=4)) == 0
    assert opened() == ["A?", "B?"]
    assert workflow.open_what_waits(now=MONDAY + WEEK) == 2
    assert workflow.open_what_waits(now=MONDAY + 2 * WEEK) == 1
    assert workflow.open_what_waits(now=MONDAY + 3 * WEEK) == 0
    assert opened() == ["A?", "B?", "C?", "D?", "E?"]
    assert order() == []


def test_a_round_is_opened_by_the_system_with_the_panel_that_is_proposed(story):
    (article,) = listed(story, "A?")
    workflow.open_what_waits(now=MONDAY)
    round = ReviewRound.objects.get()
    assert (state(article), round.opened_by) == ("under_review", User.system())
    assert {seat.member.user.username for seat in round.assignments.filter(seat="required")} == {"claire", "ravi"}
    event = AuditEvent.objects.get(kind="article.round_opened_in_its_week")
    assert event.subject == article.subject
    assert str(User.system().uuid) in event.body
    assert [events(f"article.{kind}") for kind in ("round_listed", "round_unlisted", "under_review")] == [1, 0, 1]


def triaged_copies(article: Article, count: int) -> list[Article]:
    """The rows as so many submissions leave them; what opens one round of a real one is tried above."""
    names = [field.attname for field in Article._meta.concrete_fields]
    kept = {name: getattr(article, name) for name in names if name not in ("id", "uuid", "slug", "title")}
    made = [Article(**kept, slug=f"q{number}", title=f"Q{number:03}?") for number in range(count)]
    return Article.objects.bulk_create(made)


@pytest.mark.parametrize(("count", "a_week"), [(20, 6), pytest.param(200, 30, marks=pytest.mark.long)])
def test_many_at_once_are_opened_over_their_weeks(story, count, a_week):
    for article in triaged_copies(story.triaged(title="The first?"), count):
        workflow.list_round(article, actor=story.people["tom"], now=story.now)
    pace(story, a_week)
    expected = [wait.day for wait in waiting_list.look(MONDAY).waits.values()]
    found = []
    for week in range(count // a_week + 2):
        at = MONDAY + week * WEEK
        found += [workflow.open_what_waits(now=at + timedelta(days=later)) for later in (0, 1)]
    assert found == [a_week, 0] * (count // a_week) + [count % a_week, 0] + [0, 0]
    assert opened() == [f"Q{number:03}?" for number in range(count)]
    instants = ReviewRound.objects.order_by("pk").values_list("opened_at", flat=True)
    assert [timezone.localtime(at).date() for at in instants] == expected


def test_in_a_closed_period_nothing_is_opened(story):
    listed(story, "A?")
    ClosedPeriod.objects.create(name="Easter", first_day=MONDAY.date(), last_day=MONDAY.date() + timedelta(days=6))
    assert [workflow.open_what_waits(now=MONDAY + timedelta(days=ahead)) for ahead in range(7)] == [0] * 7
    assert [wait.day for wait in waiting_list.look(MONDAY).waits.values()] == [(MONDAY + WEEK).date()]
    assert workflow.open_what_waits(now=MONDAY + WEEK) == 1


def test_while_it_is_paused_nothing_is_opened(story):
    listed(story, "A?")
    pace(story, 5, paused=True)
    assert workflow.open_what_waits(now=MONDAY) == 0
    assert [wait.day for wait in waiting_list.look(MONDAY).waits.values()] == [None]
    pace(story, 5)
    assert workflow.open_what_waits(now=MONDAY) == 1


def test_at_the_weekend_nothing_is_opened(story):
    listed(story, "A?")
    assert workflow.open_what_waits(now=MONDAY + timedelta(days=5)) == 0


def test_a_panel_that_cannot_be_filled_stays_says_why_and_tells_once(story):
    pace(story, 1)
    first, _second = listed(story, "A?", "B?")
    Article.objects.filter(pk=first.pk).update(risk_tier="high")
    BoardMember.objects.exclude(user__username__in=["claire", "ravi"]).update(left_on=MONDAY.date())
    for days in (0, 1, 7):
        workflow.open_what_waits(now=MONDAY + timedelta(days=days))
    assert opened() == ["B?"]
    entry = WaitingRound.objects.get(article=first)
    assert entry.problem == "the panel has 2 of the 3 members that must approve"
    assert entry.ended_at is None
    told = Notification.objects.filter(text__contains="couldn't be opened")
    assert [notification.user.username for notification in told] == ["tom"]
    assert events("article.round_not_opened") == 1
    BoardMember.objects.update(left_on=None)
    assert workflow.open_what_waits(now=MONDAY + WEEK) == 1
    assert opened() == ["B?", "A?"]


def test_without_a_policy_it_waits_and_says_why(story):
    (article,) = listed(story, "A?")
    EditorialPolicy.objects.update(disabled_at=story.now)
    assert workflow.open_what_waits(now=MONDAY) == 0
    assert "policy" in WaitingRound.objects.get(article=article).problem


def test_whoever_put_it_on_the_list_sits_on_no_panel(story):
    """Two roles, never both on one article: she decided that it is reviewed."""
    story.people["claire"].groups.add(Group.objects.get(name="editor"))
    (article,) = listed(story, "A?", by="claire", risk="low")
    workflow.open_what_waits(now=MONDAY)
    seats = ReviewRound.objects.get(article=article).assignments.all()
    assert "claire" not in {seat.member.user.username for seat in seats}


@pytest.mark.parametrize("how", ["withdrawn", "rejected", "changes", "again"])
def test_what_moved_on_leaves_the_list(story, how):
    (article,) = listed(story, "A?")
    tom = story.people["tom"]
    if how == "rejected":
        workflow.reject(article, actor=tom, now=story.tick(), reason="Out of scope.")
    elif how == "changes":
        workflow.request_changes(article, actor=tom, now=story.tick(), reason="The dose.")
    else:
        workflow.withdraw(article, actor=tom, now=story.tick(), reason="A comma.")
    if how == "again":
        story.triaged(Article.objects.get(pk=article.pk))
    assert order() == []
    assert workflow.open_what_waits(now=MONDAY) == 0
    assert WaitingRound.objects.get().ended == "moved_on"
    assert events("article.round_unlisted") == 1
    assert opened() == []


def test_a_second_triage_leaves_it_on_the_list(story):
    (article,) = listed(story, "A?")
    bare.triage(
        article,
        actor=story.people["tom"],
        now=story.tick(),
        risk_tier="low",
        specialty=article.specialty,
        handling_editor=story.people["lena"],
    )
    assert order() == ["A?"]


def test_one_that_is_submitted_again_can_be_listed_again_at_once(story):
    (article,) = listed(story, "A?")
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A comma.")
    article = story.triaged(Article.objects.get(pk=article.pk))
    workflow.list_round(article, actor=story.people["tom"], now=story.tick())
    assert list(WaitingRound.objects.order_by("pk").values_list("ended", flat=True)) == ["moved_on", ""]
    assert workflow.open_what_waits(now=MONDAY) == 1


def test_opened_by_hand_it_leaves_the_list_and_the_pace_alone(story):
    pace(story, 1)
    first, _second = listed(story, "A?", "B?")
    members = [story.people[name].board_member for name in ("claire", "ravi")]
    workflow.open_round(first, actor=story.people["tom"], now=MONDAY, members=members)
    assert WaitingRound.objects.get(article=first).ended == "by_hand"
    assert workflow.open_what_waits(now=MONDAY) == 1
    assert opened() == ["A?", "B?"]


def test_taken_off_it_is_an_editors_again(story):
    (article,) = listed(story, "A?")
    workflow.unlist_round(article, actor=story.people["lena"], now=story.tick())
    assert order() == []
    assert workflow.open_what_waits(now=MONDAY) == 0
    with pytest.raises(Refused, match="isn't on the list"):
        workflow.unlist_round(article, actor=story.people["lena"], now=story.tick())


@pytest.mark.parametrize(
    ("way", "title", "found"),
    [
        ("up", "C?", ["A?", "C?", "B?"]),
        ("down", "A?", ["B?", "A?", "C?"]),
        ("top", "C?", ["C?", "A?", "B?"]),
        ("up", "A?", ["A?", "B?", "C?"]),
        ("top", "A?", ["A?", "B?", "C?"]),
        ("down", "C?", ["A?", "B?", "C?"]),
    ],
)
def test_an_editor_changes_the_order(story, way, title, found):
    rows = {article.title: article for article in listed(story, "A?", "B?", "C?")}
    workflow.reorder_round(rows[title], actor=story.people["lena"], now=story.tick(), way=way)
    assert order() == found
    workflow.reorder_round(rows["B?"], actor=story.people["lena"], now=story.tick(), way="top")
    assert order()[0] == "B?"


def test_an_unknown_way_is_refused(story):
    (article,) = listed(story, "A?")
    with pytest.raises(Refused, match="up, down or to the top"):
        workflow.reorder_round(article, actor=story.people["tom"], now=story.tick(), way="sideways")


def test_the_database_holds_one_place_an_article_and_one_pace(story):
    (article,) = listed(story, "A?")
    entry = WaitingRound.objects.get()
    values = {"article": article, "place": 9, "listed_at": story.now, "listed_by": story.people["tom"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingRound.objects.create(submitted_at=entry.submitted_at, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundPace.objects.create(pk=2)


def test_one_that_fails_never_stops_the_others(story, monkeypatch):
    first, _second = listed(story, "A?", "B?")
    real = workflow.listing.open_round

    def fails(article, **values):
        if article.pk == first.pk:
            raise RuntimeError("boom")
        return real(article, **values)

    monkeypatch.setattr(workflow.listing, "open_round", fails)
    assert workflow.open_what_waits(now=MONDAY) == 1
    assert opened() == ["B?"]
    assert WaitingRound.objects.get(article=first).ended_at is None


def test_the_beat_rings_for_it(story, settings, monkeypatch):
    listed(story, "A?")
    monkeypatch.setattr("editorial.clock.now", lambda: MONDAY)
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "reviews.tasks.open_what_waits" in tasks
    assert open_what_waits() == 1


@pytest.mark.races
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_open_each_round_once_and_no_more_than_the_pace(story):
    pace(story, 3)
    listed(story, *(f"{letter}?" for letter in "ABCDE"))
    BoardMember.objects.update(load_limit=30_000)
    done = racing.at_once(2, lambda: workflow.open_what_waits(now=MONDAY))
    assert sum(done) == 3
    assert sorted(opened()) == ["A?", "B?", "C?"]
    assert events("article.round_opened_in_its_week") == 3
    assert racing.problems() == []
