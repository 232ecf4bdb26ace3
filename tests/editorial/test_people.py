"""Nobody makes themselves qualified, and nobody can take another person's place."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from editorial.models import AuditEvent, Credential, Interest, User
from editorial.roles import Role
from tests.desk import Person


def test_a_chief_cannot_set_another_persons_password_or_address(people):
    ingrid, claire = Person("ingrid"), people["claire"]
    assert ingrid.client.get(f"/admin/editorial/user/{claire.pk}/password/").status_code == 404
    url = f"/admin/editorial/user/{claire.pk}/change/"
    ingrid.fill(url, having="first_name", email="thief@example.org")
    claire.refresh_from_db()

    assert claire.email == "claire@example.org"
    assert claire.check_password("correct horse battery")


def test_nobody_gives_themselves_a_role(people):
    ingrid = Person("ingrid")
    board = Group.objects.get(name=Role.BOARD).pk
    ingrid.fill(f"/admin/editorial/user/{people['ingrid'].pk}/change/", having="first_name", groups=[board])

    assert [group.name for group in people["ingrid"].groups.all()] == [Role.CHIEF]


def test_a_new_account_has_no_password_until_its_owner_sets_one(people):
    ingrid = Person("ingrid")
    added = ingrid.fill(
        "/admin/editorial/user/add/", having="username", username="vera", email="vera@example.org", time_zone="UTC"
    )
    assert added.status_code == 302
    assert not User.objects.get(username="vera").has_usable_password()
    Client().post("/accounts/password/reset/", {"email": "vera@example.org"})
    assert len(mail.outbox) == 1


def test_the_link_that_resets_a_password_is_built_from_the_settings(people, settings):
    Client().post("/accounts/password/reset/", {"email": "claire@example.org"}, headers={"host": "testserver:1337"})

    assert settings.PUBLIC_URL in mail.outbox[0].body
    assert "1337" not in mail.outbox[0].body + mail.outbox[0].subject


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/signup/", "/accounts/confirm-email/"])
def test_account_pages_that_could_redirect_a_reset_are_not_served(people, path):
    assert Person("claire").client.get(path).status_code == 404


def test_whoever_enters_the_day_of_verification_is_the_verifier(people):
    credential = people["claire"].board_member.credentials.get()
    tom = Person("tom")
    url = f"/admin/editorial/boardmember/{people['claire'].board_member.pk}/change/"
    saved = tom.fill(url, having="credentials-0-letters", **{"credentials-0-verified_on": "2026-03-01"})

    assert saved.status_code == 302
    assert Credential.objects.get(pk=credential.pk).verified_by == people["tom"]
    assert AuditEvent.objects.filter(kind="boardmember.changed").exists()


def test_nobody_edits_their_own_board_record(people):
    people["eva"].groups.add(Group.objects.get(name=Role.EDITOR))
    url = f"/admin/editorial/boardmember/{people['eva'].board_member.pk}/change/"

    assert Person("eva").client.post(url, {"affiliation": "Elsewhere"}).status_code == 403


def test_a_declared_interest_is_never_taken_back(people):
    otto = people["otto"].board_member
    url = f"/admin/editorial/boardmember/{otto.pk}/change/"
    Person("tom").fill(url, having="interests-0-nature", **{"interests-0-DELETE": "on"})

    assert Interest.objects.filter(member=otto).exists()


def test_a_name_longer_than_a_signature_shows_is_refused_at_the_form(people):
    ingrid = Person("ingrid")
    url = f"/admin/editorial/user/{people['stranger'].pk}/change/"
    page = ingrid.fill(url, having="first_name", first_name="F" * 90, last_name="L" * 90)
    assert "The name has 181 characters; at most 150 fit" in page.text
    people["stranger"].refresh_from_db()
    assert people["stranger"].first_name == "Sam"
