from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.eligibility import (
    Candidate,
    Subject,
    interest_counts,
    rank,
    reasons_against,
    reasons_for,
    shared_names,
    standing_reasons,
)

TODAY = date(2026, 3, 2)
DUE = TODAY + timedelta(days=21)
FIT = Candidate(user=1, serves=True, credentials=frozenset({"cardiology"}))
SUBJECT = Subject(contributors=frozenset({9}), names=frozenset({"regenova", "cardioplex"}))

STANDING = [
    ({"serves": False}, "not an active board member"),
    ({"credentials": frozenset()}, "no valid credential: it has expired"),
    ({"credentials": frozenset(), "unverified": True}, "no verified credential"),
    ({"user": 9}, "contributed to this text"),
    ({"interests": frozenset({"regenova"})}, "declared an interest in regenova"),
    ({"interests": frozenset({"regenova", "cardioplex", "other"})}, "declared an interest in cardioplex, regenova"),
    ({"people": frozenset({9})}, "declared an interest in one of its contributors"),
]
PASSING = [
    ({"recused_before": True}, "recused from this article before"),
    ({"declined_before": True}, "declined this article before"),
    ({"recused_before": True, "declined_before": True}, "recused from this article before"),
    ({"load": 3}, "has 3 open reviews, the limit is 3"),
    ({"load": 4}, "has 4 open reviews, the limit is 3"),
    ({"load": 0, "load_limit": 0}, "has 0 open reviews, the limit is 0"),
    (
        {"absences": ((TODAY, TODAY + timedelta(days=9)), (TODAY + timedelta(days=10), DUE - timedelta(days=1)))},
        "absent for the whole time before the due date",
    ),
    ({"absences": ((DUE, DUE),)}, "absent beyond the due date"),
    ({"absences": ((TODAY, DUE),)}, "absent beyond the due date"),
    ({"absences": ((TODAY - timedelta(days=9), DUE + timedelta(days=9)),)}, "absent beyond the due date"),
]
HARMLESS = [
    {"load": 2},
    {"interests": frozenset({"somebody else"})},
    {"people": frozenset({8})},
    {"absences": ((TODAY, DUE - timedelta(days=2)),)},
    {"absences": ((TODAY + timedelta(days=2), DUE - timedelta(days=1)),)},
    {"absences": ((DUE + timedelta(days=1), DUE + timedelta(days=9)),)},
    {"absences": ((TODAY - timedelta(days=9), TODAY),)},
    {"unverified": True},
]


def against(**changes) -> tuple[str, ...]:
    return reasons_against(replace(FIT, **changes), SUBJECT, due=DUE, start=TODAY)


def test_a_serving_qualified_independent_member_is_eligible():
    assert against() == ()


@pytest.mark.parametrize(("changes", "reason"), [*STANDING, *PASSING])
def test_each_reason_is_given_alone_and_in_words(changes, reason):
    assert against(**changes) == (reason,)


@pytest.mark.parametrize("changes", HARMLESS)
def test_what_is_no_reason_bars_nobody(changes):
    assert against(**changes) == ()


@pytest.mark.parametrize(("changes", "reason"), STANDING)
def test_standing_reasons_count_at_the_instant_of_signing_too(changes, reason):
    assert standing_reasons(replace(FIT, **changes), SUBJECT) == (reason,)


@pytest.mark.parametrize(("changes", "reason"), PASSING)
def test_load_absence_and_an_earlier_recusal_make_no_signature_worthless(changes, reason):
    assert standing_reasons(replace(FIT, **changes), SUBJECT) == ()


def test_every_reason_is_given_not_only_the_first():
    assert against(serves=False, credentials=frozenset(), user=9, recused_before=True, load=3) == (
        "not an active board member",
        "no valid credential: it has expired",
        "contributed to this text",
        "recused from this article before",
        "has 3 open reviews, the limit is 3",
    )


