"""Stretches of days, their weeks and months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.metrics.periods import LONGEST, Period, coming_months, counted, latest

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_last_days_end_with_today():
    period = latest(30, today=date(2026, 3, 2), zone=BERLIN)
    assert (period.first, period.last, period.days) == (date(2026, 2, 1), date(2026, 3, 2), 30)


def test_a_period_begins_and_ends_at_midnight_of_its_zone():
    period = Period(date(2026, 3, 29), date(2026, 3, 29), BERLIN)  # 23 hours long
    assert period.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert period.end - period.start == timedelta(hours=23)
    assert period.holds(period.start)
    assert not period.holds(period.end)
    assert not period.holds(None)


def test_a_short_period_is_sliced_into_weeks_from_monday():
    period = Period(date(2026, 3, 4), date(2026, 3, 17), BERLIN)  # Wednesday to Tuesday
    assert [(part.first.day, part.last.day, part.label) for part in period.slices] == [
        (4, 8, "4 Mar"),
        (9, 15, "9 Mar"),
        (16, 17, "16 Mar"),
    ]


def test_a_long_period_is_sliced_into_months():
    period = Period(date(2025, 11, 20), date(2026, 4, 3), BERLIN)
    assert [part.label for part in period.slices] == ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr"]
    assert (period.slices[0].first, period.slices[-1].last) == (period.first, period.last)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, LONGEST))
def test_slices_are_the_period_without_gap_or_overlap(first, days):
    period = Period(first, first + timedelta(days=days - 1), BERLIN)
    slices = period.slices
    assert slices[0].first == period.first
    assert slices[-1].last == period.last
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(slices))
    assert len(slices) <= 25


def test_cases_are_sorted_into_their_slices_and_those_outside_are_left_out():
    period = Period(date(2026, 3, 4), date(2026, 3, 17), BERLIN)
    days = [
        date(2026, 3, 3),
        date(2026, 3, 4),
        date(2026, 3, 8),
        date(2026, 3, 9),
        date(2026, 3, 17),
        date(2026, 3, 18),
    ]
    assert period.sorted_out((day, day.day) for day in days) == [[4, 8], [9], [17]]


def test_a_day_is_the_one_of_the_zone():
    period = latest(1, today=date(2026, 3, 2), zone=BERLIN)
    assert period.day_of(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == date(2026, 3, 2)


def test_coming_months_begin_today():
    months = coming_months(date(2026, 11, 24), 12)
    assert (months[0].first, months[0].last) == (date(2026, 11, 24), date(2026, 11, 30))
    assert (months[-1].first, months[-1].last) == (date(2027, 10, 1), date(2027, 10, 31))
    assert len(months) == 12


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 23), [0, 0]),
        (date(2026, 11, 24), [3, 0]),
        (date(2026, 11, 30), [3, 0]),
        (date(2026, 12, 1), [0, 3]),
        (date(2026, 12, 31), [0, 3]),
        (date(2027, 1, 1), [0, 0]),
    ],
)
def test_a_day_counts_in_its_month_alone(day, found):
    assert counted(coming_months(date(2026, 11, 24), 2), [(day, 3)]) == found
