"""What to do first, for each role: a few steps on the home page until a person puts them away, for good."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from editorial.models import User
from editorial.roles import Role, roles_of


@dataclass(frozen=True)
class Step:
    """``done``: whether it was, None where nobody knows."""

    label: Any
    says: Any
    url: str
    done: bool | None = None


@dataclass(frozen=True)
class Guide:
    """The steps of one role. ``name`` is how an account remembers that they were put away."""

    name: str
    role: Role
    title: Any
    steps: Callable[[User], list[Step]]


@dataclass(frozen=True)
class Shown:
    name: str
    title: Any
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done is True for step in self.steps)


_guides: dict[str, Guide] = {}


def add_guide(guide: Guide) -> None:
    _guides[guide.name] = guide


def guide_named(name: str) -> Guide | None:
    return _guides.get(name)


def shown_to(user: User) -> list[Shown]:
    """The guides of this person's roles that they haven't put away. Those put away aren't even asked."""
    held, closed = roles_of(user), set(user.first_steps_closed)
    mine = [guide for guide in _guides.values() if guide.role in held and guide.name not in closed]
    return [Shown(guide.name, guide.title, guide.steps(user)) for guide in mine]


@transaction.atomic
def close(user: User, name: str) -> None:
    """Put the steps of one role away."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.first_steps_closed = sorted({*row.first_steps_closed, name})
    row.save(update_fields=["first_steps_closed"])


def bring_back(user: User) -> None:
    User.objects.filter(pk=user.pk).update(first_steps_closed=[])
