"""A seat that ends passes on: to the next alternate, or to the cover of whoever is away."""

from datetime import date, timedelta

import pytest

from editorial.models import Absence, AuditEvent, BoardMember, Credential, OutboxMessage, Specialty, User
from reviews import conditions, decisions, workflow
from reviews.models import ReviewAssignment, ReviewDraft
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.panels import ask_for_answers, events, mail_to, opened, states

WAYS = ("decline", "recuse", "release", "expire")


def end(story, round, username: str, how: str = "release", reason: str = "For the test."):
    seat = story.seat(round, username)
    seat.round = round
    actor = User.system() if how == "expire" else story.people["tom"]
    return workflow.vacate(seat, how, reason=reason, actor=actor, now=story.tick())


def also_in(story, username: str, slug: str) -> None:
    """A second licence."""
    copied = Credential.objects.filter(member__user__username=username).values().first()
    field = Specialty.objects.get(slug=slug)
    Credential.objects.create(**{**copied, "id": None, "specialty_id": field.pk})


def away(story, username: str, *, first: date, last: date, cover: str = "") -> Absence:
    people = story.people
    return Absence.objects.create(
        member=people[username].board_member,
        first_day=first,
        last_day=last,
        cover=people[cover].board_member if cover else None,
    )


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


# Waiting alternates


def test_a_waiting_alternate_is_not_written_to_reads_nothing_and_is_shown_nothing(story):
    round = opened(story, alternates=["eva"])
    seat, eva = story.seat(round, "eva"), Person("eva")
    assert mail_to("eva") == []
    assert eva.client.get(seat.get_absolute_url()).status_code == 404
    assert eva.client.post(seat.get_absolute_url(), {"declare": "1"}).status_code == 404
    assert round.article.title not in eva.client.get("/admin/").text
    for verb in ("accept", "step_aside", "recuse"):
        assert eva.client.get(f"/admin/seats/{seat.pk}/{verb}/").status_code == 404


@pytest.mark.parametrize("verb", ["declare", "step_aside", "accept", "recuse"])
def test_a_waiting_alternate_has_nothing_to_answer(verb, story):
    round = opened(story, alternates=["eva"])
    given = {"declare": {"has_conflict": False}, "accept": {}}.get(verb, {"reason": "No."})
    refusal = conditions.may_answer(story.seat(round, "eva"), story.people["eva"])
    assert refusal.reason == "You stand by as an alternate: nothing is asked of you yet."
    with pytest.raises(Exception, match="You stand by as an alternate"):
        getattr(workflow, verb)(
            round.article,
            actor=story.people["eva"],
            now=story.tick(),
            assignment=story.seat(round, "eva"),
            **given,
        )


def test_after_promotion_the_text_can_be_read(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "decline")
    assert Person("eva").client.get(story.seat(round, "eva").get_absolute_url()).status_code == 200


@pytest.mark.parametrize("verdict", [VerdictKind.CHANGES_NEEDED, VerdictKind.APPROVE])
def test_a_round_that_closes_releases_its_alternates_without_a_word(verdict, story):
    round = opened(story, alternates=["eva"])
    story.sign(round, "claire", verdict, comment="The dose.")
    if verdict == VerdictKind.APPROVE:
        story.confirm(story.sign(round, "ravi"))
    assert states(round)["eva"] == ("alternate", "released")
    assert not OutboxMessage.objects.filter(recipient__username="eva").exists()


def test_members_see_no_alternates_and_editors_see_them_in_line(story):
    round = opened(story, alternates=["eva", "liam"])
    page = Person("claire").client.get(story.seat(round, "claire").get_absolute_url()).text
    assert "Eva Novak" not in page
    desk = Person("tom").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert "alternate 1" in desk
    assert "Standing by" in desk


# Cover

DUE = date(2026, 3, 23)


def covered(story, *, cover: str = "eva", first: date = date(2026, 3, 20), last: date = date(2026, 3, 27), **values):
    """Ravi is away when his review is due; his seat after the clock has looked at it."""
    round = opened(story, **values)
    away(story, "ravi", first=first, last=last, cover=cover)
    workflow.look_after_seats(now=story.tick())
    return round


def test_whoever_is_away_on_the_due_day_is_covered_by_whom_they_named(story):
    round = covered(story, alternates=["liam"])
    assert states(round) == {
        "claire": ("required", "accepted"),
        "ravi": ("required", "released"),
        "eva": ("required", "accepted"),
        "liam": ("alternate", "invited"),
    }
    seat = story.seat(round, "eva")
    assert seat.replaces == story.seat(round, "ravi")
    assert events(seat) == ["made", "covered"]
    assert mail_to("eva") == ["Please review “How low should blood pressure be?” by 23 March 2026."]
    assert story.seat(round, "ravi").reason == "absent on the due day (23 March 2026)"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 3), date(2026, 3, 22)),
        (date(2026, 3, 24), date(2026, 4, 24)),
    ],
)
def test_an_absence_that_does_not_hold_the_due_day_passes_nothing_on(first, last, story):
    assert states(covered(story, first=first, last=last))["ravi"] == ("required", "accepted")


