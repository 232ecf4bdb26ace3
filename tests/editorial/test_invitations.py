"""People join the board by a link that only their own mailbox got; nobody sets another person's password."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial import clock, invitations, outbox
from editorial.conditions import Refused
from editorial.models import (
    AuditEvent,
    BoardInvitation,
    BoardMember,
    Credential,
    Notification,
    OutboxMessage,
    Specialty,
    User,
)
from editorial.roles import Role, is_board
from tests.desk import Person
from tests.faults.racing import at_once

WORDS = "three wise owls at noon"
GOOD = {"password": WORDS, "again": WORDS, "time_zone": "Europe/Lisbon"}
FORM = {
    "first_name": "Vera",
    "last_name": "Ngô Đình",
    "email": "vera@example.org",
    "specialty": "cardiology",
    "letters": "MD",
    "licence_number": "V-1",
    "issuer": "Ordem dos Médicos",
    "expires_on": "2031-05-01",
    "affiliation": "Hospital de Santa Maria",
    "time_zone": "Europe/Lisbon",
}
PAGE = "/admin/board/invite/"


def values(**own):
    cleaned = {"expires_on": clock.now().date() + timedelta(days=900), "load_limit": None}
    return {**FORM, **cleaned, "specialty": Specialty.objects.get(slug="cardiology"), **own}


@pytest.fixture
def vera(people) -> BoardMember:
    """Invited by Tom just now."""
    return invitations.invite(actor=people["tom"], **values())


def sent_link(address: str = "vera@example.org") -> str:
    """The path in the last mail to this address."""
    outbox.send_due(now=clock.now())
    bodies = [message.body for message in mail.outbox if message.to == [address]]
    return re.search(r"(/accounts/invitation/\S+)", bodies[-1]).group(1)


def fresh(member: BoardMember) -> BoardMember:
    return BoardMember.objects.select_related("user").get(pk=member.pk)


def test_an_editor_invites_and_the_person_signs_in_with_a_password_of_their_own(people):
    assert Person("tom").fill(PAGE, having="licence_number", **FORM).status_code == 302
    user = User.objects.get(email="vera@example.org")
    assert (user.username, user.get_full_name()) == ("vera.ngo-inh", "Vera Ngô Đình")
    assert not user.has_usable_password()
    assert not user.groups.exists()
    credential = Credential.objects.get(member__user=user)
    assert (credential.verified_on, credential.verified_by) == (None, None)

    client, link = Client(), sent_link()
    page = client.get(link)
    assert page.status_code == 200
    assert "Vera Ngô Đình" in page.text
    assert "Tom Okafor" in page.text
    done = client.post(link, GOOD)
    assert (done.status_code, done.url) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert user.check_password(WORDS)
    assert user.time_zone == "Europe/Lisbon"
    assert is_board(User.objects.get(pk=user.pk))
    assert client.login(username="vera@example.org", password=WORDS)
    assert client.get("/admin/").status_code == 200
    kinds = AuditEvent.objects.filter(subject=user.board_member.subject).values_list("kind", flat=True)
    assert list(kinds) == ["member.added", "member.invited", "member.joined"]


@pytest.mark.parametrize("way", ["get", "head"])
def test_following_the_link_changes_nothing(vera, way):
    link = sent_link()
    for _again in range(3):
        assert getattr(Client(), way)(link).status_code == 200
    invitation = BoardInvitation.objects.get()
    assert (invitation.accepted_at, invitation.revoked_at) == (None, None)
    assert not fresh(vera).user.has_usable_password()


def test_the_token_rests_nowhere(vera):
    token = sent_link().rstrip("/").rpartition("/")[2]
    secret = token.partition(".")[2]
    rows = [*OutboxMessage.objects.values(), *Notification.objects.values(), *BoardInvitation.objects.values()]
    assert secret not in str(rows)
    assert secret not in str(list(AuditEvent.objects.values()))
    assert Notification.objects.get(user=vera.user).path == "/accounts/invitation/"


def dead(page) -> bool:
    return page.status_code == 404 and "Ask the editor who wrote to you for a new invitation" in page.text


def test_a_link_works_once(vera):
    link = sent_link()
    assert Client().post(link, GOOD).status_code == 302
    # Who has joined has a password: the link leads to sign-in alone, and this one is used up besides.
    assert dead(Client().get(link))
    again = {**GOOD, "password": "another password here", "again": "another password here"}
    assert dead(Client().post(link, again))
    assert fresh(vera).user.check_password(WORDS)


def test_a_link_expires_after_fourteen_days(vera):
    link = sent_link()
    BoardInvitation.objects.update(expires_at=clock.now() + timedelta(seconds=30))
    assert Client().get(link).status_code == 200
    BoardInvitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert dead(Client().get(link))
    assert dead(Client().post(link, GOOD))
    assert not fresh(vera).user.has_usable_password()


def test_the_days_are_fourteen(vera):
    invitation = BoardInvitation.objects.get()
    assert invitation.expires_at - invitation.invited_at == timedelta(days=14)


def test_sending_again_kills_the_old_link(vera):
    old, tom = sent_link(), Person("tom")
    assert tom.fill(f"/admin/board/{vera.pk}/send_invitation/").status_code == 302
    new = sent_link()
    assert new != old
    assert dead(Client().get(old))
    assert Client().get(new).status_code == 200


def test_a_revoked_link_is_dead_and_its_mail_is_not_sent(vera):
    assert Person("tom").fill(f"/admin/board/{vera.pk}/revoke_invitation/").status_code == 302
    assert outbox.send_due(now=clock.now()) == {"skipped": 1}
    assert dead(Client().get(f"/accounts/invitation/{invitations.token_of(BoardInvitation.objects.get())}/"))


def test_a_link_dies_when_the_address_it_went_to_is_changed(vera):
    link = sent_link()
    User.objects.filter(pk=vera.user_id).update(email="somebody.else@example.org")
    assert dead(Client().get(link))


@pytest.mark.parametrize("token", ["x", "0" * 32, "0" * 32 + ".", "é.è", "%00", "a" * 300, "..", "١٢٣.٤"])
def test_a_forged_link_gets_the_same_page(vera, token):
    assert dead(Client().get(f"/accounts/invitation/{token}/"))
    assert dead(Client().post(f"/accounts/invitation/{token}/", GOOD))


def test_one_invitations_signature_opens_no_other(vera, people):
    other = invitations.invite(actor=people["tom"], **values(email="w@example.org", first_name="Wim"))
    signature = invitations.token_of(vera.invitations.get()).partition(".")[2]
    assert dead(Client().get(f"/accounts/invitation/{other.invitations.get().uuid.hex}.{signature}/"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "vera@example.org", "again": "vera@example.org"}, "too similar"),
        ({"password": "passwordpassword", "again": "another one here"}, "aren&#x27;t the same"),
        ({"password": "", "again": ""}, "required"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"password": "x" * 500, "again": "x" * 500}, "at most 128"),
    ],
)
def test_a_bad_password_or_zone_is_refused_in_words_and_the_link_lives_on(vera, sent, said):
    link = sent_link()
    page = Client().post(link, {**GOOD, **sent})
    assert page.status_code == 422
    assert said in page.text
    assert not fresh(vera).user.has_usable_password()
    assert Client().post(link, GOOD).status_code == 302


def test_an_account_that_stands_accepts_signed_in_and_keeps_its_password(people):
    nora = people["nora"]
    member = invitations.invite(actor=people["tom"], **values(email="NORA@example.org"))
    assert member.user == nora
    link, before = sent_link("nora@example.org"), nora.password
    page = Client().get(link)
    assert "Sign in to answer" in page.text
    assert "Choose a password" not in page.text
    Client().post(link, GOOD)  # whoever has the link alone changes nothing
    nora.refresh_from_db()
    assert (nora.password, is_board(nora)) == (before, False)

    desk = Person("nora")
    assert desk.client.get(link).url == "/accounts/invitation/"
    assert desk.client.post("/accounts/invitation/", {"time_zone": "Europe/Rome"}).status_code == 302
    nora = User.objects.get(pk=nora.pk)
    assert nora.check_password("correct horse battery")
    assert {group.name for group in nora.groups.all()} == {Role.AUTHOR, Role.BOARD}
    assert dead(desk.client.get("/accounts/invitation/"))


def test_nobody_accepts_for_somebody_else(vera, people):
    link = sent_link()
    assert dead(Person("stranger").client.get("/accounts/invitation/"))
    with pytest.raises(Refused, match="somebody else"):
        invitations.accept(vera, actor=people["stranger"], invitation=BoardInvitation.objects.get(), time_zone="UTC")
    assert Client().get("/accounts/invitation/").url.startswith("/accounts/login/")
    assert Client().get(link).status_code == 200


def test_whoever_set_a_password_by_the_reset_link_first_still_gets_in_signed_in(vera):
    user = fresh(vera).user
    user.set_password(WORDS)
    user.save()
    link = sent_link()
    Client().post(link, {**GOOD, "password": "not the owner's word", "again": "not the owner's word"})
    assert User.objects.get(pk=user.pk).check_password(WORDS)


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


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_two_people_with_one_link_set_one_password(vera):
    link = sent_link()
    pages = at_once(4, lambda: Client().post(link, GOOD).status_code)
    assert sorted(pages) == [302, 404, 404, 404]
    assert Group.objects.get(name=Role.BOARD).user_set.filter(pk=vera.user_id).count() == 1
