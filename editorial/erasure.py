"""Erasing a person: what is personal goes, what they signed stays with the name it was signed under.

Signatures, the snapshots of licences on them, and published pages keep what they show: a reader must be able to see
who answered for a text (GDPR, article 17(3)(b) to (e)). See docs/decisions/erasing-a-person.md.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import audit, registry
from editorial.conditions import Refused
from editorial.models import (
    AuditEvent,
    BoardMember,
    Leave,
    MailPreferences,
    Notification,
    OutboxMessage,
    PersonalText,
    User,
)
from editorial.roles import chiefs, is_chief
from editorial.verbs import record, save, verb

ENDED = ("member.left", "member.struck_off")
"""Events that commit to the reason for which a membership ended."""


def obstacles(user: User) -> list[str]:
    """What stands in the way, each with what to do first; empty when the person can be erased."""
    if user.kind != User.Kind.PERSON:
        return [_("This isn't a person's account.")]
    if user.erased_at:
        return [_("This person was erased already.")]
    found = []
    if is_chief(user) and len(chiefs()) == 1:
        found.append(_("This is the last chief editor: give the role to somebody else first."))
    return [*found, *registry.ties_of(user)]


@verb
def erase(user: User, *, actor: User, now: datetime, reason: str) -> User:
    """Erase what is personal. For the operator (as the system) and chief editors; never undone.

    ``reason`` is kept in the chain and can't be erased, so it names nobody. Raises Refused with what to do first.
    """
    if actor.kind != User.Kind.SYSTEM and not is_chief(actor):
        raise Refused(_("Only a chief editor or the operator erases a person."))
    if not reason.strip():
        raise Refused(_("Give the reason, without naming anybody: it stays in the record."))
    standing = obstacles(user)
    if standing:
        raise Refused(" ".join(standing))
    names = _names(user)
    registry.erase_elsewhere(user, now=now)
    member = BoardMember.objects.filter(user=user).first()
    if member is not None:
        _erase_member(member, now=now, actor=actor)
    _erase_account(user, now=now)
    _erase_habits(user)
    _erase_messages(user, names)
    _erase_log(user, member)
    record("person.erased", f"user:{user.uuid}", reason=reason)
    return user


def _names(user: User) -> list[str]:
    """What others' messages call this person. A username is part of many words, so it counts where it is shown."""
    return [name for name in (user.shown_name, user.email) if name]


def _erase_account(user: User, *, now: datetime) -> None:
    user.username = f"erased-{user.uuid.hex[:12]}"
    user.first_name = user.last_name = user.email = ""
    user.time_zone, user.last_login = "UTC", None
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at = now
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()


def _erase_habits(user: User) -> None:
    """When they wanted their mail and when they were away. Others' leaves lose their deputy, not their days."""
    MailPreferences.objects.filter(user=user).delete()
    Leave.objects.filter(user=user).delete()
    Leave.objects.filter(deputy=user).update(deputy=None)


def _erase_member(member: BoardMember, *, actor: User, now: datetime) -> None:
    """Membership, licences and interests, in the rows and in their histories."""
    slug = f"erased-{member.user.uuid.hex[:12]}"
    member.slug, member.affiliation, member.biography = slug, "", ""
    member.left_on = member.left_on or timezone.localtime(now).date()
    save(member, actor=actor, reason="erased")
    blank = {"slug": slug, "affiliation": "", "biography": ""}
    member.history.update(**blank)
    for credential in member.credentials.all():
        _wipe(credential, licence_number="erased", issuer="erased")
    for interest in member.interests.all():
        _wipe(interest, company="", product="", person=None, nature="erased")
    member.absences.all().delete()
    for text in _reasons_for_leaving(member):
        PersonalText.objects.filter(pk=text.pk).update(text="", salt="", erased_at=now)


def _wipe(row: models.Model, **blank: object) -> None:
    """Blank these fields in a row and in its history. No new entry is added: nothing was decided about it."""
    type(row)._base_manager.filter(pk=row.pk).update(**blank)
    row.history.update(**blank)  # type: ignore[attr-defined]


def _reasons_for_leaving(member: BoardMember) -> Iterable[PersonalText]:
    """Every text to which the end of this membership is committed; a later one doesn't hide an earlier one."""
    events = AuditEvent.objects.filter(subject=member.subject, kind__in=ENDED)
    committed = {json.loads(body)["data"].get("details") for body in events.values_list("body", flat=True)}
    written = PersonalText.objects.filter(written_at__in=events.values("at"), erased_at=None)
    return [text for text in written if audit.commitment(text) in committed]


def _erase_messages(user: User, names: list[str]) -> None:
    """Their own messages say nothing any more; in other people's the name gives way to the new username."""
    Notification.objects.filter(user=user).update(text="", path="/")
    waiting = (OutboxMessage.Status.WAITING, OutboxMessage.Status.LEASED, OutboxMessage.Status.PARKED)
    own = OutboxMessage.objects.filter(recipient=user)
    own.filter(status__in=waiting).update(
        status=OutboxMessage.Status.SKIPPED, problem="the person was erased", leased_until=None
    )
    own.update(payload={"text": "", "path": "/"})
    for name in names:
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for notification in Notification.objects.filter(text__contains=name):
            text = whole.sub(user.username, notification.text)
            Notification.objects.filter(pk=notification.pk).update(text=text)
        for message in OutboxMessage.objects.filter(payload__text__icontains=name):
            message.payload["text"] = whole.sub(user.username, message.payload["text"])
            OutboxMessage.objects.filter(pk=message.pk).update(payload=message.payload)
    OutboxMessage.objects.filter(recipient=user).exclude(problem="").update(problem="the person was erased")


def _erase_log(user: User, member: BoardMember | None) -> None:
    """The admin's own log repeats names."""
    rows = [user, *([member] if member is not None else [])]
    for row in rows:
        kind = ContentType.objects.get_for_model(row)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
        entries.update(object_repr=user.username, change_message="")
