"""The proposal satisfies a rule whenever any choice of these people could: compared with trying all choices."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reviews.proposal import ALTERNATES, choose
from reviews.quorum import Rule, can_satisfy

HEART, BONE, DRUG = "cardiology", "orthopaedics", "pharmacology"
FIELDS = [HEART, BONE, DRUG]

people = st.lists(st.frozensets(st.sampled_from(FIELDS), max_size=3), max_size=7)
rules = st.builds(
    Rule, approvals=st.integers(0, 4), specialties=st.lists(st.sampled_from(FIELDS), max_size=4).map(tuple)
)


def of(*specialties: str) -> frozenset[str]:
    return frozenset(specialties)


def choices(rule: Rule, found: list[frozenset[str]]) -> list[tuple[int, ...]]:
    """Every set of people that satisfies the rule, by brute force."""
    every = (picked for size in range(len(found) + 1) for picked in combinations(range(len(found)), size))
    return [picked for picked in every if not can_satisfy(rule, [found[index] for index in picked])]


@given(rules, people)
def test_a_panel_is_proposed_whenever_there_is_one(rule, found):
    choice = choose(rule, found)
    possible = choices(rule, found)
    assert bool(choice.lacking) is (not possible)
    if possible:
        assert not can_satisfy(rule, [found[index] for index in choice.required])
        assert len(choice.required) == max(rule.approvals, len(rule.specialties))
        assert len(choice.required) == min(map(len, possible))


@given(rules, people)
def test_nobody_is_proposed_twice_and_no_more_alternates_than_two(rule, found):
    choice = choose(rule, found)
    proposed = [*choice.required, *choice.alternates]
    assert len(proposed) == len(set(proposed))
    assert len(choice.alternates) <= ALTERNATES
    assert all(0 <= index < len(found) for index in proposed)


@given(rules, people)
def test_each_alternate_could_take_a_seat_over_and_the_panel_would_still_do(rule, found):
    choice = choose(rule, found)
    for alternate in choice.alternates:
        swaps = [[alternate if seat == lost else seat for seat in choice.required] for lost in choice.required]
        assert any(not can_satisfy(rule, [found[index] for index in swap]) for swap in swaps)


@given(rules, people)
def test_where_anybody_could_take_a_seat_over_there_is_an_alternate(rule, found):
    choice = choose(rule, found)
    left = [index for index in range(len(found)) if index not in choice.required]
    could = [
        index
        for index in left
        for lost in choice.required
        if not can_satisfy(rule, [found[index if seat == lost else seat] for seat in choice.required])
    ]
    assert bool(choice.alternates) is bool(could and not choice.lacking)


@given(rules, people, st.data())
def test_whoever_is_kept_is_on_the_panel_and_the_rule_still_holds_if_it_can(rule, found, data):
    keep = data.draw(st.sets(st.integers(0, len(found) - 1), max_size=3)) if found else set()
    choice = choose(rule, found, keep=keep)
    assert keep <= set(choice.required)
    assert bool(choice.lacking) is (not choices(rule, found))


def test_the_best_ranked_who_suffice_are_proposed():
    found = [of(HEART), of(HEART), of(BONE), of(DRUG)]
    assert choose(Rule(2, (HEART,)), found).required == (0, 1)
    assert choose(Rule(2, (HEART, DRUG)), found).required == (0, 3)


def test_a_member_of_two_specialties_makes_way_where_another_can_take_the_first():
    found = [of(HEART, DRUG), of(HEART)]
    assert choose(Rule(2, (HEART, DRUG)), found).required == (0, 1)
    assert choose(Rule(2, (HEART, DRUG)), found).lacking == ()


def test_alternates_cover_different_seats_before_the_same_one_twice():
    found = [of(HEART), of(DRUG), of(HEART), of(HEART), of(DRUG)]
    assert choose(Rule(2, (HEART, DRUG)), found).alternates == (2, 4)


def test_what_the_best_panel_lacks_is_said():
    assert choose(Rule(2, (HEART,)), [of(BONE), of(BONE)]).lacking == (f"an approver in {HEART}",)
    assert choose(Rule(3), [of(BONE)]).lacking == ("the panel has 1 of the 3 members that must approve",)
    assert choose(Rule(1, (HEART,)), []).required == ()


def test_a_rule_that_asks_for_nobody_gets_nobody():
    assert choose(Rule(0), [of(HEART)]).required == ()


def test_two_thousand_people_are_looked_at_quickly():
    found = [of(FIELDS[number % 3]) for number in range(2000)]
    choice = choose(Rule(3, (HEART, HEART, DRUG)), found)
    assert choice.required == (0, 2, 3)
    assert choice.alternates == (6, 5)
