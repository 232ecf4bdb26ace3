from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from editorial import clock

BERLIN, KIRITIMATI, NIUE = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Niue")
days = st.dates(date(1980, 1, 1), date(2090, 12, 31))
zones = st.sampled_from(["UTC", "Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo"])


def test_now_has_a_time_zone():
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_one_instant_is_three_days_around_the_world():
    instant = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert clock.day_in(NIUE, instant) == date(2026, 3, 1)
    assert clock.day_in(BERLIN, instant) == date(2026, 3, 2)
    assert clock.day_in(KIRITIMATI, instant) == date(2026, 3, 3)


def test_a_naive_instant_has_no_day():
    with pytest.raises(ValueError, match="without a time zone"):
        clock.day_in(BERLIN, datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001


def test_a_day_is_asked_for_and_not_an_instant():
    with pytest.raises(TypeError, match="a day is asked for"):
        clock.first_instant(datetime(2026, 3, 2, tzinfo=UTC), zone=BERLIN)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_may_have_23_or_25_hours(day, hours):
    assert clock.after(day, zone=BERLIN) - clock.first_instant(day, zone=BERLIN) == timedelta(hours=hours)


@given(days, zones)
def test_the_instant_after_a_day_is_no_longer_that_day(day, zone):
    zone = ZoneInfo(zone)
    after = clock.after(day, zone=zone)
    assert clock.day_in(zone, after) > day
    assert clock.day_in(zone, after - timedelta(microseconds=1)) <= day


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_on_their_last_day(day, months, then):
    assert clock.add_months(day, months) == then


@given(days, st.integers(0, 120))
def test_adding_months_lands_in_that_month(day, months):
    then = clock.add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)
