"""Rounds that can't get their approvals any more are found, told once, and cleared when somebody helps."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.models import Absence, AuditEvent, Credential, Interest, OutboxMessage, User
from reviews import desk, satisfying, tasks, verification, workflow
from reviews.models import ReviewAssignment, ReviewRound
from tests.desk import Person

LEFT = "Nobody in Cardiology is left on the panel"


def again(round: ReviewRound) -> ReviewRound:
    return ReviewRound.objects.get(pk=round.pk)


def reason(story, round: ReviewRound) -> str:
    satisfying.recheck(now=story.tick())
    return again(round).unsatisfiable


def kinds(round: ReviewRound) -> list[str]:
    rows = AuditEvent.objects.filter(subject=round.subject, kind__contains="satisfiable").order_by("sequence")
    return list(rows.values_list("kind", flat=True))


def lapse(story, username: str) -> None:
    yesterday = story.now.date() - timedelta(days=1)
    Credential.objects.filter(member__user__username=username).update(expires_on=yesterday)


def test_a_round_whose_panel_can_sign_is_satisfiable(story):
    round = story.round()
    assert reason(story, round) == ""
    assert kinds(round) == []


def test_an_expired_licence_makes_a_round_unsatisfiable(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    said = reason(story, round)

    assert LEFT in said
    assert "Claire Dubois holds a seat and can't sign (no valid credential: it has expired): release it" in said
    assert said.endswith("Ravi Menon could be added.")
    assert kinds(round) == ["round.unsatisfiable"]
    assert again(round).unsatisfiable_since == story.now


LOST = [
    lambda s: lapse(s, "claire"),
    lambda s: User.objects.filter(username="claire").update(is_active=False),
    lambda s: s.people["claire"].groups.clear(),
    lambda s: (
        s.people["claire"].board_member.__class__.objects.filter(user=s.people["claire"]).update(left_on=s.now.date())
    ),
    lambda s: Interest.objects.create(
        member=s.people["claire"].board_member, company="regenova ", nature="Shares", since=s.now.date()
    ),
    lambda s: workflow.release(
        s.open.article, actor=s.people["tom"], now=s.tick(), assignment=s.seat(s.open, "claire"), reason="ill"
    ),
    lambda s: s.declare(s.open, "claire", has_conflict=True, details="Shares"),
    lambda s: s.sign(s.open, "claire", "abstain"),
]


@pytest.mark.parametrize("lose", LOST)
def test_whatever_takes_the_only_cardiologist_away_is_found(story, lose):
    story.open = story.round("claire", "ana", sponsors="Regenova")
    lose(story)
    assert LEFT in reason(story, story.open) or (
        story.sign.__name__ and "1 of the 2" in again(story.open).unsatisfiable
    )


def test_an_approval_still_counts_when_its_signers_licence_has_expired_since(story):
    round = story.round()
    story.sign(round, "claire")
    lapse(story, "claire")
    assert reason(story, round) == ""


def test_whoever_objects_may_take_it_back_so_the_round_is_not_given_up(story):
    round = story.round()
    story.sign(round, "claire", "safety_objection", "The dose is wrong.")
    assert reason(story, round) == ""


def test_nobody_on_the_board_could_be_added(story):
    round = story.round("claire", "ana")
    for name in ("claire", "ravi"):
        lapse(story, name)
    assert reason(story, round).endswith("and nobody on the board could be added.")


BARS_RAVI = [
    lambda s, r: s.people["ravi"].groups.clear(),
    lambda s, r: Absence.objects.create(
        member=s.people["ravi"].board_member,
        first_day=s.now.date(),
        last_day=s.now.date() + timedelta(days=40),
    ),
    lambda s, r: s.people["ravi"].board_member.__class__.objects.filter(user=s.people["ravi"]).update(load_limit=0),
    lambda s, r: Interest.objects.create(
        member=s.people["ravi"].board_member, person=s.people["nora"], nature="Married", since=s.now.date()
    ),
]


@pytest.mark.parametrize("bar", BARS_RAVI)
def test_whoever_is_not_eligible_is_not_named_as_help(story, bar):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    bar(story, round)
    assert reason(story, round).endswith("and nobody on the board could be added.")


def test_whoever_stepped_aside_is_not_named_as_help(story):
    round = story.round("claire", "ravi", "ana")
    seat = story.seat(round, "ravi")
    workflow.step_aside(round.article, actor=story.people["ravi"], now=story.tick(), assignment=seat, reason="busy")
    lapse(story, "claire")
    assert "nobody on the board could be added" in reason(story, round)


def stand_by(story, round: ReviewRound, username: str, kind: str = "alternate") -> None:
    ReviewAssignment.objects.create(
        round=round,
        member=story.people[username].board_member,
        state="accepted",
        seat=kind,
        respond_on=story.now.date(),
        review_on=story.now.date(),
        time_zone="UTC",
        assigned_at=story.now,
        assigned_by=story.people["tom"],
    )


def test_an_alternate_who_stands_by_counts(story):
    round = story.round("claire", "ana")
    stand_by(story, round, "ravi")
    seat = story.seat(round, "claire")
    workflow.release(round.article, actor=story.people["tom"], now=story.tick(), assignment=seat, reason="ill")
    assert reason(story, round) == ""


@pytest.mark.parametrize("kind", ["alternate", "optional"])
def test_a_seat_that_nobody_waits_for_holds_nothing_up(story, kind):
    round = story.round()
    stand_by(story, round, "mina", kind)
    assert reason(story, round) == ""


def test_the_handling_editor_is_told_once_and_the_mark_goes_when_help_comes(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    before = OutboxMessage.objects.filter(recipient=story.people["tom"]).count()
    reason(story, round)
    reason(story, round)
    assert OutboxMessage.objects.filter(recipient=story.people["tom"]).count() == before + 1
    assert "can't get its approvals any more" in OutboxMessage.objects.latest("pk").payload["text"]

    Credential.objects.filter(member__user__username="claire").update(expires_on=story.now.date())
    assert reason(story, round) == ""
    assert again(round).unsatisfiable_since is None
    assert kinds(round) == ["round.unsatisfiable", "round.satisfiable_again"]
    assert OutboxMessage.objects.filter(recipient=story.people["tom"]).count() == before + 1


def test_new_words_for_the_same_lack_are_no_news(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    since = reason(story, round) and again(round).unsatisfiable_since
    lapse(story, "ravi")
    assert reason(story, round).endswith("nobody on the board could be added.")
    assert again(round).unsatisfiable_since == since
    assert kinds(round) == ["round.unsatisfiable"]


def test_the_system_is_the_one_who_finds_it(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    reason(story, round)
    event = AuditEvent.objects.get(kind="round.unsatisfiable")
    assert str(User.system().uuid) in event.body
    assert "Dubois" not in event.body


def test_a_closed_round_is_no_longer_judged_and_forgets_its_reason(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    reason(story, round)
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="again")
    assert reason(story, round) == ""
    assert list(desk.unsatisfiable()) == []


def test_the_task_judges_by_todays_clock(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    assert tasks.check_rounds() == 1
    assert LEFT in again(round).unsatisfiable


def test_one_round_that_cannot_be_judged_never_stops_the_others(story, caplog):
    broken, round = story.round("claire", "ana"), story.round("claire", "ana", title="Another?")
    ReviewRound.objects.filter(pk=broken.pk).update(rule={})
    lapse(story, "claire")
    assert satisfying.recheck(now=story.tick()) == 1
    assert LEFT in again(round).unsatisfiable
    assert "couldn't be judged" in caplog.text


def test_the_queries_do_not_grow_with_the_rounds(story):
    counts = []
    for number in range(4):
        story.round("claire", "ana", title=f"Question {number}?")
        if number in (0, 3):
            open_rounds = ReviewRound.objects.filter(closed_at=None).select_related("article")
            rounds = list(open_rounds.prefetch_related("article__topics"))
            with CaptureQueriesContext(connection) as queries:
                satisfying.judged(rounds, satisfying.Board(story.now.date()), now=story.now)
            lapsed = len(queries)
            with CaptureQueriesContext(connection) as queries:
                satisfying.recheck(now=story.now)
            counts.append((lapsed, len(queries)))
        Credential.objects.filter(member__user__username="claire").update(expires_on=story.now.date())
        User.objects.get(username="claire").board_member.assignments.update(state="accepted")
        story.people["claire"].board_member.__class__.objects.update(load_limit=99)
    assert counts[0] == counts[1]


def changed(rows, story):
    for row in rows:
        row.expires_on = story.now.date() - timedelta(days=1)
        yield row


def deactivate(story) -> None:
    user = story.people["claire"]
    user.is_active = False
    user.save()


def leave(story) -> None:
    member = story.people["claire"].board_member
    member.left_on = story.now.date()
    member.save()


CHANGES = [
    lambda s: [c.save() for c in changed(Credential.objects.filter(member__user__username="claire"), s)],
    deactivate,
    lambda s: s.people["claire"].groups.clear(),
    leave,
    lambda s: Interest.objects.create(
        member=s.people["claire"].board_member, company="Regenova", nature="Shares", since=s.now.date()
    ),
    lambda s: workflow.release(
        s.open.article, actor=s.people["tom"], now=s.tick(), assignment=s.seat(s.open, "claire"), reason="ill"
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_the_board_is_noticed_as_it_commits(story, change, django_capture_on_commit_callbacks):
    story.open = story.round("claire", "ana", sponsors="Regenova")
    with django_capture_on_commit_callbacks(execute=True):
        change(story)
    assert LEFT in again(story.open).unsatisfiable


def test_signing_in_judges_nothing(story, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        Person("claire")
    assert callbacks == []


def test_somebody_added_to_the_board_helps_at_once(story, django_capture_on_commit_callbacks):
    round = story.round("claire", "ana")
    for name in ("claire", "ravi"):
        lapse(story, name)
    reason(story, round)
    with django_capture_on_commit_callbacks(execute=True):
        credential = Credential.objects.get(member__user__username="ravi")
        credential.expires_on = story.now.date() + timedelta(days=9000)
        credential.save()
    assert again(round).unsatisfiable.endswith("Ravi Menon could be added.")


def test_editors_see_it_on_their_home_page_and_on_the_article(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    reason(story, round)
    tom = Person("tom").client

    assert LEFT in tom.get("/admin/").text
    assert LEFT in tom.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert LEFT not in Person("nora").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert LEFT not in Person("claire").client.get("/admin/").text


def test_verification_compares_the_mark_with_the_events(story):
    round = story.round("claire", "ana")
    lapse(story, "claire")
    reason(story, round)
    assert list(verification.prospects()) == []
    ReviewRound.objects.filter(pk=round.pk).update(unsatisfiable="")
    assert [p.message for p in verification.prospects()] == ["isn't marked unsatisfiable"]
    other = story.round("ravi", "ana", title="Another?")
    ReviewRound.objects.filter(pk__in=[round.pk, other.pk]).update(unsatisfiable="Nobody.")
    assert [p.message for p in verification.prospects()] == ["is marked unsatisfiable, the events don't say so"]
