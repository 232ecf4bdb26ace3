"""People join the board by a link that only their own mailbox got; nobody sets another person's password."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from editorial import clock, invitations
from editorial.conditions import Refused
from editorial.models import (
    AuditEvent,
    BoardInvitation,
    BoardMember,
    Credential,
    Notification,
    OutboxMessage,
    User,
)
from editorial.roles import Role, is_board
from tests.desk import Person
from tests.editorial.inviting import FORM, GOOD, PAGE, WORDS, dead, fresh, send_all, sent_link, values
from tests.faults.racing import at_once


@pytest.fixture
def vera(people) -> BoardMember:
    """Invited by Tom just now."""
    return invitations.invite(actor=people["tom"], **values())


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
    assert send_all() == {"skipped": 1}
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
    assert "Sign out, then open this link again" in Person("ravi").client.get(link).text
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


def test_the_verb_itself_never_sets_the_password_of_an_account_that_has_one(people):
    nora = people["nora"]
    member = invitations.invite(actor=people["tom"], **values(email=nora.email))
    with pytest.raises(Refused, match="Sign in to accept"):
        invitations.accept(
            member, actor=nora, invitation=member.invitations.get(), time_zone="UTC", password="not the owner's"
        )
    assert User.objects.get(pk=nora.pk).password == nora.password
    with pytest.raises(ValidationError, match="time zone"):
        invitations.accept(member, actor=nora, invitation=member.invitations.get(), time_zone="Mars/Olympus")


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_two_people_with_one_link_set_one_password(vera):
    link = sent_link()
    pages = at_once(4, lambda: Client().post(link, GOOD).status_code)
    assert sorted(pages) == [302, 404, 404, 404]
    assert Group.objects.get(name=Role.BOARD).user_set.filter(pk=vera.user_id).count() == 1
