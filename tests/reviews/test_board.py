"""When a membership ends, seats pass on, signatures stay, and what a struck-off member signed is looked at."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.conditions import MovedOn, Refused
from editorial.models import AuditEvent, BoardMember, OutboxMessage, PersonalText, User
from editorial.roles import Role, is_board
from reviews import standing, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, Signature, SignatureVoided
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


@pytest.fixture
def claire(people) -> BoardMember:
    return people["claire"].board_member


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


def strike(claire: BoardMember, people, **values) -> BoardMember:
    return workflow.strike_off(claire, actor=people["ingrid"], **{"reason": "Licence revoked.", **values})


def test_a_chief_strikes_a_member_off_at_once(story, claire, people):
    round = story.round()
    theirs = Person("claire")
    url = f"/admin/reviews/{seat_of(round, 'claire').pk}/"
    assert theirs.client.get(url).status_code == 200
    ingrid = Person("ingrid")
    struck = ingrid.fill(f"/admin/board/{claire.pk}/strike_off/", reason="Licence revoked.")
    assert struck.status_code == 302
    claire = fresh(claire)
    assert claire.struck_off_at is not None
    assert claire.left_on is not None
    assert claire.departure.text == "Licence revoked."
    assert not is_board(User.objects.get(pk=claire.user_id))
    assert seat_of(round, "claire").state == AssignmentState.RELEASED
    assert theirs.client.get(url).status_code != 200  # the session that is open opens nothing any more
    assert theirs.client.get("/admin/membership/").status_code != 200
    event = AuditEvent.objects.get(kind="member.struck_off")
    assert "revoked" not in event.body
    assert racing.problems() == []


def test_the_reason_is_told_to_nobody(claire, people):
    strike(claire, people)
    texts = str(list(OutboxMessage.objects.values_list("payload", flat=True)))
    assert "Licence revoked" not in texts
    assert OutboxMessage.objects.filter(recipient=claire.user, payload__text__icontains="has ended").exists()


@pytest.mark.parametrize("who", ["tom", "ravi", "nora", "claire"])
def test_only_a_chief_strikes_off(claire, people, who):
    with pytest.raises(Refused):
        workflow.strike_off(claire, actor=people[who], reason="No.")
    person = Person(who)
    assert person.client.get(f"/admin/board/{claire.pk}/strike_off/").status_code == 404
    assert person.client.get("/admin/struck-off/").status_code == 404


def test_nobody_strikes_themselves_off(people, claire):
    claire.user.groups.add(Group.objects.get(name=Role.CHIEF))
    with pytest.raises(Refused, match="strikes themselves"):
        workflow.strike_off(claire, actor=claire.user, reason="Me.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_striking_off_needs_a_reason(claire, people, reason):
    with pytest.raises(Refused, match="reason"):
        strike(claire, people, reason=reason)
    assert Person("ingrid").fill(f"/admin/board/{claire.pk}/strike_off/", reason=reason).status_code == 422
    assert fresh(claire).struck_off_at is None


def test_whoever_left_may_be_struck_off_afterwards_but_not_twice(claire, people):
    workflow.leave_board(claire, actor=claire.user, reason="Tired.")
    day = clock.now().date() - timedelta(days=3)
    BoardMember.objects.filter(pk=claire.pk).update(left_on=day)
    strike(fresh(claire), people)
    assert fresh(claire).left_on == day
    with pytest.raises(Refused, match="already"):
        strike(fresh(claire), people)
    assert racing.problems() == []


def test_someone_struck_off_between_opening_the_page_and_signing_is_refused_and_nothing_is_recorded(story, people):
    round = story.round()
    story.declare(round, "claire")
    page = Person("claire")
    url = f"/admin/reviews/{seat_of(round, 'claire').pk}/"
    form = page.fields(url, having="password")
    strike(people["claire"].board_member, people)
    refused = page.client.post(url, {**form, "verdict": "approve", "password": "correct horse battery", "sign": "1"})
    assert refused.status_code in (302, 403, 404)
    assert not Signature.objects.exists()


def test_what_a_struck_off_member_signed_waits_for_the_chief(story, claire, people):
    published = story.published(title="Is it live?")
    running = story.round(title="Is it running?")
    story.sign(running, "claire")
    withdrawn = story.round(title="Was it withdrawn?")
    story.sign(withdrawn, "claire")
    workflow.withdraw(withdrawn.article, actor=people["tom"], now=story.tick(), reason="Wrong.")
    assert list(board_page_titles()) == []
    strike(claire, people)
    assert board_page_titles() == [published.title, running.article.title]
    page = Person("ingrid").client.get("/admin/struck-off/").text
    assert "version 1" in page
    assert "under review" in page
    assert "Claire Dubois" in page


def board_page_titles() -> list[str]:
    return [signature.round.article.title for signature in standing.to_check()]


def test_a_withdrawn_signature_waits_no_more(story, claire, people):
    story.published()
    strike(claire, people)
    signature = Signature.objects.get(signer=claire.user)
    SignatureVoided.objects.create(signature=signature, by=people["ingrid"], reason="Unsafe.", at=story.tick())
    assert board_page_titles() == []


def test_the_queue_costs_the_same_however_long_it_is(story, claire, people):
    ingrid, counts = Person("ingrid"), []
    claire.struck_off_at = clock.now()
    made = 0
    for upto in (1, 3, 12):
        while made < upto:
            round = story.round("claire", "ravi", title=f"Question {made}?")
            BoardMember.objects.update(load_limit=99)
            story.sign(round, "claire")
            made += 1
        BoardMember.objects.filter(pk=claire.pk).update(struck_off_at=clock.now())
        with CaptureQueriesContext(connection) as queries:
            assert ingrid.client.get("/admin/struck-off/").status_code == 200
        BoardMember.objects.filter(pk=claire.pk).update(struck_off_at=None)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


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
