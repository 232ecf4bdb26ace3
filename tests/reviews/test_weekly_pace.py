"""On which day the clock opens how many rounds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.weekly_pace import Pace, days, is_open, left_today, monday

MONDAY = date(2026, 3, 2)
FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=ahead) for ahead in (4, 5, 6))
NEXT = MONDAY + timedelta(days=7)
WHOLE_WEEK = [(MONDAY, SUNDAY)]


def expected(count: int, pace: Pace, today: date = MONDAY, closed=()) -> list[date | None]:
    return days(count, pace, today=today, closed=closed)


def test_so_many_are_expected_a_week_from_today_on():
    assert expected(5, Pace(2)) == [MONDAY, MONDAY, NEXT, NEXT, NEXT + timedelta(days=7)]


def test_what_was_opened_this_week_leaves_less_of_it():
    assert expected(3, Pace(2, opened=1)) == [MONDAY, NEXT, NEXT]
    assert expected(1, Pace(2, opened=9)) == [NEXT]


def test_in_the_middle_of_a_week_todays_are_today():
    assert expected(3, Pace(2), today=FRIDAY) == [FRIDAY, FRIDAY, NEXT]


@pytest.mark.parametrize("today", [SATURDAY, SUNDAY])
def test_at_the_weekend_nothing_is_opened(today):
    assert left_today(Pace(2), today, ()) == 0
    assert expected(1, Pace(2), today=today) == [NEXT]


def test_a_closed_week_is_left_out_and_a_part_of_one_only_shifts_it():
    assert expected(1, Pace(2), closed=WHOLE_WEEK) == [NEXT]
    assert expected(1, Pace(2), closed=[(MONDAY, MONDAY)]) == [MONDAY + timedelta(days=1)]
    assert left_today(Pace(2), MONDAY, WHOLE_WEEK) == 0


def test_paused_or_closed_for_ever_nobody_knows_the_day():
    assert expected(2, Pace(2, paused=True)) == [None, None]
    assert expected(1, Pace(2), closed=[(MONDAY, date(2099, 1, 1))]) == [None]
    assert left_today(Pace(2, paused=True), MONDAY, ()) == 0


def test_of_two_hundred_at_ten_a_week_the_last_come_in_the_twentieth():
    found = expected(200, Pace(10))
    assert found[-1] == MONDAY + 19 * timedelta(days=7)
    assert found == sorted(found)


periods = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 20)), max_size=4)


@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 9), st.integers(0, 6), periods)
def test_no_week_holds_more_than_its_pace_and_no_day_is_closed(count, a_week, opened, weekday, around):
    closed = [(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + long)) for at, long in around]
    today, pace = MONDAY + timedelta(days=weekday), Pace(a_week, opened=opened)
    found = [day for day in days(count, pace, today=today, closed=closed) if day is not None]
    assert len(found) == count
    assert all(day >= today and is_open(day, closed) for day in found)
    weeks = [monday(day) for day in found]
    assert all(weeks.count(week) <= a_week for week in weeks)
    assert weeks.count(monday(today)) <= max(a_week - opened, 0)
    if found and found[0] == today:
        assert left_today(pace, today, closed) > 0
