"""Looks at rounds again whenever the board changes, whichever page, verb or import changed it.

A change is noticed when its row is saved and judged after the commit, once for all that changed together.
What changes without a row being saved (a licence that expires, a bulk update) is found by the hourly check.
"""

import threading
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from editorial import clock
from editorial.models import Absence, BoardMember, Credential, Interest, User
from reviews import satisfying, workflow
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import SEATED


class _Pending(threading.local):
    """What this thread's transaction touched. What a rollback leaves behind is looked at with the next commit."""

    def __init__(self) -> None:
        self.members: set[int] = set()
        self.rounds: set[int] = set()


_pending = _Pending()


def start() -> None:
    for model in (Credential, Absence, Interest):
        post_save.connect(_of_member, sender=model, dispatch_uid=f"reviews.watching.{model.__name__}")
        post_delete.connect(_of_member, sender=model, dispatch_uid=f"reviews.watching.{model.__name__}.gone")
    post_save.connect(_away, sender=Absence, dispatch_uid="reviews.watching.away")
    post_save.connect(_member, sender=BoardMember, dispatch_uid="reviews.watching.member")
    post_save.connect(_account, sender=User, dispatch_uid="reviews.watching.account")
    m2m_changed.connect(_roles, sender=User.groups.through, dispatch_uid="reviews.watching.roles")
    post_save.connect(_seat, sender=ReviewAssignment, dispatch_uid="reviews.watching.seat")


def _of_member(instance: Any, **_signal: Any) -> None:
    _touched(members=[instance.member_id])


def _member(instance: BoardMember, **_signal: Any) -> None:
    _touched(members=[instance.pk])


def _account(instance: User, created: bool, update_fields: Any = None, **_signal: Any) -> None:
    """Signing in saves the account too, and changes nobody's standing."""
    if not created and update_fields != frozenset({"last_login"}):
        _of_accounts([instance.pk])


def _roles(instance: Any, action: str, reverse: bool, pk_set: Any = None, **_signal: Any) -> None:
    if action.startswith("post_"):
        _of_accounts((pk_set or ()) if reverse else [instance.pk])


def _away(instance: Absence, **_signal: Any) -> None:
    """Seats that fall due in an absence pass on at once, where somebody can take them over."""
    transaction.on_commit(lambda: workflow.cover_absences(instance.member, clock.now()), robust=True)


def _of_accounts(users: Iterable[int]) -> None:
    _touched(members=BoardMember.objects.filter(user__in=list(users)).values_list("pk", flat=True))


def _seat(instance: ReviewAssignment, created: bool, **_signal: Any) -> None:
    """Somebody dropped out; or sat down where somebody was lacking."""
    round: ReviewRound = instance.round
    if round.is_open and (instance.state not in SEATED or (created and round.unsatisfiable)):
        _touched(rounds=[round.pk])


def _touched(*, members: Iterable[int] = (), rounds: Iterable[int] = ()) -> None:
    _pending.members.update(members)
    _pending.rounds.update(rounds)
    if _pending.members or _pending.rounds:
        transaction.on_commit(_judge, robust=True)


def _judge() -> None:
    members, rounds = set(_pending.members), set(_pending.rounds)
    _pending.members.clear()
    _pending.rounds.clear()
    if rounds:
        satisfying.recheck(now=clock.now(), rounds=rounds)
    if members:
        satisfying.recheck_of_members(members, now=clock.now())
