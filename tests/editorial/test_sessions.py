"""A session ends with the role, the account or the password that it began with: at the next request, over HTTP."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from editorial import enrolment
from editorial.models import User
from editorial.roles import Role
from reviews.demo.cast import PASSWORD
from reviews.workflow import board
from tests.desk import Person
from tests.enrolled import give_app

pytestmark = pytest.mark.django_db
HOME = "/accounts/factors/"
"""A page for whoever is signed in, with a role or without."""


def is_in(person: Person) -> bool:
    return person.client.get(HOME).status_code == 200


def by_the_admin(people, user, **values):
    url = f"/admin/editorial/user/{user.pk}/change/"
    assert Person("ingrid").fill(url, having="first_name", password=PASSWORD, **values).status_code == 302


def group(role):
    return Group.objects.get(name=role)


CAUSES = {
    "a role given": lambda people, user, now: user.groups.add(group(Role.AUTHOR)),
    "a role taken away": lambda people, user, now: user.groups.remove(group(Role.BOARD)),
    "other roles": lambda people, user, now: user.groups.set([group(Role.AUTHOR)]),
    "all roles taken away": lambda people, user, now: user.groups.clear(),
    "given from the role's side": lambda people, user, now: group(Role.AUTHOR).user_set.add(user),
    "all taken from the role's side": lambda people, user, now: group(Role.BOARD).user_set.clear(),
    "the role deleted": lambda people, user, now: group(Role.BOARD).delete(),
    "the chief's form": lambda people, user, now: by_the_admin(people, user, groups=[group(Role.AUTHOR).pk]),
    "the account disabled": lambda people, user, now: by_the_admin(people, user, is_active=None),
    "left the board": lambda people, user, now: board.leave_board(
        user.board_member, actor=people["ingrid"], now=now, reason="Moves away."
    ),
    "struck off": lambda people, user, now: board.strike_off(
        user.board_member, actor=people["ingrid"], now=now, reason="Invented a licence."
    ),
    "another password": lambda people, user, now: (user.set_password("quite another one"), user.save()),
    "factors reset": lambda people, user, now: (
        give_app(user),
        enrolment.reset_by_operator(user, actor=people["ingrid"], now=now, reason="Lost."),
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_session_ends_with(cause, people, now):
    ravi, other = Person("ravi"), Person("claire" if "side" not in cause and "deleted" not in cause else "tom")
    assert is_in(ravi)
    CAUSES[cause](people, User.objects.get(username="ravi"), now)
    assert not is_in(ravi)
    assert is_in(other)


def test_a_disabled_accounts_session_does_not_come_back_with_the_account(people):
    ravi = Person("ravi")
    for active in ("", "on"):
        by_the_admin(people, people["ravi"], is_active=active or None)
    assert User.objects.get(username="ravi").is_active
    assert not is_in(ravi)


def test_an_object_read_before_does_not_bring_a_session_back(people):
    ravi, stale = Person("ravi"), User.objects.get(username="ravi")
    User.objects.get(username="ravi").groups.add(group(Role.AUTHOR))
    stale.first_name = "Ravindra"
    stale.save()
    assert User.objects.get(username="ravi").first_name == "Ravindra"
    assert not is_in(ravi)


def test_setting_the_roles_up_again_signs_nobody_out(people):
    ravi = Person("ravi")
    call_command("setup_roles", verbosity=0)
    people["ravi"].groups.add(group(Role.BOARD))
    assert is_in(ravi)


def test_whoever_changes_their_own_password_stays_where_they_do_it(people):
    here, elsewhere = Person("ravi"), Person("ravi")
    url = "/accounts/password/change/"
    words = {"oldpassword": PASSWORD, "password1": "quite another one", "password2": "quite another one"}
    assert here.client.post(url, words).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_signing_in_with_an_object_read_before_is_signing_in_as_of_now(people):
    stale, client = people["ravi"], Client()
    User.objects.get(username="ravi").groups.add(group(Role.AUTHOR))
    client.force_login(stale)
    assert client.get(HOME).status_code == 200


def test_what_was_typed_waits_for_whoever_was_signed_out_over_it(story):
    round = story.round()
    story.declare(round, "claire")
    claire, url = Person("claire"), f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    form = claire.fields(url, having="password")
    story.people["claire"].groups.add(group(Role.AUTHOR))
    assert claire.client.post(url, {**form, "comment": "Typed with care."}).status_code == 302
    claire.client.login(username="claire", password=PASSWORD)
    assert "Typed with care." in claire.client.get(url).text
