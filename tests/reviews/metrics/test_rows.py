"""Rounds and seats as the figures see them, told through the real verbs."""

from datetime import date, timedelta

import pytest

from articles import workflow as bare
from articles.models import Article
from editorial.models import PersonalText, Specialty, User
from reviews import workflow
from reviews.metrics import pace, rows
from reviews.metrics.arithmetic import on_time
from reviews.models import ManualReminder, ReminderDispatch, ReminderRule, Review, ReviewAssignment
from reviews.states import VerdictKind
from tests.reviews.metrics.scoping import days_pass, scope
from tests.reviews.panels import ask_for_answers, end, opened, use

pytestmark = pytest.mark.sqlite

DAY = timedelta(days=1)


def seat_of(story, username: str, **values):
    """The member's only seat in the period."""
    member = story.people[username].board_member.pk
    (found,) = [line for line in rows.seats(scope(story, **values)) if line.member == member]
    return found


def decided(story, article=None):
    """Submitted; panel after 2 days; first review 5 days later, the second after 3 more, decided after 1 more."""
    article = story.submitted(article)
    sent = story.now
    days_pass(story, 2)
    round = opened(story, article=triaged(story, article))
    days_pass(story, 5)
    story.sign(round, "claire")
    days_pass(story, 3)
    story.sign(round, "ravi")
    days_pass(story, 1)
    return sent, story.confirm(round.article)


def triaged(story, article):
    """The story's own step would submit it again."""
    return bare.triage(
        article,
        actor=story.people["tom"],
        now=story.tick(),
        risk_tier="standard",
        specialty=Specialty.objects.get(slug="cardiology"),
        handling_editor=story.people["tom"],
    )


# Rounds


def test_a_round_knows_its_submission_first_and_last_review_and_decision(story):
    sent, _article = decided(story)
    (line,) = rows.rounds(scope(story))
    assert line.submitted == sent
    assert [round((at - sent) / DAY) for at in (line.opened, line.first, line.last, line.closed)] == [2, 7, 10, 11]
    assert (line.outcome, line.returned) == ("approved", None)


def test_the_page_says_these_days(story):
    decided(story)
    big = {figure.name: figure.big for figure in pace.figures(scope(story))}
    assert big == {"to-panel": "2", "to-first-review": "7", "to-decision": "11", "whose-turn": ""}


def test_a_step_counts_in_the_period_in_which_it_ended(story):
    decided(story)
    days_pass(story, 85)  # the decision lies within 90 days, submission and panel before them
    figures = {figure.name: figure for figure in pace.figures(scope(story))}
    assert figures["to-decision"].big == "11"
    assert figures["to-panel"].empty
    days_pass(story, 10)
    assert rows.rounds(scope(story)) == []


def test_a_withdrawn_round_has_no_decision(story):
    round = story.round()
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="The dose.")
    (line,) = rows.rounds(scope(story))
    assert (line.outcome, line.decided) == ("withdrawn", None)


def test_time_with_the_authors_runs_from_the_return_to_the_next_submission(story):
    article = story.sign(story.round(), "claire", VerdictKind.CHANGES_NEEDED, comment="Say more.")
    days_pass(story, 6)
    article = story.submitted(story.edit(article, short_answer="Below 130 mm Hg for most."))
    opened(story, article=triaged(story, article))
    second = max(rows.rounds(scope(story)), key=lambda line: line.opened)
    assert round((second.submitted - second.returned) / DAY) == 6


def test_a_confirmation_of_a_page_has_no_submission(story):
    article = story.published()
    days_pass(story, 1)
    members = [story.people[name].board_member for name in ("claire", "ravi")]
    workflow.re_review(article, actor=story.people["tom"], now=story.tick(), members=members)
    first, second = sorted(rows.rounds(scope(story)), key=lambda line: line.opened)
    assert first.submitted is not None
    assert second.submitted is None


def test_a_carried_signature_is_nobodys_first_review(story):
    round = story.round()
    story.sign(round, "claire")
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="By mistake.")
    article = story.triaged(Article.objects.get(pk=round.article_id))
    ravi = story.people["ravi"].board_member
    workflow.open_round(
        article, actor=story.people["tom"], now=story.tick(), members=[ravi], carry=[Review.objects.get()]
    )
    second = max(rows.rounds(scope(story)), key=lambda line: line.opened)
    assert second.first is None
    assert [line.signed_at is not None for line in rows.seats(scope(story))].count(True) == 1