def test_reasons_for_name_the_specialty_first_then_load_then_how_long_ago():
    assert reasons_for(replace(FIT, load=1), "cardiology", asked_days_ago=40) == (
        "in the article's specialty",
        "1 of 3 reviews open",
        "last asked 40 days ago",
    )
    assert reasons_for(FIT, "rheumatology", asked_days_ago=None) == ("0 of 3 reviews open", "not asked before")
    assert reasons_for(FIT, "rheumatology", asked_days_ago=29) == ("0 of 3 reviews open",)


RANKED = [
    (replace(FIT, user=5), None),  # in the specialty, free, never asked
    (replace(FIT, user=6), 90),
    (replace(FIT, user=7), 10),
    (replace(FIT, user=2, load=1), None),
    (replace(FIT, user=3, load=2, load_limit=3), None),
    (replace(FIT, user=1, credentials=frozenset({"pharmacology"})), None),
]


@given(st.permutations(range(len(RANKED))))
def test_ranking_is_by_specialty_then_load_then_longest_not_asked_whatever_the_order(order):
    shuffled = [RANKED[index] for index in order]
    ranked = [shuffled[index][0].user for index in rank(shuffled, "cardiology")]
    assert ranked == [candidate.user for candidate, _asked in RANKED]


def test_load_is_judged_by_its_share_of_the_limit():
    many, few = replace(FIT, user=1, load=2, load_limit=10), replace(FIT, user=2, load=1, load_limit=3)
    assert rank([(few, None), (many, None)], "cardiology") == [1, 0]


def test_a_member_who_takes_no_reviews_ranks_as_fully_loaded():
    none, some = replace(FIT, user=1, load_limit=0), replace(FIT, user=2, load=2)
    assert rank([(none, None), (some, None)], "cardiology") == [1, 0]


@given(
    st.builds(
        Candidate,
        user=st.integers(1, 12),
        serves=st.booleans(),
        credentials=st.frozensets(st.sampled_from(["cardiology", "rheumatology"])),
        unverified=st.booleans(),
        interests=st.frozensets(st.sampled_from(["regenova", "other"])),
        people=st.frozensets(st.integers(8, 10)),
        recused_before=st.booleans(),
        load=st.integers(0, 5),
        load_limit=st.integers(0, 5),
    )
)
def test_whoever_may_not_sign_is_never_eligible(candidate):
    standing = standing_reasons(candidate, SUBJECT)
    assert reasons_against(candidate, SUBJECT, due=DUE)[: len(standing)] == standing
    conflicted = candidate.user in SUBJECT.contributors or candidate.interests & SUBJECT.names
    if conflicted or not candidate.serves or not candidate.credentials:
        assert standing


# Interests


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2000, 1, 1), None, True),
        (date(2000, 1, 1), TODAY, True),
        (date(2000, 1, 1), TODAY + timedelta(days=400), True),
        (date(2000, 1, 1), date(2023, 3, 2), True),
        (date(2000, 1, 1), date(2023, 3, 1), False),
    ],
)
def test_an_interest_counts_while_it_stands_and_for_36_months_after(since, until, counts):
    assert interest_counts(since, until, today=TODAY) is counts


def test_an_interest_that_ended_on_the_last_of_february_counts_to_the_end_of_february():
    assert interest_counts(date(2020, 1, 1), date(2024, 2, 29), today=date(2027, 2, 28))
    assert not interest_counts(date(2020, 1, 1), date(2024, 2, 29), today=date(2027, 3, 1))


def test_shared_names_are_written_as_the_article_writes_them():
    names = {"Regenova Ltd.", "Cardioplex 5 mg", "Novotel"}
    assert shared_names({"REGENOVA", "cardioplex", "Novo"}, names) == ["Cardioplex 5 mg", "Regenova Ltd."]
    assert shared_names((), names) == []
    assert shared_names({"Regenova"}, ()) == []
