"""What people say about their mail: hours, summary, time zone, the calendar's address. Each is a verb on the person."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from editorial import mailing, outbox
from editorial.conditions import Condition, Refused, unless
from editorial.models import MailPreferences, OutboxMessage, User
from editorial.models.user import known_time_zone
from editorial.verbs import record, verb

FIELDS = ("hour", "quiet_from", "quiet_until", "weekly", "weekly_day")


def may_change(user: User, actor: User) -> Condition:
    return unless(user.pk == actor.pk, _("Everybody chooses for their own mail alone."))


def of(user: User) -> MailPreferences:
    """Read afresh: their row, or the defaults in one that isn't saved."""
    return MailPreferences.objects.filter(user=user.pk).first() or MailPreferences(user=user)


@verb
def change_preferences(user: User, *, actor: User, now: datetime, time_zone: str, **chosen: Any) -> User:
    """Choose hours, weekly summary and time zone. What waits for the day's mail moves to the hour chosen now.

    Raises Refused in words for an hour that can't be, or a time zone that nobody knows.
    """
    may_change(user, actor).enforce()
    preferences = of(user)
    before = {name: getattr(preferences, name) for name in FIELDS}
    for name in FIELDS:
        setattr(preferences, name, chosen.get(name, before[name]))
    changed = [name for name in FIELDS if getattr(preferences, name) != before[name]]
    try:
        known_time_zone(time_zone)
        preferences.full_clean(validate_unique=False)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages)) from None
    if time_zone != user.time_zone:
        changed.append("time_zone")
        user.time_zone = time_zone
        user.save(update_fields=["time_zone"])
    if not changed:
        return user
    preferences.save()
    if {"hour", "quiet_from", "quiet_until", "time_zone"} & set(changed):
        _move_waiting(user, now=now)
    record("mail.preferences_changed", user.subject, fields=changed)
    return user


@verb
def stop_weekly(user: User, *, actor: User, now: datetime) -> User:
    """Switch off the weekly summary, from the link in a mail. A second time does nothing. Duties stay."""
    may_change(user, actor).enforce()
    preferences = of(user)
    if preferences.weekly:
        preferences.weekly = False
        preferences.save()
        record("mail.preferences_changed", user.subject, fields=["weekly"])
    return user


@verb
def renew_calendar(user: User, *, actor: User, now: datetime) -> User:
    """Make a new secret address for the calendar; the old one is dead from now on."""
    may_change(user, actor).enforce()
    preferences = of(user)
    preferences.calendar_version += 1
    preferences.save()
    record("calendar.address_renewed", user.subject, version=preferences.calendar_version)
    return user


def _move_waiting(user: User, *, now: datetime) -> None:
    """What waits for the day's mail goes with the next one under the new habits. A settled mail stays as it is.

    A day that had its mail already, under the old hour, gets no second one.
    """
    waiting = OutboxMessage.objects.filter(
        recipient=user, status=OutboxMessage.Status.WAITING, urgency=OutboxMessage.Urgency.DAILY, mail_id=None
    )
    fresh = User.objects.select_related("mail_preferences").get(pk=user.pk)
    slot = next_slot(fresh, now)
    waiting.filter(not_before__gt=now).update(
        not_before=slot, digest_key=outbox.digest_key(fresh, mailing.of(fresh).day(slot))
    )


def next_slot(user: User, now: datetime) -> datetime:
    """When the next day's mail of this person can leave: a day that had one is over."""
    habits = mailing.of(user)
    slot = habits.slot(now)
    key = outbox.digest_key(user, habits.day(slot))
    if OutboxMessage.objects.taken_up([key]).exists():
        slot = habits.next_day(slot)
    return slot