def test_the_filters_narrow_to_specialty_and_risk_where_unset_counts_as_high(story):
    story.round()
    unset = story.round("claire", "ravi", "ana", title="Another?", risk="high")
    Article.objects.filter(pk=unset.article_id).update(risk_tier="")

    def counts(**values) -> tuple[int, int]:
        return len(rows.rounds(scope(story, **values))), len(rows.seats(scope(story, **values)))

    assert counts() == (2, 5)
    assert counts(specialty="cardiology") == (2, 5)
    assert counts(specialty="rheumatology") == (0, 0)
    assert counts(risk="standard") == (1, 2)
    assert counts(risk="high") == (1, 3)
    assert counts(risk="low") == (0, 0)


# Seats


def test_an_alternate_counts_from_when_they_were_asked(story):
    round = opened(story, alternates=["eva"])
    assert len(rows.seats(scope(story))) == 2
    days_pass(story, 4)
    end(story, round, "claire", "decline")
    moved_up = seat_of(story, "eva")
    assert moved_up.asked_at == story.seat(round, "claire").ended_at


def test_an_answer_has_its_instant_where_one_is_asked(story):
    ask_for_answers()
    round = story.round()
    days_pass(story, 3)
    use(story, story.seat(round, "claire"), "accept", "claire")
    assert (seat_of(story, "claire").answers, seat_of(story, "claire").accepted_at) == (True, story.now)
    assert seat_of(story, "ravi").accepted_at is None


def test_a_standing_board_answers_by_opening_the_text(story):
    round = story.round()
    story.declare(round, "claire")
    found = seat_of(story, "claire")
    assert (found.answers, found.opened_at) == (False, story.now)


def test_a_second_signature_on_a_seat_moves_nothing(story):
    round = story.round()
    story.sign(round, "claire")
    first = seat_of(story, "claire").signed_at
    days_pass(story, 30)
    story.sign(round, "claire", VerdictKind.APPROVE_WITH_SUGGESTIONS, comment="A comma.")
    found = seat_of(story, "claire")
    assert found.signed_at == first
    assert on_time(found, now=story.now) is True


def test_reminders_are_those_to_the_member_by_the_clock_or_by_a_person(story):
    round = story.round()
    seat = story.seat(round, "claire")
    note = PersonalText.objects.create(text="Please.", written_at=story.now)
    ManualReminder.objects.create(assignment=seat, sent_by=story.people["tom"], sent_at=story.now, note=note)
    values = {"target": seat.subject, "assignment": seat, "due_version": "1", "scheduled_for": story.now}
    kinds = [("member", "done"), ("member", "skipped"), ("handling_editor", "done")]
    for number, (audience, state) in enumerate(kinds):
        rule = ReminderRule.objects.create(name=f"R{number}", trigger="review_due", audience=audience, offset_days=1)
        ReminderDispatch.objects.create(rule=rule, recipient=story.people["tom"], state=state, **values)
    assert seat_of(story, "claire").reminders == 2
    assert seat_of(story, "ravi").reminders == 0


def test_what_is_open_counts_however_long_ago_it_began(story):
    round = story.round()
    days_pass(story, 200)
    assert len(rows.seats(scope(story))) == 2
    workflow.reject(round.article, actor=story.people["tom"], now=story.tick(), reason="Unsafe.")
    assert len(rows.seats(scope(story))) == 2
    days_pass(story, 100)
    assert rows.seats(scope(story)) == []


def test_a_seat_that_fell_due_in_the_period_counts_when_it_was_signed_before_it(story):
    round = story.round()
    story.sign(round, "claire")
    days_pass(story, 95)
    ReviewAssignment.objects.filter(round=round).update(review_on=story.now.date() - timedelta(days=80))
    workflow.withdraw(round.article, actor=User.objects.get(username="tom"), now=story.now, reason="Old.")
    assert seat_of(story, "claire").review_on == date(2026, 3, 2) + timedelta(days=15)
