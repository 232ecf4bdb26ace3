"""Nobody makes themselves qualified, and nobody can take another person's place."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from editorial import clock
from editorial.models import AuditEvent, Credential, Interest, Specialty, User
from editorial.roles import Role
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.enrolled import add_passkey, assertion, code_of, give_app


def test_a_chief_cannot_set_another_persons_password_or_address(people):
    ingrid, claire = Person("ingrid"), people["claire"]
    assert ingrid.client.get(f"/admin/editorial/user/{claire.pk}/password/").status_code == 404
    url = f"/admin/editorial/user/{claire.pk}/change/"
    ingrid.fill(url, having="first_name", email="thief@example.org", password=PASSWORD)
    claire.refresh_from_db()

    assert claire.email == "claire@example.org"
    assert claire.check_password("correct horse battery")


def test_nobody_gives_themselves_a_role(people):
    ingrid = Person("ingrid")
    board = Group.objects.get(name=Role.BOARD).pk
    ingrid.fill(
        f"/admin/editorial/user/{people['ingrid'].pk}/change/", having="first_name", groups=[board], password=PASSWORD
    )

    assert [group.name for group in people["ingrid"].groups.all()] == [Role.CHIEF]


def test_a_new_account_has_no_password_until_its_owner_sets_one(people):
    ingrid = Person("ingrid")
    added = ingrid.fill(
        "/admin/editorial/user/add/",
        having="username",
        username="vera",
        email="vera@example.org",
        time_zone="UTC",
        password=PASSWORD,
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
    saved = tom.fill(
        url, having="credentials-0-letters", password=PASSWORD, **{"credentials-0-verified_on": "2026-03-01"}
    )

    assert saved.status_code == 302
    assert Credential.objects.get(pk=credential.pk).verified_by == people["tom"]
    assert AuditEvent.objects.filter(kind="boardmember.changed").exists()


def test_nobody_edits_their_own_board_record(people):
    people["eva"].groups.add(Group.objects.get(name=Role.EDITOR))
    url = f"/admin/editorial/boardmember/{people['eva'].board_member.pk}/change/"

    assert Person("eva").client.post(url, {"affiliation": "Elsewhere"}).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"DELETE": "on"},
        {"company": "Nobody"},
        {"since": "2009-01-01", "until": "2010-01-01"},
    ],
)
def test_a_declared_interest_is_neither_taken_back_nor_edited_away(change, people):
    """By no editor: whoever chooses a panel would choose its conflicts too."""
    otto = people["otto"].board_member
    before = Interest.objects.filter(member=otto).values().get()
    given = {"id": before["id"], "member": otto.pk, "nature": before["nature"], "company": before["company"]}
    given = {**given, "since": before["since"], **change}
    sent = Person("tom").fill(
        f"/admin/editorial/boardmember/{otto.pk}/change/",
        having="interests-TOTAL_FORMS",
        password=PASSWORD,
        affiliation="Elsewhere",
        **{"interests-INITIAL_FORMS": "1", "interests-TOTAL_FORMS": "1"},
        **{f"interests-0-{name}": value for name, value in given.items()},
    )
    otto.refresh_from_db()
    assert (sent.status_code, otto.affiliation) == (302, "Elsewhere")
    assert Interest.objects.filter(member=otto).values().get() == before


def test_an_editor_adds_an_interest_that_a_member_forgot(people):
    otto = people["otto"].board_member
    added = {"interests-TOTAL_FORMS": "2", "interests-1-product": "Cardioplex", "interests-1-nature": "Shares"}
    url = f"/admin/editorial/boardmember/{otto.pk}/change/"
    sent = Person("tom").fill(
        url, having="interests-TOTAL_FORMS", password=PASSWORD, **added, **{"interests-1-since": "2025-01-01"}
    )
    assert sent.status_code == 302, sent.text
    assert {row.product for row in otto.interests.all()} == {"", "Cardioplex"}


def test_a_specialty_that_licences_were_checked_in_keeps_its_name(people):
    """Renamed, it would make cardiologists of all who mend bones."""
    bones = Specialty.objects.get(slug="orthopaedics")
    url = f"/admin/editorial/specialty/{bones.pk}/change/"
    Person("tom").client.post(url, {"name": "Cardiology at heart", "slug": "heart"})
    assert (Specialty.objects.get(pk=bones.pk).name, bones.slug) == ("Orthopaedics", "orthopaedics")
    page = Person("tom").client.get(url)
    assert (page.status_code, "Orthopaedics" in page.text, 'name="name"' in page.text) == (200, True, False)


def test_a_new_specialty_is_spelt_right_as_long_as_nobody_holds_it(people):
    added = Person("tom").fill("/admin/editorial/specialty/add/", having="slug", name="Nefrology", slug="nephrology")
    assert added.status_code == 302
    fresh = Specialty.objects.get(slug="nephrology")
    url = f"/admin/editorial/specialty/{fresh.pk}/change/"
    assert Person("tom").fill(url, having="name", name="Nephrology", slug="other").status_code == 302
    fresh.refresh_from_db()
    assert (fresh.name, fresh.slug) == ("Nephrology", "nephrology")


def renamed(person, **values):
    return Person("ingrid").fill(
        f"/admin/editorial/user/{person.pk}/change/", having="first_name", password=PASSWORD, **values
    )


def test_a_licence_under_another_name_has_to_be_checked_again(people):
    """Else a chief editor makes one physician of another: whoever holds the licence, the name is what readers see."""
    claire = people["claire"]
    assert renamed(claire, time_zone="Europe/Rome").status_code == 302
    assert claire.board_member.valid_credentials(clock.now().date()).exists()
    sent = renamed(claire, first_name="Famous", last_name="Professor")
    assert sent.status_code == 302
    assert not claire.board_member.valid_credentials(clock.now().date()).exists()
    assert [row.history_change_reason for row in claire.board_member.credentials.get().history.all()[:1]] == [
        "another name"
    ]


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\x07", "\u2028", "\ufeff"])
def test_a_name_with_a_sign_that_nobody_sees_is_refused(sign, people):
    """It turns what stands beside it around, or makes two people with one name on the page."""
    refused = renamed(people["stranger"], first_name=f"Sa{sign}m")
    assert "The name holds a character that can&#x27;t be seen." in refused.text
    assert User.objects.get(username="stranger").first_name == "Sam"


def test_a_name_keeps_the_joiners_of_its_script(people):
    assert renamed(people["stranger"], first_name="نیک\u200cنام").status_code == 302


def test_a_name_longer_than_a_signature_shows_is_refused_at_the_form(people):
    ingrid = Person("ingrid")
    url = f"/admin/editorial/user/{people['stranger'].pk}/change/"
    page = ingrid.fill(url, having="first_name", password=PASSWORD, first_name="F" * 90, last_name="L" * 90)
    assert "The name has 181 characters; at most 150 fit" in page.text
    people["stranger"].refresh_from_db()
    assert people["stranger"].first_name == "Sam"


@pytest.mark.parametrize("given", [{}, {"password": ""}, {"password": "a guess"}])
def test_an_open_session_gives_no_role_and_makes_no_account(given, people):
    """Whoever finds a chief editor's browser open would make a board of their own, and sign with it."""
    ingrid, url = Person("ingrid"), f"/admin/editorial/user/{people['stranger'].pk}/change/"
    board = Group.objects.get(name=Role.BOARD).pk
    refused = ingrid.fill(url, having="first_name", groups=[board], **given)
    assert refused.status_code == 200
    assert not people["stranger"].groups.exists()
    vera = {"username": "vera", "email": "vera@example.org", "time_zone": "UTC"}
    assert ingrid.fill("/admin/editorial/user/add/", having="username", **vera, **given).status_code == 200
    assert not User.objects.filter(username="vera").exists()
    tried = AuditEvent.objects.filter(kind="proof.refused", subject=f"user:{people['ingrid'].uuid}").count()
    assert tried == (2 if given.get("password") else 0)


