"""Nights when the clocks change, outages, jumps, leap days, the ends of the earth: once each, or skipped with a reason.

Every test runs planning, dispatch and sender as beat runs them, tick by tick through the time that it is about.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from editorial import clock, outbox
from editorial.models import Credential, ReviewRule, User
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
    step = HALF_HOUR if zone == "Australia/Lord_Howe" else HOUR
    beat = Beat().run([*around(before, step, 1), *around(leaves, step, 2), *around(after, step, 1)])

    assert beat.to("claire") == [before, leaves, after]
    assert beat.to("tom") == [after]
    assert became() == dict.fromkeys(("-1", "0", "1", "editor"), "done")
    each_took_effect_once()


def around(instant: datetime, step: timedelta, hours: int) -> list[datetime]:
    """From so many hours before this instant to as many after it."""
    return hourly(instant - hours * HOUR, instant + hours * HOUR, step)


def local_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(("zone", "night", "hour", "leaves"), NIGHTS)
def test_prompt_mail_leaves_once_when_the_quiet_hours_end_at_an_hour_that_is_skipped_or_comes_twice(
    people, zone, night, hour, leaves
):
    everybody_lives_in(zone, hour=hour, quiet=((hour + 12) % 24, hour))
    written = leaves - 3 * HOUR
    outbox.write("news", User.objects.get(username="claire"), now=written, text="News.", path="/", urgency="prompt")
    beat = Beat().run([written, *around(leaves, HALF_HOUR, 1)])
    assert beat.to("claire") == [leaves]


# Days that come every four years


def only(trigger: str) -> None:
    reminders.standard_rules()
    ReminderRule.objects.exclude(trigger=trigger).delete()


def days_of(*days: date) -> list[datetime]:
    """Midnight and the hour of the day's mail on the day before each of these, on it and after it."""
    nearby = sorted({day + n * DAY for day in days for n in (-1, 0, 1)})
    return [at(day.year, day.month, day.day, hour) for day in nearby for hour in (0, 8)]


def sent_on(beat: Beat, username: str) -> list[date]:
    return [instant.date() for instant in beat.to(username)]


LEAP = date(2028, 2, 29)


def test_a_review_due_on_the_29th_of_february_is_overdue_on_the_1st_of_march(story):
    only("review_due")
    ReminderRule.objects.filter(audience="member").exclude(offset_days__in=[-3, 1]).delete()
    ReminderRule.objects.exclude(audience="member").update(active=False)
    lone_seat(story, due=LEAP)
    everybody_lives_in("UTC")
    beat = Beat().run(days_of(date(2028, 2, 26), LEAP, date(2028, 3, 1)))
    assert sent_on(beat, "claire") == [date(2028, 2, 26), date(2028, 3, 1)]
    assert "was due on 29 February 2028" in mail.outbox[-1].body
    assert became() == {"Review due soon": "done", "Review overdue": "done"}
    each_took_effect_once()


def test_a_page_reviewed_on_the_29th_of_february_is_due_again_on_the_28th_a_year_later(people):
    only("re_review_due")
    ReviewRule.objects.update(re_review_months=12)
    article = Story(people, at(2028, 2, 29, 9)).published()
    assert article.publications.get().next_review_due == date(2029, 2, 28)
    everybody_lives_in("UTC")
    forget_news()
    ahead, overdue = date(2029, 1, 29), date(2029, 3, 1)
    beat = Beat().run(days_of(ahead, overdue))
    assert sent_on(beat, "tom") == [ahead, overdue]
    assert became() == {"Re-review due in a month": "done", "Re-review overdue": "done"}
    each_took_effect_once()


def test_a_licence_that_expires_on_the_29th_of_february_is_valid_on_that_day_and_not_on_the_next(people):
    only("credential_expiry")
    ReminderRule.objects.exclude(audience="member").delete()
    claire = people["claire"].board_member
    Credential.objects.filter(member=claire).update(expires_on=LEAP)
    Credential.objects.exclude(member=claire).update(expires_on=date(2040, 1, 1))
    everybody_lives_in("UTC")
    ahead = [date(2027, 12, 31), date(2028, 1, 30), date(2028, 2, 22)]
    beat = Beat().run(days_of(*ahead, LEAP))
    assert sent_on(beat, "claire") == ahead
    assert all("expires on 29 February 2028" in sent.body for sent in mail.outbox)
    assert claire.valid_credentials(LEAP).exists()
    assert not claire.valid_credentials(LEAP + DAY).exists()
    assert set(became().values()) == {"done"}
    each_took_effect_once()


# The ends of the earth


def test_at_one_instant_a_review_is_overdue_in_kiritimati_while_its_day_only_begins_in_honolulu(story):
    """Both are due on 23 March. In Kiritimati the day ends at 10:00 UTC on that date, in Honolulu 24 hours later."""
    day_after_rule()
    for name, zone in (("claire", "Pacific/Kiritimati"), ("ravi", "Pacific/Honolulu")):
        lone(story, name, zone)
    over = at(2026, 3, 23, 10)
    assert clock.day_in(ZoneInfo("Pacific/Honolulu"), over - timedelta(seconds=1)) == date(2026, 3, 22)

    assert overdue(over - timedelta(microseconds=1)) == set()
    assert overdue(over) == {"claire"}
    assert overdue(over + DAY - timedelta(microseconds=1)) == {"claire"}
    assert overdue(over + DAY) == {"claire", "ravi"}

    beat = Beat().run(hourly(over - 2 * HOUR, over + 2 * HOUR))
    assert dict(planned_at()) == {"claire": over}
    beat.run(hourly(over + 8 * HOUR, over + DAY + 20 * HOUR, 2 * HOUR))
    assert dict(planned_at()) == {"claire": over, "ravi": over + DAY}
    assert (beat.to("claire"), beat.to("ravi")) == ([over + 8 * HOUR], [over + DAY + 8 * HOUR])
    each_took_effect_once()


def lone(story, name: str, zone: str) -> None:
    """This member's seat, due on 23 March in their zone, where they also live; the other one has signed."""
    round = story.round("claire", "ravi", title=f"For {name}")
    story.sign(round, "ravi" if name == "claire" else "claire")
    ReviewAssignment.objects.filter(round=round).update(time_zone=zone, review_on=date(2026, 3, 23))
    User.objects.filter(username=name).update(time_zone=zone)
    forget_news()


def overdue(now: datetime) -> set[str]:
    return {seat.member.user.username for seat in desk.overdue_reviews(now)}


def planned_at() -> list[tuple[str, datetime]]:
    return list(ReminderDispatch.objects.values_list("recipient__username", "scheduled_for"))
