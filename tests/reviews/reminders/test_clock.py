"""Nights when the clocks change, outages, jumps, leap days, the ends of the earth: once each, or skipped with a reason.

Every test runs planning, dispatch and sender as beat runs them, tick by tick through the time that it is about.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from editorial import clock, outbox
from editorial.models import Credential, Notification, OutboxMessage, User
from reviews import desk, reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from tests.reviews.late import day_after_rule, forget_news, lone_seat
from tests.reviews.reminders.ticking import (
    HOUR,
    Beat,
    at,
    became,
    each_took_effect_once,
    everybody_lives_in,
    hourly,
)
from tests.story import Story

DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def tasks_run_at_once(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True


# The nights in which the clocks change

NIGHTS = [
    ("Europe/Berlin", date(2026, 3, 29), 2, at(2026, 3, 29, 1)),
    ("Europe/Berlin", date(2026, 10, 25), 2, at(2026, 10, 25, 0)),
    ("America/New_York", date(2026, 3, 8), 2, at(2026, 3, 8, 7)),
    ("America/New_York", date(2026, 11, 1), 1, at(2026, 11, 1, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4), 2, at(2026, 10, 3, 15, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 5), 1, at(2026, 4, 4, 14)),
    ("America/Santiago", date(2026, 9, 6), 0, at(2026, 9, 6, 4)),
    ("America/Santiago", date(2026, 4, 4), 23, at(2026, 4, 5, 2)),
    ("Africa/Cairo", date(2026, 4, 24), 0, at(2026, 4, 23, 22)),
    ("Africa/Cairo", date(2026, 10, 29), 23, at(2026, 10, 29, 20)),
]
"""Zone, local day, an hour that is skipped or comes twice on it, and the instant at which a mail of that hour leaves:
where the hour is skipped the later reading of the clock, where it comes twice the first of the two."""


@pytest.mark.parametrize(("zone", "night", "hour", "leaves"), NIGHTS)
def test_in_the_night_when_the_clocks_change_each_reminder_is_mailed_once_at_its_hour(story, zone, night, hour, leaves):
    """The day before it is due, on the day, and the day after, to the member; the day after to the editor as well."""
    for days in (-1, 0, 1):
        day_after_rule(name=f"{days}", offset_days=days)
    day_after_rule(name="editor", audience="handling_editor")
    lone_seat(story, zone, night)
    everybody_lives_in(zone, hour=hour, quiet=((hour + 12) % 24, hour))
    local = ZoneInfo(zone)
    assert clock.after(night, zone=local) - clock.first_instant(night, zone=local) != DAY

    before, after = (local_hour(night + n * DAY, hour, local) for n in (-1, 1))
    beat = Beat().run(around(before, leaves, after, step=HALF_HOUR if zone == "Australia/Lord_Howe" else HOUR))

    assert beat.to("claire") == [before, leaves, after]
    assert beat.to("tom") == [after]
    assert became() == dict.fromkeys(("-1", "0", "1", "editor"), "done")
    each_took_effect_once()


def around(*instants: datetime, step: timedelta) -> list[datetime]:
    """Three hours before each of these instants to three hours after it."""
    return sorted({tick for instant in instants for tick in hourly(instant - 3 * HOUR, instant + 3 * HOUR, step)})


def local_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(("zone", "night", "hour", "leaves"), NIGHTS)
def test_prompt_mail_leaves_once_when_the_quiet_hours_end_at_an_hour_that_is_skipped_or_comes_twice(
    people, zone, night, hour, leaves
):
    everybody_lives_in(zone, hour=hour, quiet=((hour + 12) % 24, hour))
    written = leaves - 3 * HOUR
    outbox.write("news", User.objects.get(username="claire"), now=written, text="News.", path="/", urgency="prompt")
    beat = Beat().run(hourly(written, leaves + 3 * HOUR, HALF_HOUR))
    assert beat.to("claire") == [leaves]