def test_the_password_that_proves_it_is_neither_kept_nor_told(people):
    stranger, before = people["stranger"], people["stranger"].password
    board = Group.objects.get(name=Role.BOARD).pk
    url = f"/admin/editorial/user/{stranger.pk}/change/"
    assert Person("ingrid").fill(url, having="first_name", groups=[board], password=PASSWORD).status_code == 302
    stranger.refresh_from_db()
    assert stranger.password == before
    event = AuditEvent.objects.get(kind="user.changed")
    assert "password" not in event.body.lower()
    assert "proof" not in event.body.lower()
    page = Person("ingrid").client.get(url).text
    assert 'data-passkey="' not in page
    assert page.count('name="password"') == 1


def test_where_a_code_is_asked_for_a_role_takes_it_too(people):
    secret, ingrid = give_app(people["ingrid"]), Person("ingrid")
    url = f"/admin/editorial/user/{people['stranger'].pk}/change/"
    given = {"having": "first_name", "groups": [Group.objects.get(name=Role.AUTHOR).pk], "password": PASSWORD}
    assert ingrid.fill(url, **given).status_code == 200
    assert not people["stranger"].groups.exists()
    assert ingrid.fill(url, **given, one_time_code=code_of(secret)).status_code == 302
    assert people["stranger"].groups.exists()


def test_a_passkey_proves_a_role_alone(people):
    ingrid = Person("ingrid")
    passkey = add_passkey(ingrid)
    url = f"/admin/editorial/user/{people['stranger'].pk}/change/"
    form = {**ingrid.fields(url, having="first_name"), "groups": [Group.objects.get(name=Role.AUTHOR).pk]}
    assert ingrid.client.post(url, form).status_code == 200
    answer = assertion(ingrid, passkey, form["request_id"])
    assert ingrid.client.post(url, {**form, "passkey": answer}).status_code == 302
    assert people["stranger"].groups.exists()
