"""Editors invite, send again and revoke; nobody else does, and nobody is asked twice at once."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial import clock, invitations
from editorial.conditions import Refused
from editorial.models import (
    BoardInvitation,
    BoardMember,
    OutboxMessage,
    User,
)
from editorial.roles import is_board
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.editorial.inviting import FORM, GOOD, PAGE, dead, fresh, sent_link, values


@pytest.fixture
def vera(people) -> BoardMember:
    """Invited by Tom just now."""
    return invitations.invite(actor=people["tom"], **values())


@pytest.mark.parametrize("who", ["nora", "claire"])
def test_only_editors_invite(people, vera, who):
    person = Person(who)
    assert person.client.get(PAGE).status_code == 403
    assert person.client.post(PAGE, {**FORM, "request_id": uuid.uuid4()}).status_code == 403
    assert person.client.get("/admin/board/invitations/").status_code == 404
    assert person.client.get(f"/admin/board/{vera.pk}/send_invitation/").status_code == 404
    with pytest.raises(Refused):
        invitations.invite(actor=people[who], **values(email="new@example.org"))
    with pytest.raises(Refused):
        invitations.revoke(vera, actor=people[who])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_name", "", "required"),
        ("first_name", "=HYPERLINK(1)", "spreadsheet"),
        ("last_name", "A\x00B", "Null characters"),
        ("email", "vera", "valid email"),
        ("specialty", "astrology", "Cardiology, Orthopaedics"),
        ("expires_on", "14.3.2027", "2027-03-14"),
        ("expires_on", "2020-01-01", "lies behind"),
        ("time_zone", "Mars/Olympus", "Europe/Paris"),
        ("licence_number", "1" * 500, "at most 60"),
        ("letters", "M" + "\u0301" * 40, "accents"),
        ("email", "tom@example.org", "invites themselves"),
        ("email", "claire@example.org", "on the list already"),
    ],
)
def test_a_form_that_cannot_stand_is_refused_in_words(people, field, value, said):
    tom = Person("tom")
    fields = {**tom.fields(PAGE, having="licence_number"), **FORM, field: value}
    page = tom.client.post(PAGE, fields)
    assert page.status_code in (403, 422)
    assert said in page.text
    assert not User.objects.filter(email="vera@example.org").exists()


def test_a_form_sent_twice_invites_once(people):
    tom = Person("tom")
    form = {**tom.fields(PAGE, having="licence_number"), **FORM}
    assert [tom.client.post(PAGE, form).status_code for _n in range(2)] == [302, 302]
    assert OutboxMessage.objects.filter(kind=invitations.KIND).count() == 1
    assert tom.client.post(PAGE, {**form, "email": "other@example.org"}).status_code == 403


def test_a_form_whose_number_was_used_for_something_else_is_refused_in_words(people, vera):
    """Another verb's number, another editor's, and one of an invitation that went to somebody else."""
    number, tom = uuid.uuid4(), Person("tom")
    assert tom.fill(f"/admin/board/{vera.pk}/revoke_invitation/", request_id=number).status_code == 302
    for person, email in ((tom, "new@example.org"), (tom, "vera@example.org"), (Person("lena"), "new@example.org")):
        refused = person.client.post(PAGE, {**FORM, "email": email, "request_id": number})
        assert refused.status_code == 403
        assert "used for something else" in refused.text
        assert "Hospital de Santa Maria" in refused.text
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_disabled_account_is_not_invited(people):
    User.objects.filter(username="nora").update(is_active=False)
    with pytest.raises(Refused, match="disabled"):
        invitations.invite(actor=people["tom"], **values(email="nora@example.org"))


def test_whoever_joined_is_not_invited_again(people, vera):
    Client().post(sent_link(), GOOD)
    with pytest.raises(Refused, match="on the board already"):
        invitations.send_invitation(fresh(vera), actor=people["tom"])


def test_a_member_who_left_is_invited_back(people, vera):
    claire = people["claire"]
    member = claire.board_member
    claire.groups.clear()
    BoardMember.objects.filter(pk=member.pk).update(left_on=clock.now().date())
    invitations.send_invitation(fresh(member), actor=people["tom"])
    sent_link("claire@example.org")
    assert Person("claire").client.post("/accounts/invitation/", {"time_zone": "Europe/Paris"}).status_code == 302
    assert fresh(member).left_on is None
    assert is_board(User.objects.get(pk=claire.pk))


def test_whoever_was_struck_off_is_not_invited_back(people, vera):
    link = sent_link()
    BoardMember.objects.filter(pk=vera.pk).update(struck_off_at=clock.now())
    assert dead(Client().get(link))
    with pytest.raises(Refused, match="struck off"):
        invitations.send_invitation(fresh(vera), actor=people["tom"])


def test_the_list_says_where_each_invitation_stands(people, vera):
    tom = Person("tom")
    page = tom.client.get("/admin/board/invitations/").text
    assert "waiting for an answer" in page
    assert "Send again" in page
    assert "Revoke" in page
    BoardInvitation.objects.update(expires_at=clock.now() - timedelta(days=1))
    assert "expired" in tom.client.get("/admin/board/invitations/").text
    BoardInvitation.objects.update(revoked_at=clock.now())
    assert "taken back" in tom.client.get("/admin/board/invitations/").text


def test_the_list_costs_the_same_however_long_it_is(people):
    tom, counts = Person("tom"), []
    for upto in (1, 3, 30):
        for n in range(BoardInvitation.objects.count(), upto):
            invitations.invite(actor=people["tom"], **values(email=f"n{n}@example.org"))
        with CaptureQueriesContext(connection) as queries:
            assert tom.client.get("/admin/board/invitations/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_names_that_are_alike_get_accounts_of_their_own(people):
    for n in range(3):
        invitations.invite(actor=people["tom"], **values(email=f"v{n}@example.org", first_name="李", last_name="娜"))
    names = User.objects.filter(first_name="李").order_by("pk").values_list("username", flat=True)
    assert list(names) == ["member", "member-2", "member-3"]


def test_whoever_invited_a_member_does_not_check_their_licence_too(people, vera):
    """One editor alone can't invent a physician: another person looks at the licence."""
    url = f"/admin/editorial/boardmember/{vera.pk}/change/"
    checked = {"credentials-0-verified_on": "2026-03-01"}
    page = Person("tom").fill(url, having="credentials-0-letters", password=PASSWORD, **checked)
    assert page.status_code == 200
    assert "somebody else has to check the licence" in page.text
    assert vera.credentials.get().verified_by is None
    assert Person("lena").fill(url, having="credentials-0-letters", password=PASSWORD, **checked).status_code == 302
    assert vera.credentials.get().verified_by == people["lena"]
    assert (
        Person("tom").fill(url, having="credentials-0-letters", password=PASSWORD, affiliation="Porto").status_code
        == 302
    )
