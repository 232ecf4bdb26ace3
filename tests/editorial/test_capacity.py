import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.capacity import Member, Rule, Year, about, balance, demand, missing, unsatisfiable, urgent_without_chief

HEART = frozenset({"cardiology"})
BONE = frozenset({"orthopaedics"})
NAMES = {"cardiology": "Cardiology", "orthopaedics": "Orthopaedics", "pharmacology": "Pharmacology"}
BUSY = Year(rounds={("standard", "new"): 100}, live={"standard": 480}, specialties=HEART)
RULES = [Rule("standard", "new", 2), Rule("standard", "reaffirmation", 1)]


def said(*rules: Rule, board: list[frozenset[str]], specialties: frozenset[str] = HEART) -> list[str]:
    return unsatisfiable(rules, Year(specialties=specialties), [Member(held) for held in board], names=NAMES)


def test_demand_is_last_years_rounds_and_a_confirmation_of_each_page_in_time():
    assert demand(RULES, BUSY) == {("standard", "new"): 200, ("standard", "reaffirmation"): 240}


def test_a_shorter_interval_asks_for_more():
    yearly = [Rule("standard", "reaffirmation", 1, re_review_months=12)]
    assert balance(yearly, BUSY, []).needed == 480


def test_the_board_gives_its_load_limits_as_often_as_a_review_takes():
    board = [Member(HEART), Member(HEART), Member(BONE, load_limit=5)]
    assert balance(RULES, BUSY, board).given == (3 + 3 + 5) * 365 // 21


def test_days_on_which_the_board_is_closed_are_not_worked():
    assert balance(RULES, BUSY, [Member(HEART)], closed_days=365).given == 0
    assert balance(RULES, BUSY, [Member(HEART)], closed_days=999).given == 0
    assert balance(RULES, BUSY, [Member(HEART)], closed_days=155).given == 3 * 210 // 21


def test_a_board_that_gives_as_much_as_is_asked_covers_it():
    board = [Member(HEART)] * 9
    assert balance(RULES, BUSY, board).covered
    assert not balance(RULES, BUSY, board[:8]).covered


def test_reviews_take_the_days_of_the_rules_that_are_used():
    rules = [Rule("high", "new", 1, review_days=10), Rule("low", "new", 1, review_days=30)]
    year = Year(rounds={("high", "new"): 5})
    assert balance(rules, year, [Member(HEART)]).given == int(3 * 365 / 10)
    assert balance(rules, Year(), [Member(HEART)]).given == int(3 * 365 / 20)


def test_without_a_rule_that_asks_for_anybody_nothing_is_needed_or_given():
    assert balance([Rule("low", "typographic", 0, in_specialty=0)], BUSY, [Member(HEART)]).needed == 0
    assert balance([], BUSY, [Member(HEART)]).given == 0


def test_it_says_that_nobody_holds_a_specialty():
    rule = Rule("high", "new", 1, also=("pharmacology",), in_specialty=0)
    assert said(rule, board=[HEART]) == ["no member with a valid credential in Pharmacology (high risk: new)"]


def test_it_says_that_too_few_hold_a_specialty():
    rule = Rule("high", "new", 2, in_specialty=2)
    assert said(rule, board=[HEART, BONE]) == [
        "only 1 member with a valid credential in Cardiology, 2 asked (high risk: new)"
    ]


def test_it_says_that_the_board_is_too_small():
    assert said(Rule("high", "new", 3), board=[HEART]) == [
        "3 approvals are asked, and only 1 member can sign today (high risk: new)"
    ]
    assert said(Rule("high", "new", 3), board=[])[0].startswith("3 approvals are asked, and nobody can sign today")


def test_one_member_with_two_specialties_never_counts_for_both():
    rule = Rule("high", "new", 2, also=("orthopaedics",))
    assert said(rule, board=[HEART | BONE, frozenset({"rheumatology"})]) == [
        "1 more member in Orthopaedics, besides those asked for otherwise (high risk: new)"
    ]


def test_each_reason_is_said_once_with_every_rule_that_it_stops():
    rules = [Rule("low", "new", 1), Rule("high", "new", 1)]
    assert said(*rules, board=[BONE]) == [
        "no member with a valid credential in Cardiology (low risk: new; high risk: new)"
    ]


def test_a_rule_that_the_board_can_satisfy_is_not_named():
    assert said(Rule("high", "new", 2, in_specialty=2), board=[HEART, HEART]) == []


def test_missing_rules_are_named_by_tier_and_class():
    assert missing(RULES, tiers=["low", "standard"], classes=["new"]) == [("low", "new")]


def test_urgent_rules_without_a_chief_are_named():
    rules = [Rule("low", "urgent", 1), Rule("high", "urgent", 1, chief_confirms=True)]
    assert urgent_without_chief(rules) == ["low"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (99, "99"), (104, "100"), (1877, "1,900"), (2404, "2,400"), (99_900, "100,000")],
)
def test_numbers_are_said_as_people_say_them(number, words):
    assert about(number) == words


@given(
    approvals=st.integers(0, 5),
    rounds=st.integers(0, 500),
    live=st.integers(0, 5000),
    months=st.integers(1, 36),
    limits=st.lists(st.none() | st.integers(0, 9), max_size=8),
)
def test_more_members_never_give_less_and_more_approvals_never_ask_less(approvals, rounds, live, months, limits):
    year = Year(rounds={("low", "new"): rounds}, live={"low": live})
    rules = [Rule("low", name, approvals, re_review_months=months) for name in ("new", "reaffirmation")]
    more = [Rule("low", name, approvals + 1, re_review_months=months) for name in ("new", "reaffirmation")]
    board = [Member(HEART, limit) for limit in limits]
    now = balance(rules, year, board)

    assert balance(more, year, board).needed >= now.needed >= 0
    assert balance(rules, year, [*board, Member(BONE)]).given >= now.given >= 0
