"""Whose turn is it, from values alone."""

from datetime import date

import pytest

from reviews.queue.turns import Seat, Standing, Turn, turn_of

DAY = date(2026, 3, 20)


def seat(name: str, **values) -> Seat:
    return Seat(pk=1, name=name, status="accepted", due_on=DAY, **values)


def under_review(*seats: Seat, **values) -> Standing:
    return Standing(state="under_review", seats=seats, editor="Tom Okafor", today=date(2026, 3, 23), **values)


@pytest.mark.parametrize(
    ("standing", "who", "act"),
    [
        (Standing(state="draft", authors=("Nora Feld",)), "Nora Feld", "look"),
        (Standing(state="draft"), "the author", "look"),
        (Standing(state="submitted"), "an editor", "triage"),
        (Standing(state="submitted", editor="Tom Okafor"), "Tom Okafor", "triage"),
        (Standing(state="submitted", triaged=True, editor="Tom Okafor"), "Tom Okafor", "open_round"),
        (under_review(seat("Ana", asked=True), seat("Ben")), "Ana", "look"),
        (under_review(seat("Ana"), seat("Ben", open=False)), "Ana", "look"),
        (under_review(seat("Ana", late=True), seat("Ben")), "Ana", "remind"),
        (under_review(seat("Ana", open=False), seat("Ben", open=False)), "Tom Okafor", "decide"),
        (under_review(), "Tom Okafor", "decide"),
        (under_review(seat("Ana"), unsatisfiable="Nobody is left."), "Tom Okafor", "add_seat"),
        (under_review(seat("Ana", late=True), objection=True), "the board", "objection"),
        (Standing(state="approved", status="live", objection=True), "the board", "objection"),
        (Standing(state="submitted", triaged=True, objection=True), "an editor", "open_round"),
        (Standing(state="changes_requested", authors=("Nora", "Paul")), "Nora and Paul", "look"),
        (Standing(state="changes_requested", authors=("Nora",), objection=True), "Nora", "look"),
        (Standing(state="approved", status="live"), "", ""),
        (Standing(state="approved", status="live", quorum_lost=True), "an editor", "re_review"),
        (Standing(state="approved", status="live", full_review_by=DAY), "an editor", "re_review"),
        (Standing(state="approved", status="live", next_review_due=DAY), "an editor", "re_review"),
        (Standing(state="approved", status="on_hold"), "a chief editor", "look"),
        (Standing(state="approved", status="retracted"), "", ""),
        (Standing(state="rejected"), "", ""),
    ],
)
def test_it_waits_for_one_side_and_names_the_next_act(standing, who, act):
    turn = turn_of(standing)
    assert (turn.who, turn.act) == (who, act)


def test_whoever_stands_by_or_may_but_need_not_sign_keeps_nobody_waiting():
    done = seat("Ana", open=False)
    assert turn_of(under_review(done, seat("Eva", standing_by=True))).act == "decide"
    assert turn_of(under_review(done, seat("Eva", required=False, late=True))).act == "decide"


def test_a_late_review_says_how_late_the_latest_is():
    late = seat("Ana", late=True)
    turn = turn_of(under_review(late, Seat(pk=2, name="Ben", status="accepted", due_on=date(2026, 3, 22), late=True)))
    assert turn == Turn("Ana and Ben", "review, 3 days late", "remind", DAY)


def test_a_review_that_just_got_late_in_the_east_is_a_day_late():
    turn = turn_of(
        Standing(state="under_review", seats=(seat("Ana", late=True),), editor="Tom", today=date(2026, 3, 20))
    )
    assert turn.what == "review, 1 day late"


def test_three_names_are_one_and_how_many_others():
    panel = [seat(name) for name in ("Ana", "Ben", "Claire")]
    assert turn_of(under_review(*panel)).who == "Ana and 2 others"


@pytest.mark.parametrize(
    ("chip", "mark"),
    [
        (seat("Ana Ruiz"), ""),
        (seat("Ana Ruiz", late=True), " !"),
        (seat("Ana Ruiz", open=False), " ✓"),
        (seat("Ana Ruiz", open=False, verdict="approve", approves=True), " ✓"),
        (seat("Ana Ruiz", open=False, verdict="changes_needed"), " ✕"),
    ],
)
def test_a_chip_says_with_a_sign_what_its_colour_says(chip, mark):
    assert (chip.initials, chip.mark) == ("AR", mark)


def test_one_name_gives_two_letters():
    assert seat("ingrid").initials == "in"
