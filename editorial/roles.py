"""The four roles, as groups. What a role may do is decided by conditions; here is only who holds it."""

from collections.abc import Iterable
from enum import StrEnum

from editorial.models import User


class Role(StrEnum):
    AUTHOR = "author"
    EDITOR = "editor"
    CHIEF = "chief editor"
    BOARD = "board member"


def roles_of(user: User) -> frozenset[Role]:
    """The roles a person holds now. None for whoever is deactivated, a service or the system.

    A superuser has no role that their groups don't give. A chief editor is an editor too.
    """
    if not user.is_active or user.kind != User.Kind.PERSON:
        return frozenset()
    if not hasattr(user, "_roles"):
        remember(user, user.groups.values_list("name", flat=True))
    return user._roles


def remember(user: User, groups: Iterable[str]) -> None:
    """What ``roles_of`` goes by from now on: the names of the groups that this instance's row is in."""
    names = set(groups)
    held = {role for role in Role if role in names}
    user._roles = frozenset(held | ({Role.EDITOR} if Role.CHIEF in held else set()))


def forget(user: User) -> None:
    """Have this instance's roles read anew when somebody asks for them."""
    user.__dict__.pop("_roles", None)


def is_editor(user: User) -> bool:
    return Role.EDITOR in roles_of(user)


def is_chief(user: User) -> bool:
    return Role.CHIEF in roles_of(user)


def is_author(user: User) -> bool:
    return Role.AUTHOR in roles_of(user)


def is_board(user: User) -> bool:
    return Role.BOARD in roles_of(user)


def chiefs() -> "list[User]":
    """Whoever holds the role and can sign in, with how they want their mail: most are asked for to be written to."""
    rows = User.objects.filter(groups__name=Role.CHIEF, is_active=True, kind=User.Kind.PERSON)
    return list(rows.select_related("mail_preferences").order_by("id"))