def test_a_cover_who_may_not_sit_makes_way_for_an_alternate(story):
    BoardMember.objects.filter(user__username="eva").update(load_limit=0)
    round = covered(story, alternates=["liam"])
    assert "eva" not in states(round)
    assert states(round)["liam"] == ("required", "accepted")
    assert events(story.seat(round, "liam")) == ["made", "promoted"]


def test_a_cover_who_would_leave_the_round_unsatisfiable_makes_way_for_an_alternate(story):
    also_in(story, "sofia", "cardiology")
    article = story.triaged()
    round = opened(story, "ravi", "ana", article=article, alternates=["sofia"])
    away(story, "ravi", first=DUE, last=DUE, cover="eva")
    workflow.look_after_seats(now=story.tick())
    assert states(round)["sofia"] == ("required", "accepted")
    assert "eva" not in states(round)


def test_a_cover_who_stands_by_as_an_alternate_moves_up(story):
    round = covered(story, alternates=["liam", "eva"])
    assert states(round)["eva"] == ("required", "accepted")
    assert states(round)["liam"] == ("alternate", "invited")
    assert events(story.seat(round, "eva")) == ["made", "covered"]


def test_a_cover_who_sits_on_the_panel_already_takes_no_second_seat(story):
    round = covered(story, cover="claire", alternates=["liam"])
    assert states(round)["liam"] == ("required", "accepted")
    assert round.assignments.filter(member__user__username="claire").count() == 1


def test_without_a_cover_the_alternate_takes_over(story):
    assert states(covered(story, cover="", alternates=["liam"]))["liam"] == ("required", "accepted")


def test_when_nobody_can_take_over_the_seat_stays_and_the_editor_is_told_once(story):
    round = covered(story, cover="")
    for _hour in range(3):
        workflow.look_after_seats(now=story.tick())
    assert states(round)["ravi"] == ("required", "accepted")
    told = [text for text in mail_to("tom") if "is away when the review" in text]
    assert len(told) == 1
    assert events(story.seat(round, "ravi")) == ["made", "uncovered"]


def test_a_new_due_day_in_the_absence_is_told_again_and_one_outside_ends_the_question(story):
    round = covered(story, cover="")
    tom = story.people["tom"]
    for day, times in ((date(2026, 3, 26), 2), (date(2026, 4, 10), 2)):
        seat = story.seat(round, "ravi")
        workflow.extend(round.article, actor=tom, now=story.tick(), assignment=seat, reason="Later.", review_on=day)
        workflow.look_after_seats(now=story.tick())
        assert events(story.seat(round, "ravi")).count("uncovered") == times


def test_whoever_has_begun_to_write_keeps_the_seat_until_they_leave(story):
    round = opened(story)
    away(story, "ravi", first=date(2026, 3, 20), last=date(2026, 3, 27), cover="eva")
    ReviewDraft.objects.create(assignment=story.seat(round, "ravi"), saved_at=story.now)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["ravi"] == ("required", "accepted")
    story.now = story.now.replace(day=20, hour=12)
    workflow.look_after_seats(now=story.now)
    assert states(round)["ravi"] == ("required", "released")


def test_an_optional_seat_passes_to_a_cover_and_never_to_an_alternate(story):
    round = opened(story, optional=["ana"], alternates=["liam"])
    away(story, "ana", first=DUE, last=DUE)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["ana"] == ("optional", "accepted")
    Absence.objects.update(cover=story.people["eva"].board_member)
    workflow.look_after_seats(now=story.tick())
    assert states(round)["eva"] == ("optional", "accepted")
    assert states(round)["liam"] == ("alternate", "invited")


def test_a_waiting_alternate_who_is_away_keeps_standing_by(story):
    round = opened(story, alternates=["liam"])
    away(story, "liam", first=DUE, last=DUE, cover="eva")
    workflow.look_after_seats(now=story.tick())
    assert states(round)["liam"] == ("alternate", "invited")


def test_the_seats_of_one_member_are_covered_as_soon_as_their_absence_is_known(story):
    rounds = [opened(story, fields={"title": f"Question {number}?"}) for number in range(3)]
    away(story, "ravi", first=DUE, last=DUE, cover="eva")
    workflow.cover_absences(story.people["ravi"].board_member, now=story.tick())
    assert [states(round)["eva"] for round in rounds] == [("required", "accepted")] * 3
    assert ReviewAssignment.objects.owed().filter(member__user__username="ravi").count() == 0


def test_running_it_again_changes_nothing(story):
    round = covered(story, alternates=["liam"])
    before = (states(round), AuditEvent.objects.count(), OutboxMessage.objects.count())
    workflow.look_after_seats(now=story.tick())
    assert (states(round), AuditEvent.objects.count(), OutboxMessage.objects.count()) == before
