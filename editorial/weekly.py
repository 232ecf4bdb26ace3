"""The weekly summary: what waits for somebody at the desk, once a week, with that day's mail.

It is written shortly before the hour at which it leaves, once a week whoever writes it. It can be switched off; duties
can't, so nothing is said here alone.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import mailing, outbox, registry
from editorial.composing import WEEKLY
from editorial.models import MailPreferences, OutboxMessage, User

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=15)
"""How long before its hour a summary is written, so that it goes with the day's mail and is true when it leaves."""

NOTHING = "nothing waited for them"


def write_due(*, now: datetime) -> int:
    """Write the summaries whose hour is near or has passed this week. Returns how many are to be sent.

    Catch-up: one that the clock slept through is written later in the same week, and no later. Where nothing waits the
    row says so, and nobody looks again that week. One person whose summary can't be made never stops the others.
    Whoever joined since then waits for the next week.
    """
    wanting = User.objects.filter(Q(mail_preferences=None) | Q(mail_preferences__weekly=True), is_active=True)
    people = wanting.exclude(email="").filter(kind=User.Kind.PERSON).exclude(groups=None).distinct()
    due = {
        key_of(user, instant): (user, instant)
        for user in people.select_related("mail_preferences").order_by("pk")
        for instant in [instant_of(user, now)]
        if user.date_joined <= instant - AHEAD <= now
    }
    known = set(OutboxMessage.objects.filter(once_key__in=due).values_list("once_key", flat=True))
    written = 0
    for key, (user, instant) in due.items():
        if key not in known:
            try:
                written += _write(key, user, instant, now=now)
            except Exception:
                log.exception("the weekly summary of user %s couldn't be written", user.pk)
    return written


def instant_of(user: User, now: datetime) -> datetime:
    """When this week's summary leaves: the chosen hour of the chosen day, in this person's own week."""
    habits = mailing.of(user)
    today = habits.day(now + AHEAD)
    day = today + timedelta(days=habits.chosen.weekly_day - today.weekday())
    return mailing.at_hour(day, habits.chosen.hour, zone=habits.zone)


def key_of(user: User, instant: datetime) -> str:
    year, week, _day = mailing.of(user).day(instant).isocalendar()
    return f"{WEEKLY}:{user.uuid}:{year}-{week:02}"


def text_for(user: User) -> str:
    """What waits for this person, as their home page counts it; empty where nothing does."""
    waiting = [f"{card.title}: {card.count}" for card in registry.cards_for(user) if card.count]
    return _("Your week at the desk. %(waiting)s.") % {"waiting": "; ".join(waiting)} if waiting else ""


def _write(key: str, user: User, instant: datetime, *, now: datetime) -> bool:
    text = text_for(user)
    _notification, message = outbox.drafted(WEEKLY, user, now=now, since=instant, text=text, path="/admin/")
    message.once_key = key
    if not text:
        message.status, message.problem = OutboxMessage.Status.SKIPPED, NOTHING
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)  # why: another beat may write it right now
    return bool(text)


def _unwanted(message: OutboxMessage, now: datetime) -> str:
    """Somebody may have switched it off since it was written."""
    off = MailPreferences.objects.filter(user=message.recipient_id, weekly=False).exists()
    return "the weekly summary was switched off" if off else ""


SAMPLE = {"text": gettext_lazy("Your week at the desk. Waiting for reviews: 3; Ready to decide: 1.")}
MAIL_KIND = outbox.Kind(WEEKLY, "weekly", _unwanted, urgency=outbox.Urgency.DAILY, sample=SAMPLE)
