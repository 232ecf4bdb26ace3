from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.deadlines import days_late, due_day, due_instant, is_closed, merged, moved_beyond

ZONES = ["Europe/Paris", "America/New_York", "Asia/Tokyo", "Africa/Lagos", "Australia/Lord_Howe"]
# Day, zone and how many hours that day had there.
DST_DAYS = [
    (date(2026, 3, 29), "Europe/Paris", 23),
    (date(2026, 10, 25), "Europe/Paris", 25),
    (date(2026, 3, 8), "America/New_York", 23),
    (date(2026, 11, 1), "America/New_York", 25),
    (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
    (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
    (date(2026, 9, 6), "America/Santiago", 23),  # midnight itself doesn't exist that day
    (date(2026, 4, 4), "America/Santiago", 25),
    (date(2026, 3, 29), "Asia/Tokyo", 24),
]
days = st.dates(min_value=date(2000, 1, 2), max_value=date(2090, 1, 1))


def length(day: date, zone: ZoneInfo) -> timedelta:
    return due_instant(day, tz=zone) - due_instant(day - timedelta(days=1), tz=zone)


@pytest.mark.parametrize(("day", "zone", "hours"), DST_DAYS)
def test_a_due_day_lasts_as_long_as_the_day_does(day, zone, hours):
    assert length(day, ZoneInfo(zone)) == timedelta(hours=hours)


@given(day=days, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_the_due_instant_is_the_last_one_of_that_day(day, zone):
    end = due_instant(day, tz=zone)
    assert end.astimezone(zone).date() == day
    assert (end + timedelta(microseconds=1)).astimezone(zone).date() == day + timedelta(days=1)


@given(day=days, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_due_instants_of_successive_days_are_about_a_day_apart(day, zone):
    assert timedelta(hours=23) <= length(day, zone) <= timedelta(hours=25)


def test_the_same_day_ends_first_in_tokyo_and_last_in_new_york():
    zones = ("Asia/Tokyo", "UTC", "America/New_York")
    after = [due_instant(date(2026, 3, 23), tz=ZoneInfo(zone)) + timedelta(microseconds=1) for zone in zones]
    assert after == [
        datetime(2026, 3, 23, 15, tzinfo=UTC),
        datetime(2026, 3, 24, 0, tzinfo=UTC),
        datetime(2026, 3, 24, 4, tzinfo=UTC),
    ]


def test_an_instant_is_no_due_day():
    with pytest.raises(TypeError, match="not an instant"):
        due_instant(datetime(2026, 3, 23, tzinfo=UTC), tz=ZoneInfo("UTC"))


def test_without_closed_periods_days_are_simply_counted():
    assert due_day(date(2026, 3, 2), 21) == date(2026, 3, 23)


def test_a_closed_period_moves_the_due_day_by_its_length():
    christmas = (date(2026, 12, 24), date(2027, 1, 1))
    assert due_day(date(2026, 12, 20), 5, closed=[christmas]) == date(2027, 1, 3)


def test_nothing_falls_due_on_the_first_or_last_day_of_a_closed_period():
    closed = [(date(2026, 3, 10), date(2026, 3, 10))]
    assert due_day(date(2026, 3, 9), 1, closed=closed) == date(2026, 3, 11)


def test_closed_periods_that_overlap_count_once():
    closed = [(date(2026, 3, 3), date(2026, 3, 6)), (date(2026, 3, 5), date(2026, 3, 8))]
    assert due_day(date(2026, 3, 2), 1, closed=closed) == date(2026, 3, 9)


def test_a_due_day_never_lies_before_its_start():
    with pytest.raises(ValueError, match="doesn't lie before"):
        due_day(date(2026, 3, 2), -1)


@given(
    start=days,
    count=st.integers(min_value=0, max_value=60),
    closed=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 15)), max_size=4),
)
def test_exactly_the_asked_number_of_open_days_lie_between_start_and_due_day(start, count, closed):
    periods = [(start + timedelta(days=a), start + timedelta(days=a + length)) for a, length in closed]

    def is_open(day: date) -> bool:
        return not any(first <= day <= last for first, last in periods)

    due = due_day(start, count, closed=periods)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(map(is_open, between)) == count
    assert count == 0 or is_open(due)


closed_periods = st.lists(st.tuples(st.integers(-40, 80), st.integers(-2, 15)), max_size=4)


def periods_from(start: date, closed: list[tuple[int, int]]) -> list[tuple[date, date]]:
    return [(start + timedelta(days=a), start + timedelta(days=a + length)) for a, length in closed]


def test_nothing_is_late_on_its_due_day_or_before():
    assert days_late(date(2026, 3, 23), date(2026, 3, 23)) == 0
    assert days_late(date(2026, 3, 23), date(2026, 1, 1)) == 0


def test_lateness_counts_from_the_day_after_the_due_day():
    assert days_late(date(2026, 3, 23), date(2026, 3, 24)) == 1
    assert days_late(date(2026, 3, 23), date(2026, 4, 6)) == 14


def test_a_closed_period_stops_lateness_until_the_day_after_it():
    christmas = [(date(2026, 12, 24), date(2027, 1, 1))]
    lateness = [days_late(date(2026, 12, 22), day, closed=christmas) for day in (date(2026, 12, 23), date(2027, 1, 1))]
    assert lateness == [1, 1]
    assert days_late(date(2026, 12, 22), date(2027, 1, 2), closed=christmas) == 2


@given(due=days, late=st.integers(-5, 90), closed=closed_periods)
def test_lateness_is_the_number_of_open_days_after_the_due_day(due, late, closed):
    periods, today = periods_from(due, closed), due + timedelta(days=late)
    passed = [due + timedelta(days=n) for n in range(1, late + 1)]
    assert days_late(due, today, closed=periods) == sum(not is_closed(day, closed=periods) for day in passed)


@given(start=days, closed=closed_periods)
def test_merged_periods_hold_the_same_days_apart_and_in_order(start, closed):
    periods = periods_from(start, closed)
    found = merged(periods)
    around = [start + timedelta(days=n) for n in range(-50, 110)]
    assert [is_closed(day, closed=found) for day in around] == [is_closed(day, closed=periods) for day in around]
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_a_due_day_in_a_new_closed_period_gets_its_days_back_after_it():
    christmas = (date(2026, 12, 24), date(2027, 1, 1))
    assert moved_beyond(date(2026, 12, 24), christmas) == date(2027, 1, 2)
    assert moved_beyond(date(2026, 12, 26), christmas) == date(2027, 1, 4)
    assert moved_beyond(date(2026, 12, 23), christmas) == date(2026, 12, 23)
    assert moved_beyond(date(2027, 1, 2), christmas) == date(2027, 1, 2)


@given(start=days, before=st.integers(0, 30), length=st.integers(0, 20), into=st.integers(0, 20), others=closed_periods)
def test_a_moved_due_day_is_open_and_never_earlier(start, before, length, into, others):
    period = (start + timedelta(days=before), start + timedelta(days=before + length))
    due, closed = period[0] + timedelta(days=min(into, length)), periods_from(start, others)
    moved = moved_beyond(due, period, closed=closed)
    assert moved > period[1]
    assert not is_closed(moved, closed=[*closed, period])
