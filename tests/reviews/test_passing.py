"""A seat that ends passes on: to the next alternate, or to the cover of whoever is away."""

from datetime import date, timedelta

import pytest

from editorial.models import AuditEvent, Credential, User
from reviews import conditions, decisions, workflow
from tests.reviews.panels import also_in, ask_for_answers, end, events, mail_to, opened, states

WAYS = ("decline", "recuse", "release", "expire")


# Alternates


@pytest.mark.parametrize("how", WAYS)
def test_however_a_required_seat_ends_the_next_alternate_moves_up(how, story):
    round = opened(story, alternates=["eva", "liam"])
    story.now += timedelta(days=2)
    lost = end(story, round, "ravi", how)
    seat = story.seat(round, "eva")
    assert (seat.seat, seat.state, seat.replaces_id, seat.due_version) == ("required", "accepted", lost.pk, 2)
    assert (seat.respond_on, seat.review_on) == (date(2026, 3, 9), date(2026, 3, 25))
    assert events(seat) == ["made", "promoted"]
    assert mail_to("eva") == ["Please review “How low should blood pressure be?” by 25 March 2026."]
    assert states(round)["liam"] == ("alternate", "invited")
    assert events(lost)[-1] == {"decline": "declined", "recuse": "recused"}.get(how, f"{how}d")


def test_the_promotion_is_the_systems_own_act(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "decline")
    body = AuditEvent.objects.get(kind="assignment.promoted").body
    assert str(User.system().uuid) in body


def test_the_alternate_is_asked_for_an_answer_where_the_policy_says_so(story):
    ask_for_answers()
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "decline")
    assert states(round)["eva"] == ("required", "invited")
    assert mail_to("eva")[0].startswith("Please say by 7 March 2026")


def test_alternates_move_up_in_the_order_of_their_rank(story):
    round = opened(story, "claire", "ravi", "ana", alternates=["sofia", "eva", "liam"])
    for gone, follows in (("ravi", "sofia"), ("ana", "eva"), ("sofia", "liam")):
        end(story, round, gone)
        assert states(round)[follows] == ("required", "accepted")


def test_an_alternate_who_keeps_the_round_satisfiable_goes_before_a_better_rank(story):
    also_in(story, "sofia", "cardiology")
    round = opened(story, "claire", "ana", alternates=["eva", "sofia"])
    end(story, round, "claire")
    assert states(round)["sofia"] == ("required", "accepted")
    assert states(round)["eva"] == ("alternate", "invited")


def test_an_alternate_in_the_lost_specialty_goes_before_a_better_rank(story):
    round = opened(story, "claire", "ana", alternates=["eva", "kenji"])
    end(story, round, "ana")
    assert states(round)["kenji"] == ("required", "accepted")


def test_an_alternate_who_may_not_sit_any_more_is_passed_over(story):
    round = opened(story, alternates=["eva", "liam"])
    Credential.objects.filter(member__user__username="eva").update(expires_on=story.now.date() - timedelta(days=1))
    end(story, round, "ravi")
    assert states(round)["eva"] == ("alternate", "invited")
    assert states(round)["liam"] == ("required", "accepted")


def test_when_no_alternate_is_left_the_editor_is_told(story):
    round = opened(story)
    end(story, round, "ravi", "decline")
    title = "How low should blood pressure be?"
    assert mail_to("tom") == [
        f"Ravi Menon can't review “{title}”. No alternate can take the seat over: add a member to the panel."
    ]


def test_the_editor_reads_who_takes_the_seat_over(story):
    round = opened(story, alternates=["eva"])
    seat = story.seat(round, "ravi")
    workflow.step_aside(round.article, actor=story.people["ravi"], now=story.tick(), assignment=seat, reason="On call.")
    assert mail_to("tom") == [
        "Ravi Menon can't review “How low should blood pressure be?”. Eva Novak takes the seat over."
    ]


def test_an_editor_who_releases_a_seat_gets_no_mail_about_it_while_somebody_follows(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "release")
    assert mail_to("tom") == []


def test_the_chief_editors_are_told_where_the_handling_editor_is_gone(story):
    round = opened(story)
    User.objects.filter(username="tom").update(is_active=False)
    seat = story.seat(round, "ravi")
    workflow.step_aside(round.article, actor=story.people["ravi"], now=story.tick(), assignment=seat, reason="No.")
    assert "No alternate can take" in mail_to("ingrid")[0]


def test_the_end_of_an_optional_seat_or_of_an_alternates_moves_nobody_up(story):
    round = opened(story, optional=["ana"], alternates=["eva", "liam"])
    for name in ("ana", "eva"):
        end(story, round, name)
    assert states(round)["liam"] == ("alternate", "invited")


def test_an_alternate_who_is_released_gets_no_mail(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "eva")
    assert mail_to("eva") == []


def test_a_seat_that_has_ended_or_is_complete_stays_as_it_is(story):
    round = opened(story, alternates=["eva"])
    story.sign(round, "claire")
    end(story, round, "claire")
    end(story, round, "ravi", "decline")
    end(story, round, "ravi", "release")
    assert states(round) == {
        "claire": ("required", "completed"),
        "ravi": ("required", "declined"),
        "eva": ("required", "accepted"),
    }


def test_the_promoted_member_signs_and_the_quorum_stands(story):
    round = opened(story, alternates=["eva"])
    story.sign(round, "claire")
    end(story, round, "ravi", "decline")
    assert "1 required seat" in "".join(decisions.decision_of(round).missing).replace("the verdict of ", "")
    story.sign(round, "eva")
    assert decisions.decision_of(round).needs_confirmation


def test_a_conflict_declared_on_the_page_passes_the_seat_on_too(story):
    round = opened(story, alternates=["eva"])
    story.declare(round, "ravi", has_conflict=True, details="Shares.")
    assert states(round)["ravi"] == ("required", "recused")
    assert states(round)["eva"] == ("required", "accepted")


def test_the_last_seat_given_back_leaves_it_to_the_editor(story):
    round = opened(story)
    story.sign(round, "claire")
    end(story, round, "ravi", "decline")
    assert decisions.decision_of(round).ready
    assert conditions.open_round_of(round.article) is not None
