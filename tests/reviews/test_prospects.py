from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from reviews.prospects import Barred, Panel, Person, prospect
from reviews.quorum import Rule

HEART, BONE, DRUG = "cardiology", "orthopaedics", "pharmacology"
NAMES = {HEART: "Cardiology", BONE: "Orthopaedics", DRUG: "Pharmacology"}


def person(name: str, *specialties: str) -> Person:
    return Person(member=hash(name), name=name, specialties=frozenset(specialties))


CLAIRE, RAVI = person("Claire Dubois", HEART), person("Ravi Menon", HEART)
ANA, SOFIA = person("Ana Ruiz", BONE), person("Sofia Rossi", DRUG)


def found(rule: Rule, panel: Panel, *board: Person):
    return prospect(rule, panel, board, names=NAMES)


def test_a_panel_that_can_bring_its_approvals_lacks_nothing():
    judged = found(Rule(2, (HEART,)), Panel(able=(CLAIRE, ANA)))
    assert (judged.satisfiable, judged.reason()) == (True, "")


def test_approvals_that_stand_count_whatever_became_of_their_signers():
    assert found(Rule(2, (HEART,)), Panel(approved=(frozenset({HEART}),), able=(ANA,))).satisfiable


def test_it_says_that_nobody_in_a_specialty_is_left_and_who_could_be_added():
    judged = found(Rule(1, (HEART,)), Panel(able=(ANA,)), SOFIA, RAVI)
    assert judged.reason() == "Nobody in Cardiology is left on the panel; Ravi Menon could be added."


def test_it_says_that_nobody_on_the_board_could_be_added():
    judged = found(Rule(1, (HEART,)), Panel(able=(ANA,)), SOFIA)
    assert judged.reason() == "Nobody in Cardiology is left on the panel, and nobody on the board could be added."


def test_it_says_how_many_approvals_the_panel_can_bring():
    judged = found(Rule(3, (HEART,)), Panel(approved=(frozenset({HEART}),)), ANA, SOFIA)
    assert judged.reason() == (
        "The panel can bring 1 of the 3 approvals that are needed; Ana Ruiz and Sofia Rossi could be added."
    )


def test_one_member_never_fills_two_places_of_a_specialty():
    judged = found(Rule(2, (HEART, HEART)), Panel(able=(CLAIRE, ANA)), RAVI)
    assert judged.reason() == "1 more approver in Cardiology would be needed; Ravi Menon could be added."


def test_a_required_seat_of_somebody_who_cannot_sign_has_to_be_released():
    barred = Barred("Mina Haddad", ("no valid credential: it has expired",))
    judged = found(Rule(1, (HEART,)), Panel(able=(CLAIRE,), barred=(barred,)))
    assert judged.reason() == (
        "Mina Haddad holds a seat and can't sign (no valid credential: it has expired): release it."
    )
    assert not judged.hopeless


def test_an_optional_seat_of_somebody_who_cannot_sign_holds_nothing_up():
    barred = Barred("Mina Haddad", ("no valid credential: it has expired",), required=False)
    assert found(Rule(1, (HEART,)), Panel(able=(CLAIRE,), barred=(barred,))).satisfiable


def test_a_rule_that_needs_no_approval_is_always_satisfiable():
    assert found(Rule(0), Panel()).satisfiable


specialties = st.sampled_from([HEART, BONE, DRUG])
people = st.lists(st.frozensets(specialties, max_size=3), max_size=4)
rules = st.tuples(st.integers(0, 4), st.lists(specialties, max_size=3))


def can(approvals: int, wanted: list[str], held: list[frozenset[str]]) -> bool:
    """By trying every way to give each wanted specialty a person of its own."""
    if len(held) < approvals:
        return False
    ways = permutations(held, len(wanted))
    return any(all(want in has for want, has in zip(wanted, way, strict=True)) for way in ways)


@given(rule=rules, approved=people, able=people, board=people)
def test_it_agrees_with_trying_everything(rule, approved, able, board):
    approvals, wanted = rule
    seated = tuple(Person(n, f"seat {n}", held) for n, held in enumerate(able))
    others = tuple(Person(100 + n, f"other {n}", held) for n, held in enumerate(board))
    judged = prospect(Rule(approvals, tuple(wanted)), Panel(tuple(approved), seated), others)
    has = [*approved, *able]

    assert judged.satisfiable == can(approvals, wanted, has)
    if not judged.satisfiable:
        assert judged.hopeless == (not can(approvals, wanted, [*has, *board]))
    if judged.helpers:
        helped = [*has, *(helper.specialties for helper in judged.helpers)]
        assert can(approvals, wanted, helped)
        fewer = combinations(board, len(judged.helpers) - 1)
        assert not any(can(approvals, wanted, [*has, *few]) for few in fewer)
