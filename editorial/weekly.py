"""The weekly summary: what waits for somebody at the desk, once a week, with that day's mail.

It is written shortly before the hour at which it leaves, once a week whoever writes it, and not at all where
nothing waits. It can be switched off; duties can't, so nothing is said here alone.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from editorial import mailing, outbox, registry
from editorial.composing import WEEKLY
from editorial.models import MailPreferences, OutboxMessage, User

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=15)
"""How long before its hour a summary is written, so that it goes with the day's mail and is true when it leaves."""

BATCH = 200


def write_due(*, now: datetime) -> int:
    """Write the summaries whose hour is near or has passed this week. Returns how many were written.

    Catch-up: one that the clock slept through is written later in the same week, and no later. One person whose
    summary can't be made never stops the others. Whoever joined since then waits for the next week.
    """
    written = 0
    wanting = User.objects.filter(Q(mail_preferences=None) | Q(mail_preferences__weekly=True), is_active=True)
    people = wanting.exclude(email="").filter(kind=User.Kind.PERSON).exclude(groups=None).distinct()
    for user in people.select_related("mail_preferences").order_by("pk").iterator(chunk_size=BATCH):
        instant = instant_of(user, now)
        if user.date_joined <= instant - AHEAD <= now:
            try:
                written += _write(user, instant, now=now)
            except Exception:
                log.exception("the weekly summary of user %s couldn't be written", user.pk)
    return written


def instant_of(user: User, now: datetime) -> datetime:
    """When this week's summary leaves: the chosen hour of the chosen day, in this person's own week."""
    habits = mailing.of(user)
    today = habits.day(now + AHEAD)
    day = today - timedelta(days=today.weekday()) + timedelta(days=_weekday(user))
    return mailing.at_hour(day, habits.hour, zone=habits.zone)


def text_for(user: User) -> str:
    """What waits for this person, as their home page counts it; empty where nothing does."""
    waiting = [f"{card.title}: {card.count}" for card in registry.cards_for(user) if card.count]
    return _("Your week at the desk. %(waiting)s.") % {"waiting": "; ".join(waiting)} if waiting else ""


def _weekday(user: User) -> int:
    try:
        return user.mail_preferences.weekly_day
    except MailPreferences.DoesNotExist:
        return MailPreferences.Weekday.MONDAY


def _write(user: User, instant: datetime, *, now: datetime) -> int:
    year, week, _day = mailing.of(user).day(instant).isocalendar()
    key = f"{WEEKLY}:{user.uuid}:{year}-{week:02}"
    if OutboxMessage.objects.filter(once_key=key).exists():
        return 0
    text = text_for(user)
    if not text:
        return 0
    _notification, message = outbox.drafted(WEEKLY, user, now=now, since=instant, text=text, path="/admin/")
    message.once_key = key
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)  # why: another beat may write it right now
    return 1


def _unwanted(message: OutboxMessage, now: datetime) -> str:
    """Somebody may have switched it off since it was written."""
    off = MailPreferences.objects.filter(user=message.recipient_id, weekly=False).exists()
    return "the weekly summary was switched off" if off else ""


MAIL_KIND = outbox.Kind(WEEKLY, "weekly", _unwanted, urgency=outbox.Urgency.DAILY)
