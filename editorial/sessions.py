"""What ends a person's sessions: another role, a disabled account, a lost factor that was reset.

A session carries its person's generation (``User.get_session_auth_hash``); one of an older generation is signed out at
the next request. Another password does the same by itself. Roles are watched where they are kept, so that no way of
changing them can forget it.
"""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.db.models import F
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.http import HttpRequest

from editorial.models import User


def end_all(*people: int) -> None:
    """End every session of these people, by pk."""
    User.objects.filter(pk__in=people).update(session_generation=F("session_generation") + 1)


def watch() -> None:
    m2m_changed.connect(_roles_changed, sender=User.groups.through, dispatch_uid="editorial.sessions.roles")
    pre_delete.connect(_role_deleted, sender=Group, dispatch_uid="editorial.sessions.group")
    post_save.connect(_saved, sender=User, dispatch_uid="editorial.sessions.saved")
    user_logged_in.connect(_signed_in, dispatch_uid="editorial.sessions.signed_in")


def _roles_changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any) -> None:
    """``user.groups`` and ``group.user_set`` alike. Nothing changed where nothing was added that wasn't there."""
    if action == "pre_clear":
        held = instance.user_set.all() if reverse else [instance] if instance.groups.exists() else []
        _end(held)
    elif action in ("post_add", "post_remove") and pk_set:
        _end(User.objects.filter(pk__in=pk_set) if reverse else [instance])


def _end(people: Any) -> None:
    end_all(*(user.pk for user in people))


def _role_deleted(instance: Group, **_: Any) -> None:
    _end(instance.user_set.all())


def _saved(instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    """A disabled account's sessions don't come back with the account."""
    if not created and not instance.is_active and (update_fields is None or "is_active" in update_fields):
        _end([instance])


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever signs in does so as they are now, however old the object is that the sign-in began with."""
    request.session[HASH_SESSION_KEY] = User.objects.get(pk=user.pk).get_session_auth_hash()
