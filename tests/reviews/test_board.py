"""When a membership ends, seats pass on, signatures stay, and what a struck-off member signed is looked at."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.conditions import MovedOn, Refused
from editorial.models import AuditEvent, BoardMember, OutboxMessage, PersonalText, User
from editorial.roles import Role
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, Signature
from reviews.states import AssignmentState
from reviews.workflow import board
from tests.desk import Person
from tests.faults import racing
from tests.faults.racing import at_once


def fresh(member: BoardMember) -> BoardMember:
    return BoardMember.objects.select_related("user", "departure").get(pk=member.pk)


def seat_of(round, username: str) -> ReviewAssignment:
    return ReviewAssignment.objects.get(round=round, member__user__username=username)


def roles(username: str) -> set[str]:
    return {group.name for group in User.objects.get(username=username).groups.all()}


def strike(claire: BoardMember, people, **values) -> BoardMember:
    return workflow.strike_off(claire, actor=people["ingrid"], **{"reason": "Licence revoked.", **values})


def test_a_member_leaves_by_themselves(story, claire):
    round = story.round()
    page = Person("claire")
    assert "Leave the board" in page.client.get("/admin/membership/").text
    left = page.fill(f"/admin/board/{claire.pk}/own_leave/", reason="")
    assert (left.status_code, left.url) == (302, "/")
    claire = fresh(claire)
    assert (claire.left_on, claire.struck_off_at, claire.departure) == (clock.now().date(), None, None)
    assert roles("claire") == set()
    seat = seat_of(round, "claire")
    assert (seat.state, seat.reason) == (AssignmentState.RELEASED, "left the board")
    assert page.client.get("/admin/").status_code in (302, 403)
    assert Article.objects.get(pk=round.article_id).state == ArticleState.UNDER_REVIEW
    told = OutboxMessage.objects.filter(payload__text__icontains="Claire Dubois")
    assert {message.recipient.username for message in told} >= {"tom", "ingrid"}


def test_what_a_member_signed_stays_when_they_leave(story, claire):
    article = story.published()
    before = article.publications.get().evidence
    workflow.leave_board(claire, actor=claire.user, reason="I retire.")
    assert Signature.objects.get(signer=claire.user).shown_name == "Claire Dubois"
    assert article.publications.get().evidence == before
    assert racing.problems() == []


def test_a_seat_with_a_signature_stays_and_the_other_one_passes_on(story, claire, people):
    round = story.round()
    story.sign(round, "claire")
    workflow.leave_board(claire, actor=claire.user)
    assert seat_of(round, "claire").state == AssignmentState.COMPLETED
    story.sign(round, "ravi")
    assert story.confirm(round.article).state == ArticleState.APPROVED
    assert racing.problems() == []


def test_a_release_may_complete_the_quorum_and_the_same_transaction_decides(story, claire):
    round = story.round("claire", "ravi", "eva", risk="standard")
    story.sign(round, "ravi")
    story.sign(round, "eva")
    workflow.leave_board(claire, actor=claire.user)
    assert story.confirm(round.article).state == ArticleState.APPROVED


def test_every_open_seat_passes_on(story, claire):
    rounds = [story.round(title=f"Question {n}?") for n in range(3)]
    workflow.leave_board(claire, actor=claire.user)
    assert [seat_of(round, "claire").state for round in rounds] == [AssignmentState.RELEASED] * 3
    assert [seat_of(round, "ravi").state for round in rounds] == [AssignmentState.ACCEPTED] * 3


def test_the_reason_is_kept_apart_and_the_chain_is_bound_to_it(story, claire):
    workflow.leave_board(claire, actor=claire.user, reason="My health.")
    event = AuditEvent.objects.get(kind="member.left")
    assert "health" not in event.body
    assert fresh(claire).departure.text == "My health."
    assert racing.problems() == []
    PersonalText.objects.update(text="Something else")
    assert len(racing.problems()) == 1


def test_leaving_twice_is_refused_and_the_same_form_sent_twice_acts_once(people, claire):
    number = uuid.uuid4()
    for _again in range(2):
        workflow.leave_board(claire, actor=claire.user, request=number)
    assert AuditEvent.objects.filter(kind="member.left").count() == 1
    with pytest.raises(Refused, match="ended already"):
        workflow.leave_board(claire, actor=claire.user)


@pytest.mark.parametrize("who", ["tom", "ravi", "nora"])
def test_nobody_but_a_chief_says_that_somebody_else_left(story, claire, people, who):
    round = story.round()
    with pytest.raises(Refused):
        workflow.leave_board(claire, actor=people[who])
    assert seat_of(round, "claire").state == AssignmentState.ACCEPTED
    person = Person(who)
    assert person.client.get(f"/admin/board/{claire.pk}/own_leave/").status_code == 404
    assert person.client.get(f"/admin/board/{claire.pk}/left/").status_code == 404


def test_a_chief_writes_down_that_somebody_left(claire, people):
    ingrid = Person("ingrid")
    assert "Write down that they left" in ingrid.client.get(f"/admin/editorial/boardmember/{claire.pk}/change/").text
    assert ingrid.fill(f"/admin/board/{claire.pk}/left/", reason="By letter.").status_code == 302
    assert fresh(claire).left_on is not None


def test_other_roles_stay_when_a_member_leaves(people, claire):
    claire.user.groups.add(Group.objects.get(name=Role.AUTHOR))
    workflow.leave_board(claire, actor=claire.user)
    assert roles("claire") == {Role.AUTHOR}


def test_the_page_says_what_the_board_loses(story, people):
    story.round()
    sofia = people["sofia"].board_member
    said = board.what_ends(sofia)
    assert "Nobody else on the board has a valid credential in Pharmacology." in said
    assert "1 open review passes on." in board.what_ends(people["claire"].board_member)
    for name in set(people) - {"sofia"}:
        people[name].groups.remove(Group.objects.get(name=Role.BOARD))
    assert "Nobody else is on the board: without it no article can be approved." in board.what_ends(sofia)


def test_the_page_says_which_other_roles_stay(people, claire):
    claire.user.groups.add(Group.objects.get(name=Role.CHIEF))
    assert "Other roles stay (chief editor, editor); they are taken away on the account's page." in board.what_ends(
        claire
    )


def test_a_stale_page_is_refused(people, claire):
    with pytest.raises(MovedOn):
        workflow.leave_board(claire, actor=claire.user, expected="something older")
    assert fresh(claire).left_on is None


def account_page(user: User) -> str:
    return f"/admin/editorial/user/{user.pk}/change/"


def test_a_role_taken_away_in_the_admin_passes_the_seats_on(story, people):
    round = story.round()
    saved = Person("ingrid").fill(account_page(people["claire"]), having="first_name", groups=[], password=PASSWORD)
    assert saved.status_code == 302
    seat = seat_of(round, "claire")
    assert (seat.state, seat.reason) == (AssignmentState.RELEASED, "no longer on the board")


def test_a_disabled_account_passes_the_seats_on(story, people):
    round = story.round()
    assert (
        Person("ingrid")
        .fill(account_page(people["claire"]), having="first_name", is_active=None, password=PASSWORD)
        .status_code
        == 302
    )
    assert seat_of(round, "claire").state == AssignmentState.RELEASED


def test_any_other_change_of_an_account_leaves_the_seats(story, people):
    round = story.round()
    Person("ingrid").fill(account_page(people["claire"]), having="first_name", first_name="Clara", password=PASSWORD)
    assert seat_of(round, "claire").state == AssignmentState.ACCEPTED


@pytest.mark.parametrize("change", [{"groups": []}, {"is_active": None}])
def test_the_last_chief_editor_keeps_the_role(people, change):
    root = people["lena"]
    root.is_superuser = True
    root.save()
    page = Person("lena").fill(account_page(people["ingrid"]), having="first_name", password=PASSWORD, **change)
    assert page.status_code == 200
    assert "last chief editor" in page.text
    assert roles("ingrid") == {Role.CHIEF}
    people["tom"].groups.add(Group.objects.get(name=Role.CHIEF))
    assert (
        Person("lena")
        .fill(account_page(people["ingrid"]), having="first_name", password=PASSWORD, **change)
        .status_code
        == 302
    )


def test_the_role_is_not_given_back_to_whoever_was_struck_off(claire, people):
    strike(claire, people)
    boards = Group.objects.get(name=Role.BOARD).pk
    page = Person("ingrid").fill(account_page(claire.user), having="first_name", groups=[boards], password=PASSWORD)
    assert "struck off" in page.text
    assert roles("claire") == set()


def test_a_membership_is_not_ended_or_handed_over_by_editing_its_row(claire, people):
    url = f"/admin/editorial/boardmember/{claire.pk}/change/"
    tom = Person("tom")
    fields = tom.fields(url, having="affiliation")
    assert "left_on" not in fields
    tom.client.post(url, {**fields, "left_on": "2026-01-01", "user": people["nora"].pk, "password": PASSWORD})
    assert fresh(claire).left_on is None
    assert fresh(claire).user == people["claire"]


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_leaving_against_signing_has_one_outcome_and_loses_nothing(story, claire):
    round = story.round()
    story.declare(round, "claire")
    turns = iter(["leave", "sign"])

    def act(turn: str):
        try:
            if turn == "leave":
                workflow.leave_board(fresh(claire), actor=claire.user)
            else:
                story.sign(round, "claire")
        except Refused as refused:
            return refused.reason
        return turn

    answers = at_once(2, lambda: act(next(turns)))
    assert "leave" in answers
    signed = Signature.objects.filter(round=round).count()
    assert ("sign" in answers) == bool(signed)
    seat = seat_of(round, "claire")
    assert seat.state == (AssignmentState.COMPLETED if signed else AssignmentState.RELEASED)
    assert roles("claire") == set()
    assert racing.problems() == []


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_leaving_and_being_struck_off_at_once_end_one_membership(story, claire, people):
    rounds = [story.round(title=f"Question {n}?") for n in range(2)]

    def end(who: str):
        try:
            if who == "claire":
                workflow.leave_board(fresh(claire), actor=people["claire"])
            else:
                strike(fresh(claire), people)
        except Refused as refused:
            return refused.reason
        return "ended"

    turns = iter(["claire", "ingrid"])
    answers = at_once(2, lambda: end(next(turns)))
    assert "ended" in answers
    assert [seat_of(round, "claire").state for round in rounds] == [AssignmentState.RELEASED] * 2
    assert roles("claire") == set()
    assert racing.problems() == []
