"""Three days without beat, and a wall clock that jumps by a day: each obligation once, or skipped with a reason."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from reviews import reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment
from tests.reviews.late import DAY_AFTER, lone_seat
from tests.reviews.reminders.ticking import HOUR, Beat, became, each_took_effect_once, everybody_lives_in, hourly

DAY = timedelta(days=1)
FIRST, LAST = DAY_AFTER - 5 * DAY, DAY_AFTER + 10 * DAY + 9 * HOUR
STEPS = (-3, 1, 3, 7, 10)

SOON, OVERDUE, SECOND, EDITOR, LAST_ONE, EDITOR_AGAIN, CHIEF = LADDER = (
    "Review due soon",
    "Review overdue",
    "Review overdue, second reminder",
    "Review overdue, to the handling editor",
    "Review overdue, last reminder",
    "Review overdue, to the handling editor, again",
    "Review overdue, to the chief editors",
)
STANDS = "a later one stands"
TOO_LATE = "it is too late to be of use"


@pytest.fixture(autouse=True)
def seat(story, settings) -> ReviewAssignment:
    """A seat under the ladder for reviews that Imprimatur ships with; the editor's weekly step is a rule of its own
    here, so that each rule reminds once."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    reminders.standard_rules()
    ReminderRule.objects.exclude(trigger="review_due").delete()
    ReminderRule.objects.filter(name=EDITOR).update(repeats=0)
    ReminderRule.objects.create(name=EDITOR_AGAIN, trigger="review_due", audience="handling_editor", offset_days=10)
    seat = lone_seat(story)
    everybody_lives_in("UTC")
    return seat


def told(beat: Beat) -> dict[str, list[int]]:
    """To whom mail left, on which days after the due day."""
    return {name: [(instant - DAY_AFTER).days + 1 for instant in beat.to(name)] for name in ("claire", "tom", "ingrid")}


def beats(first: datetime, last: datetime) -> list[datetime]:
    """Midnight and the hour of the day's mail on each day of the ladder, and both ends."""
    days = [DAY_AFTER + (step - 1) * DAY for step in STEPS]
    ticks = {day + hour * HOUR for day in days for hour in (0, 8)}
    return sorted({first, last, *(tick for tick in ticks if first <= tick <= last)})


def test_with_a_clock_that_never_stops_the_whole_ladder_is_mailed_step_by_step():
    beat = Beat().run(beats(FIRST, LAST))
    assert became() == dict.fromkeys(LADDER, "done")
    assert told(beat) == {"claire": [-3, 1, 3, 7], "tom": [3, 10], "ingrid": [10]}
    each_took_effect_once()


@pytest.mark.parametrize(
    ("stops_after", "skipped", "claire", "tom"),
    [
        (0, {OVERDUE: STANDS}, [-3, 4, 7], [4, 10]),
        (2, {}, [-3, 1, 6, 7], [6, 10]),
        (-4, {}, [1, 3, 7], [3, 10]),
    ],
)
def test_after_72_hours_without_a_sweep_each_obligation_takes_effect_once_or_says_why_not(
    stops_after, skipped, claire, tom
):
    """Of two steps that were missed the later one stands for both. What wakes at eleven at night waits for the
    morning; a mail that was meant for before the due day, and would leave on it, is skipped with that reason.
    """
    stopped = DAY_AFTER + (stops_after - 1) * DAY + 23 * HOUR
    woken = hourly(stopped + 72 * HOUR, stopped + 84 * HOUR, 9 * HOUR)
    beat = Beat().run(beats(FIRST, stopped)).run(woken).run(beats(woken[-1], LAST))
    assert became() == {**dict.fromkeys(LADDER, "done"), **skipped}
    assert told(beat) == {"claire": claire, "tom": tom, "ingrid": [10]}
    each_took_effect_once()


def test_after_a_fortnight_the_ladder_sends_one_mail_to_each_and_not_four():
    beat = Beat().run(beats(FIRST, FIRST)).run(hourly(DAY_AFTER + 12 * DAY, DAY_AFTER + 13 * DAY, 8 * HOUR))
    assert became() == {
        SOON: "the due day has come: this one was meant for before it",
        **dict.fromkeys((OVERDUE, SECOND, EDITOR), TOO_LATE),
        **dict.fromkeys((LAST_ONE, EDITOR_AGAIN, CHIEF), "done"),
    }
    assert told(beat) == {"claire": [13], "tom": [13], "ingrid": [13]}
    each_took_effect_once()


def test_after_a_month_everything_is_written_down_as_too_late_and_nothing_is_mailed():
    beat = Beat().run(hourly(DAY_AFTER + 30 * DAY, DAY_AFTER + 31 * DAY, 8 * HOUR))
    assert set(became().values()) == {TOO_LATE, "the due day has come: this one was meant for before it"}
    assert ReminderDispatch.objects.count() == len(LADDER)
    assert beat.left == []


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_wall_clock_that_jumps_by_a_day_and_back_doubles_nothing_and_loses_nothing(jump):
    """Four times the machine believes in another day for half a day; what it did then isn't done again."""
    beat, right = Beat(), FIRST
    for jumps_on in (-3, 0, 2, 6):
        wrong = DAY_AFTER + (jumps_on - 1) * DAY + 9 * HOUR
        beat.run(beats(right, wrong))
        right = wrong + 12 * HOUR
        beat.run(hourly(wrong + jump, right + jump, 12 * HOUR))
    beat.run(beats(right, LAST))
    assert became() == dict.fromkeys(LADDER, "done")
    assert {name: len(days) for name, days in told(beat).items()} == {"claire": 4, "tom": 2, "ingrid": 1}
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 7
    each_took_effect_once()


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_clock_that_jumps_while_a_reminder_is_held_frees_it_all_the_same(jump):
    """Its worker died; the lease ends by the clock that stands now, a day later at the latest."""
    reminders.plan(now=DAY_AFTER)
    row = ReminderDispatch.objects.get(rule__name=OVERDUE)
    assert reminders.claim(row.pk, now=DAY_AFTER + jump if jump > timedelta() else DAY_AFTER)
    beat = Beat().run(hourly(DAY_AFTER, DAY_AFTER + DAY + 12 * HOUR, 6 * HOUR))
    assert became()[OVERDUE] == "done"
    assert len(beat.to("claire")) == 1
