"""Durations, percentiles, punctuality and answers, worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reviews.metrics.arithmetic import (
    SeatLine,
    Share,
    Spread,
    age_group,
    answered,
    answered_at,
    days_between,
    nearest_rank,
    on_time,
    said,
    share,
    spread,
)

ASKED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def seat(state: str = "accepted", **values) -> SeatLine:
    usual = {"respond_on": date(2026, 3, 7), "review_on": date(2026, 3, 23), "zone": "UTC", "asked_at": ASKED}
    return SeatLine(member=1, state=state, **{**usual, **values})


# Percentiles


@pytest.mark.parametrize(
    ("values", "median", "eightieth"),
    [
        ([4.0], 4.0, 4.0),
        ([1.0, 9.0], 5.0, 9.0),  # rank ⌈1.6⌉ = 2
        ([3.0, 1.0, 2.0], 2.0, 3.0),  # rank ⌈2.4⌉ = 3
        ([10.0, 1.0, 2.0, 3.0], 2.5, 10.0),  # rank ⌈3.2⌉ = 4
        ([5.0, 4.0, 3.0, 2.0, 1.0], 3.0, 4.0),  # rank 4, exactly
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], 5.5, 8.0),  # rank 8, exactly
        ([7.0] * 6, 7.0, 7.0),
    ],
)
def test_a_spread_is_the_median_and_the_nearest_rank_of_eighty_per_cent(values, median, eightieth):
    assert spread(values) == Spread(len(values), median, eightieth)


def test_of_no_case_there_is_no_figure():
    assert spread([]) is None
    assert share([]) is None
    with pytest.raises(ValueError, match="nothing"):
        nearest_rank([], 80)


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (1, 1.0), (25, 1.0), (26, 2.0), (50, 2.0), (100, 4.0)])
def test_a_nearest_rank_is_always_a_value_that_occurred(percent, value):
    assert nearest_rank([4.0, 3.0, 2.0, 1.0], percent) == value


def test_a_share_knows_its_parts():
    found = share([True, False, True, True])
    assert found == Share(3, 4)
    assert found.percent == 75.0


@pytest.mark.parametrize(
    ("days", "group"), [(-1, 0), (0, 0), (7, 0), (8, 1), (14, 1), (15, 2), (30, 2), (31, 3), (400, 3)]
)
def test_ages_fall_into_four_groups(days, group):
    assert age_group(days) == group


def test_days_are_those_of_a_clock_and_never_less_than_none():
    assert days_between(ASKED, ASKED + timedelta(hours=36)) == 1.5
    assert days_between(ASKED, ASKED - timedelta(hours=1)) == 0.0


@pytest.mark.parametrize(
    ("days", "words"), [(0.04, "0"), (0.96, "1"), (1.0, "1"), (2.54, "2.5"), (9.94, "9.9"), (9.96, "10"), (12.4, "12")]
)
def test_days_are_said_with_a_decimal_only_below_ten(days, words):
    assert said(days) == words


# On time


@pytest.mark.parametrize(
    ("zone", "due", "last"),
    [
        ("UTC", date(2026, 3, 23), datetime(2026, 3, 23, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("Asia/Tokyo", date(2026, 3, 23), datetime(2026, 3, 23, 14, 59, 59, 999_999, tzinfo=UTC)),
        ("Pacific/Pago_Pago", date(2026, 3, 23), datetime(2026, 3, 24, 10, 59, 59, 999_999, tzinfo=UTC)),
        # The day on which Berlin's clocks go forward has 23 hours and ends at 22:00 UTC.
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, 999_999, tzinfo=UTC)),
        # The day on which New York's go back has 25 hours and ends at 05:00 UTC.
        ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 2, 4, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_review_is_on_time_until_the_last_instant_of_its_day_in_the_members_zone(zone, due, last):
    kept = seat("completed", zone=zone, review_on=due, signed_at=last)
    late = seat("completed", zone=zone, review_on=due, signed_at=last + timedelta(microseconds=1))
    assert on_time(kept, now=LATER) is True
    assert on_time(late, now=LATER) is False


def test_a_signature_that_was_withdrawn_is_on_time_for_no_new_day():
    """The seat is open again, with a later day, and still has its first signature on record."""
    again = seat("accepted", signed_at=ASKED)
    assert on_time(again, now=ASKED) is None
    assert on_time(again, now=LATER) is False


def test_an_open_review_is_late_from_the_first_instant_after_its_day_and_nothing_before():
    end = datetime(2026, 3, 24, tzinfo=UTC)
    assert on_time(seat(), now=end - timedelta(microseconds=1)) is None
    assert on_time(seat(), now=end) is False


@pytest.mark.parametrize("state", ["declined", "recused", "released", "expired"])
def test_a_seat_that_ended_unsigned_is_late_when_its_day_had_passed_and_else_counts_not_at_all(state):
    assert on_time(seat(state, ended_at=datetime(2026, 3, 24, tzinfo=UTC)), now=LATER) is False
    assert on_time(seat(state, ended_at=datetime(2026, 3, 23, 12, tzinfo=UTC)), now=LATER) is None


# Answers


def test_an_answer_is_the_first_sign_of_the_member():
    yes, signed = ASKED + timedelta(days=1), ASKED + timedelta(days=9)
    assert answered_at(seat("completed", answers=True, accepted_at=yes, signed_at=signed)) == yes
    assert answered_at(seat("completed", answers=True, signed_at=signed)) == signed
    assert answered_at(seat("declined", answers=True, ended_at=yes)) == yes
    assert answered_at(seat("released", answers=True, ended_at=yes)) is None


def test_opening_the_text_is_an_answer_only_where_none_is_asked():
    opened = ASKED + timedelta(days=2)
    assert answered_at(seat(opened_at=opened)) == opened
    assert answered_at(seat("invited", answers=True, opened_at=opened)) is None


def test_silence_counts_once_the_time_for_an_answer_is_over():
    end = datetime(2026, 3, 8, tzinfo=UTC)
    assert answered(seat("invited"), now=end - timedelta(microseconds=1)) is None
    assert answered(seat("invited"), now=end) is False
    assert answered(seat("expired", ended_at=ASKED + timedelta(days=1)), now=LATER) is False
    assert answered(seat("released", ended_at=ASKED + timedelta(days=1)), now=LATER) is None
    assert answered(seat("recused", ended_at=ASKED + timedelta(days=1)), now=LATER) is True
