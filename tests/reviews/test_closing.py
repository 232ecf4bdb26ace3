"""A closed period re-dates nothing by itself; a chief editor moves what falls due in it."""

from datetime import date, timedelta

import pytest

from editorial.conditions import Refused
from editorial.models import AuditEvent, ClosedPeriod, OutboxMessage
from reviews import workflow
from reviews.models import ReviewAssignment
from reviews.workflow.closing import due_in
from tests.desk import Person

ADD = "/admin/editorial/closedperiod/add/"
DUE = date(2026, 3, 23)  # of the story's panel


def period(first: int = 0, last: int = 3, name: str = "Easter") -> ClosedPeriod:
    """Closed from so many days after the due day to so many."""
    return ClosedPeriod.objects.create(
        name=name, first_day=DUE + timedelta(days=first), last_day=DUE + timedelta(days=last)
    )


def url(closed: ClosedPeriod, verb: str = "move_due_days") -> str:
    return f"/admin/editorial/closedperiod/{closed.pk}/verb/{verb}/"


def move(story, closed: ClosedPeriod) -> int:
    return workflow.move_due_days(closed, actor=story.people["ingrid"], now=story.tick())


def days(round) -> set[date]:
    return set(round.assignments.values_list("review_on", flat=True))


def test_adding_a_period_moves_nothing_and_says_what_falls_due_in_it(story):
    round = story.round()
    ingrid = Person("ingrid")
    added = ingrid.client.post(ADD, {"name": "Easter", "first_day": "2026-03-20", "last_day": "2026-03-25"})

    assert added.status_code == 302
    assert days(round) == {DUE}
    shown = ingrid.client.get(added.url).text
    assert "2 open reviews fall due in it." in shown
    assert "Move these due days behind it" in shown


def test_moving_gives_the_days_back_raises_the_due_version_and_tells_the_members(story):
    round = story.round()
    closed = period(-1, 3)
    ingrid = Person("ingrid")
    assert "Claire Dubois" in ingrid.client.get(url(closed)).text
    assert ingrid.fill(url(closed)).status_code == 302

    assert days(round) == {DUE + timedelta(days=5)}
    assert set(round.assignments.values_list("due_version", flat=True)) == {2}
    assert AuditEvent.objects.filter(kind="assignment.extended").count() == 2
    mail = OutboxMessage.objects.filter(recipient=story.people["claire"]).latest("pk")
    assert mail.payload["text"] == (
        "Your review of “How low should blood pressure be?” is due on 28 March 2026 now: "
        "the board is closed before that (Easter)."
    )


def test_moved_days_are_not_moved_again(story):
    story.round()
    closed = period()
    assert move(story, closed) == 2
    assert move(story, closed) == 0
    assert due_in(closed) == []
    assert "No open review falls due in it." in Person("ingrid").client.get(url(closed)).text


def test_a_moved_day_lies_in_no_other_period(story):
    round = story.round()
    period(4, 6, name="Holiday")
    move(story, period())
    assert days(round) == {DUE + timedelta(days=7)}


@pytest.mark.parametrize("around", [(-9, -1), (1, 9)])
def test_what_is_due_before_or_after_it_stays(story, around):
    round = story.round()
    assert move(story, period(*around)) == 0
    assert days(round) == {DUE}
    assert set(round.assignments.values_list("due_version", flat=True)) == {1}


def test_signed_seats_and_closed_rounds_stay(story):
    round = story.round()
    story.sign(round, "claire")
    closed = period()
    assert [seat.member.user.username for seat in due_in(closed)] == ["ravi"]
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="again")
    assert move(story, closed) == 0


def test_a_day_to_answer_moves_where_an_answer_is_waited_for(story):
    round = story.round()
    seat = story.seat(round, "claire")
    ReviewAssignment.objects.filter(pk=seat.pk).update(state="invited")
    answer = seat.respond_on
    closed = ClosedPeriod.objects.create(name="Short", first_day=answer, last_day=answer)
    assert move(story, closed) == 1
    seat = story.seat(round, "claire")
    assert (seat.respond_on, seat.review_on) == (answer + timedelta(days=1), DUE)


@pytest.mark.parametrize("person", ["tom", "nora", "claire"])
def test_nobody_but_a_chief_editor_moves_due_days(story, person):
    round = story.round()
    closed = period()
    assert Person(person).client.post(url(closed), {}).status_code == 404
    with pytest.raises(Refused, match="Only a chief editor"):
        workflow.move_due_days(closed, actor=story.people[person], now=story.tick())
    assert days(round) == {DUE}


WRONG = [
    ({"first_day": "2026-05-05", "last_day": "2026-05-01"}, "The last day lies before the first."),
    ({"first_day": "2026-03-24", "last_day": "2026-04-02"}, "It overlaps “Easter: 23 March 2026 – 26 March 2026”."),
    ({"first_day": "2026-03-01", "last_day": "2026-03-23"}, "It overlaps “Easter"),
    ({"first_day": "2026-05-01", "last_day": "2027-05-04"}, "That is 369 days; check the year."),
    ({"first_day": "soon", "last_day": "2026-05-04"}, "Enter a valid date."),
    ({"first_day": "2026-05-04", "last_day": ""}, "This field is required."),
]


@pytest.mark.parametrize(("values", "words"), WRONG)
def test_a_period_that_makes_no_sense_is_refused_in_words(people, values, words):
    period()
    answer = Person("ingrid").client.post(ADD, {"name": "May", **values})
    assert answer.status_code == 200
    assert words in answer.text
    assert ClosedPeriod.objects.count() == 1


def test_a_period_may_be_saved_again_without_overlapping_itself(people):
    closed = period()
    saved = Person("ingrid").fill(
        f"/admin/editorial/closedperiod/{closed.pk}/change/", having="first_day", name="Spring"
    )
    assert saved.status_code == 302
    assert ClosedPeriod.objects.get().name == "Spring"


def test_a_period_without_anything_due_leads_back_to_the_list(people):
    added = Person("ingrid").client.post(ADD, {"name": "May", "first_day": "2026-05-01", "last_day": "2026-05-02"})
    assert added.url == "/admin/editorial/closedperiod/"


def test_what_is_not_there_is_not_found(people):
    ingrid = Person("ingrid").client
    assert ingrid.get("/admin/editorial/closedperiod/99999/verb/move_due_days/").status_code == 404
    assert ingrid.get(url(period(), verb="nothing")).status_code == 404
