"""What happens around an article: licences, accounts, roles, interests, and time."""

from datetime import timedelta

from django.contrib.auth.models import Group
from hypothesis import strategies as st

from editorial.models import Credential, Interest, User
from reviews import workflow
from tests.stateful.trying import Act, Draw
from tests.stateful.world import World


def _last_day_of_licences(world: World, user: User, **after: int) -> None:
    """Saved one by one, as every page does: readers' pages follow rows that are saved."""
    for credential in Credential.objects.filter(member__user=user):
        credential.expires_on = (world.now + timedelta(**after)).date()
        credential.save()


def licence_expires(world: World, user: User, draw: Draw) -> None:
    _last_day_of_licences(world, user, days=-1)


def licence_is_renewed(world: World, user: User, draw: Draw) -> None:
    _last_day_of_licences(world, user, days=900)


def _enabled(user: User, *, is_active: bool) -> None:
    user = User.objects.get(pk=user.pk)
    user.is_active = is_active
    user.save()


def account_is_disabled(world: World, user: User, draw: Draw) -> None:
    _enabled(user, is_active=False)


def account_is_enabled(world: World, user: User, draw: Draw) -> None:
    _enabled(user, is_active=True)


def role_is_taken(world: World, user: User, draw: Draw) -> None:
    user.groups.clear()


def role_is_given(world: World, user: User, draw: Draw) -> None:
    user.groups.add(Group.objects.get(name=draw(st.sampled_from(["editor", "board member", "author", "chief editor"]))))


def interest_is_declared(world: World, user: User, draw: Draw) -> None:
    member = getattr(user, "board_member", None)
    if member is not None:
        Interest.objects.create(
            member=member, person=world.user("nora"), nature="co-author", since=(world.now - timedelta(days=9)).date()
        )


def the_clock(world: World, user: User, draw: Draw) -> None:
    """Some time passes, and everything that the clock does is done."""
    world.later(days=draw(st.sampled_from([1, 3, 15, 40])))
    system = User.system()
    for verb in (
        workflow.publish_scheduled,
        workflow.hold_without_quorum,
        workflow.hold_without_full_review,
        workflow.re_review_by_clock,
    ):
        verb(world.article, actor=system, now=world.now)
    workflow.look_after_seats(now=world.now)


CIRCUMSTANCES: dict[str, Act] = {
    "licence expires": licence_expires,
    "licence is renewed": licence_is_renewed,
    "account is disabled": account_is_disabled,
    "account is enabled": account_is_enabled,
    "role is taken": role_is_taken,
    "role is given": role_is_given,
    "interest is declared": interest_is_declared,
    "the clock": the_clock,
}
"""What happens around the article."""
