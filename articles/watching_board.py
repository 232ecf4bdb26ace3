"""Lets the reader's tables follow the board and the topics, whichever page, verb, import or shell changed a row.

A member's own row follows inside the same transaction. Pages that link to an address which is no more follow after
the commit, for that takes the locks of their articles, which a verb on a member must not do last. What changes
without a row being saved (a bulk update) is found by `manage.py verify` and mended by `manage.py rebuild_public`.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from articles import projection
from articles.models import Article, Publication, Topic
from articles.projection import members, topics
from editorial.models import BoardMember, Credential, Interest, Specialty, User

SHOWN = frozenset({"first_name", "last_name", "username", "is_active", "kind", "erased_at"})
"""What of an account readers are shown, or what decides whether they are shown anything."""


def start() -> None:
    for model in (Credential, Interest):
        post_save.connect(_of_member, sender=model, dispatch_uid=f"articles.watching_board.{model.__name__}")
        post_delete.connect(_of_member, sender=model, dispatch_uid=f"articles.watching_board.{model.__name__}.gone")
    post_save.connect(_member, sender=BoardMember, dispatch_uid="articles.watching_board.member")
    post_delete.connect(_no_member, sender=BoardMember, dispatch_uid="articles.watching_board.member.gone")
    post_save.connect(_account, sender=User, dispatch_uid="articles.watching_board.account")
    m2m_changed.connect(_roles, sender=User.groups.through, dispatch_uid="articles.watching_board.roles")
    post_save.connect(_specialty, sender=Specialty, dispatch_uid="articles.watching_board.specialty")
    post_save.connect(_topic, sender=Topic, dispatch_uid="articles.watching_board.topic")


def _of_member(instance: Any, raw: bool = False, **_signal: Any) -> None:
    _follow([] if raw else [instance.member_id])


def _member(instance: BoardMember, raw: bool, **_signal: Any) -> None:
    _follow([] if raw else [instance.pk])


def _no_member(instance: BoardMember, **_signal: Any) -> None:
    members.forget(instance)


def _account(instance: User, created: bool, raw: bool, update_fields: Any = None, **_signal: Any) -> None:
    if not created and not raw and (update_fields is None or SHOWN & set(update_fields)):
        _of_accounts([instance.pk])


def _roles(instance: Any, action: str, reverse: bool, pk_set: Any = None, **_signal: Any) -> None:
    if not action.startswith("post_"):
        return
    if reverse and pk_set is None:  # the whole group was emptied, and nobody says of whom
        _follow(BoardMember.objects.values_list("pk", flat=True))
    else:
        _of_accounts(pk_set if reverse else [instance.pk])


def _specialty(instance: Specialty, created: bool, raw: bool, **_signal: Any) -> None:
    if not created and not raw:
        _follow(BoardMember.objects.filter(credentials__specialty=instance).values_list("pk", flat=True))


def _topic(instance: Topic, raw: bool, **_signal: Any) -> None:
    if not raw:  # a new one too: its pages may have outlived the one before it
        topics.renamed(instance)


def _of_accounts(users: Collection[int]) -> None:
    _follow(BoardMember.objects.filter(user__in=list(users)).values_list("pk", flat=True))


def _follow(found: Collection[int]) -> None:
    touched = members.concerned(list(found)) if found else []
    stale = members.project(touched) if touched else set()
    if stale:
        transaction.on_commit(lambda: _again(stale), robust=True)


def _again(publications: Collection[int]) -> None:
    """Pages made afresh one by one, each under its article's lock, so that a hold in this moment isn't undone."""
    for pk, article in Publication.objects.filter(pk__in=publications).values_list("pk", "article_id"):
        with transaction.atomic():
            Article.objects.select_for_update().only("pk", "state").get(pk=article)
            projection.project(Publication.objects.select_related("article").get(pk=pk))
