"""The house's quorum table, copied by hand, and the properties that must hold of any reviews at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.models import ReviewRule
from editorial.models.policy import ChangeClass
from reviews.quorum import Rule, Seat, SignedReview, can_satisfy, decide, latest_reviews

TEXT, OTHER = "d" * 64, "e" * 64
HEART, BONE = "cardiology", "orthopaedics"

TABLE = {
    # change class: {tier: (approvals, of them in the specialty, editor confirms)}
    "new": {"low": (1, 1, True), "standard": (2, 1, True), "high": (3, 2, True)},
    "update": {"low": (1, 1, True), "standard": (2, 1, True), "high": (3, 2, True)},
    "correction": {"low": (1, 1, False), "standard": (1, 1, False), "high": (1, 1, False)},
    "reaffirmation": {"low": (1, 1, False), "standard": (1, 1, False), "high": (2, 2, False)},
    "urgent": {"low": (1, 1, True), "standard": (1, 1, True), "high": (1, 1, True)},
}
"""house.md, “Round, seats, quorum”: the signatures that each change class asks by default."""


def rule(approvals: int = 2, inside: int = 1, **values) -> Rule:
    values = {"editor_confirms": False, **values}
    return Rule(approvals=approvals, specialties=(HEART,) * inside, **values)


def review(member: int, verdict: str = "approve", *, order: int = 0, specialty: str = HEART, **values) -> SignedReview:
    values = {"digest": TEXT, "specialties": frozenset({specialty}), **values}
    return SignedReview(member=member, verdict=verdict, order=order or member, **values)


def judge(rule: Rule, *reviews: SignedReview, seats: list[Seat] | None = None, **values):
    values = {"digest": TEXT, "objections": 0, **values}
    seats = [Seat(r.member, "required", "completed") for r in reviews] if seats is None else seats
    return decide(rule, seats, reviews, **values)


# The table


def test_the_standard_policy_asks_what_the_house_asks(people):
    rows = ReviewRule.objects.exclude(change_class="typographic")
    asked: dict[str, dict[str, tuple]] = {}
    for row in rows:
        asked.setdefault(row.change_class, {})[row.risk_tier] = (row.approvals, row.in_specialty, row.editor_confirms)
    assert asked == TABLE


def test_the_standard_policy_has_one_rule_for_each_tier_and_class(people):
    assert ReviewRule.objects.count() == 3 * len(ChangeClass)
    assert {row.changes_needed_blocks for row in ReviewRule.objects.all()} == {True}


@pytest.mark.parametrize("tier", ["low", "standard", "high"])
def test_the_quorum_stands_at_the_number_of_approvals_and_not_one_sooner(tier):
    approvals, inside, confirms = TABLE["new"][tier]
    asked = rule(approvals, inside, editor_confirms=confirms)
    inside_reviews = [review(member) for member in range(1, inside + 1)]
    others = [review(member, specialty=BONE) for member in range(inside + 1, approvals + 1)]
    signed = inside_reviews + others
    assert judge(asked, *signed, confirmed=True).satisfied
    for left_out in signed:
        assert not judge(asked, *(r for r in signed if r is not left_out), confirmed=True).satisfied


# One sentence of the house each


def test_suggestions_count_as_an_approval_and_wait_for_the_editor():
    decision = judge(rule(), review(1), review(2, "approve_with_suggestions"))
    assert (decision.approvals, decision.satisfied, decision.needs_confirmation) == (2, False, True)
    assert judge(rule(), review(1), review(2, "approve_with_suggestions"), confirmed=True).satisfied


def test_an_abstention_never_counts_but_is_a_verdict():
    decision = judge(rule(), review(1), review(2, "abstain"))
    assert decision.missing == ("1 more approval",)
    assert not decision.satisfied
    assert decision.ready


def test_each_required_specialty_needs_an_approver_of_its_own():
    both = frozenset({HEART, BONE})
    asked = Rule(approvals=2, specialties=(HEART, BONE), editor_confirms=False)
    alone = judge(asked, review(1, specialties=both), review(2, specialties=frozenset()))
    assert alone.missing == ("an approver in orthopaedics",)
    assert judge(asked, review(1, specialties=both), review(2, specialty=HEART)).satisfied
    assert judge(asked, review(1, specialty=HEART), review(2, specialties=both)).satisfied


def test_every_required_seat_has_to_speak():
    waiting = Seat(3, "required", "accepted")
    decision = judge(rule(), review(1), review(2), seats=[*_seats(1, 2), waiting])
    assert decision.missing == ("the verdict of 1 required seat",)
    assert not decision.ready
    assert judge(rule(), review(1), review(2), seats=[*_seats(1, 2), replace(waiting, kind="optional")]).satisfied


@pytest.mark.parametrize("state", ["released", "expired", "declined", "recused"])
def test_a_seat_that_has_ended_is_not_waited_for(state):
    seats = [*_seats(1, 2), Seat(3, "required", state)]
    assert judge(rule(), review(1), review(2), seats=seats).satisfied


def test_an_invited_member_is_waited_for():
    assert not judge(rule(), review(1), review(2), seats=[*_seats(1, 2), Seat(3, "required", "invited")]).satisfied


def test_one_changes_needed_sends_the_article_back():
    decision = judge(rule(), review(1), review(2), review(3, "changes_needed"))
    assert decision.sends_back
    assert not decision.satisfied


def test_where_the_rule_does_not_block_the_editor_decides_over_changes_needed():
    asked = rule(changes_needed_blocks=False)
    decision = judge(asked, review(1), review(2), review(3, "changes_needed"))
    assert (decision.sends_back, decision.satisfied, decision.needs_confirmation) == (False, False, True)
    assert judge(asked, review(1), review(2), review(3, "changes_needed"), confirmed=True).satisfied


def test_an_open_objection_keeps_the_round_open_even_when_changes_are_needed():
    decision = judge(rule(), review(1, "safety_objection"), review(2, "changes_needed"), objections=1)
    assert not decision.sends_back
    assert not decision.satisfied


def test_the_editor_confirms_where_the_policy_asks():
    asked = rule(editor_confirms=True)
    decision = judge(asked, review(1), review(2))
    assert decision.missing == ("the editor's confirmation",)
    assert judge(asked, review(1), review(2), confirmed=True).satisfied


def test_a_confirmation_replaces_no_approval():
    assert not judge(rule(), review(1), confirmed=True).satisfied


def test_of_one_member_the_latest_review_counts():
    first, second = review(1, "approve", order=1), review(1, "changes_needed", order=2)
    assert judge(rule(1), first, second).sends_back
    assert judge(rule(1), replace(first, order=3), second).satisfied


def test_two_reviews_of_one_member_are_one_approval():
    assert judge(rule(), review(1, order=1), review(1, order=2)).approvals == 1


def test_a_voided_signature_does_not_bring_an_earlier_one_back():
    earlier, voided = review(1, order=1), review(1, "changes_needed", order=2, stands=False)
    assert latest_reviews([earlier, voided], digest=TEXT) == []


def _seats(*members: int) -> list[Seat]:
    return [Seat(member, "required", "completed") for member in members]


# Of any reviews at all

verdicts = st.sampled_from(["approve", "approve_with_suggestions", "changes_needed", "safety_objection", "abstain"])
specialties = st.frozensets(st.sampled_from([HEART, BONE, "rheumatology"]), max_size=2)


@st.composite
def rounds(draw, **fixed) -> dict:
    """A rule, seats and reviews; orders are distinct, as primary keys are."""
    asked = Rule(
        approvals=draw(st.integers(1, 3)),
        specialties=tuple(draw(st.lists(st.sampled_from([HEART, BONE]), max_size=2))),
        changes_needed_blocks=draw(st.booleans()),
        editor_confirms=draw(st.booleans()),
    )
    count = draw(st.integers(0, 6))
    reviews = [
        SignedReview(
            member=draw(st.integers(1, 4)),
            verdict=draw(verdicts),
            digest=draw(st.sampled_from([TEXT, TEXT, TEXT, OTHER])),
            order=order,
            specialties=draw(specialties),
            stands=draw(st.sampled_from([True, True, True, False])),
        )
        for order in range(1, count + 1)
    ]
    seats = draw(
        st.lists(
            st.builds(
                Seat,
                member=st.integers(1, 4),
                kind=st.sampled_from(["required", "optional", "alternate"]),
                state=st.sampled_from(["accepted", "completed", "released"]),
            ),
            max_size=4,
            unique_by=lambda seat: seat.member,
        )
    )
    values = {"rule": asked, "seats": seats, "reviews": reviews, "digest": TEXT}
    return {**values, "objections": draw(st.integers(0, 1)), "confirmed": draw(st.booleans()), **fixed}


@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_list_never_matters(round, random):
    shuffled = list(round["reviews"])
    random.shuffle(shuffled)
    assert decide(**{**round, "reviews": shuffled}) == decide(**round)


@given(rounds(objections=1), st.integers(1, 9))
def test_one_objection_outweighs_any_number_of_approvals(round, more):
    approvals = [review(100 + n, order=100 + n, specialties=frozenset({HEART, BONE})) for n in range(more)]
    assert not decide(**{**round, "reviews": [*round["reviews"], *approvals]}).satisfied


@given(rounds(), specialties)
def test_another_members_approval_never_unsatisfies(round, held):
    one_more = review(50, order=50, specialties=held)
    before, after = decide(**round), decide(**{**round, "reviews": [*round["reviews"], one_more]})
    assert after.satisfied or not before.satisfied
    assert after.approvals == before.approvals + 1


@given(rounds(), verdicts)
def test_reviews_over_another_text_never_count(round, verdict):
    other = review(1, verdict, order=50, digest=OTHER)
    assert decide(**{**round, "reviews": [*round["reviews"], other]}) == decide(**round)


@given(rounds())
def test_a_newcomers_abstention_changes_no_count(round):
    abstains = review(50, "abstain", order=50)
    before, after = decide(**round), decide(**{**round, "reviews": [*round["reviews"], abstains]})
    assert (after.approvals, after.satisfied) == (before.approvals, before.satisfied)


@given(rounds())
def test_a_superseded_review_is_as_if_it_had_never_been_signed(round):
    last = {r.member: r.order for r in round["reviews"] if r.digest == TEXT}
    latest = [r for r in round["reviews"] if r.order == last.get(r.member)]
    assert decide(**{**round, "reviews": latest}) == decide(**round)


@given(rounds())
def test_what_stands_has_all_that_the_rule_asks(round):
    decision = decide(**round)
    assert not (decision.satisfied and decision.sends_back)
    assert decision.satisfied == (not decision.missing)
    if not decision.satisfied:
        return
    approving = [
        r for r in latest_reviews(round["reviews"], digest=TEXT) if r.verdict in ("approve", "approve_with_suggestions")
    ]
    assert decision.approvals == len(approving) >= round["rule"].approvals
    assert round["objections"] == 0
    assert round["confirmed"] or not round["rule"].editor_confirms


@given(rounds(objections=0, confirmed=True))
def test_a_panel_that_could_never_satisfy_never_does(round):
    panel = {r.member: r.specialties for r in latest_reviews(round["reviews"], digest=TEXT)}
    if can_satisfy(round["rule"], list(panel.values())):
        assert not decide(**round).satisfied


@given(rounds())
def test_a_panel_that_can_satisfy_does_when_all_approve(round):
    held = {r.member: r.specialties for r in round["reviews"]}
    signed = [review(member, specialties=specialty) for member, specialty in held.items()]
    decision = decide(round["rule"], _seats(*held), signed, digest=TEXT, objections=0, confirmed=True)
    assert decision.satisfied == (not can_satisfy(round["rule"], list(held.values())))


def test_a_panel_says_what_it_could_never_bring():
    assert can_satisfy(rule(2), [frozenset({HEART})]) == ("the panel has 1 of the 2 members that must approve",)
    assert can_satisfy(rule(1), [frozenset({BONE})]) == ("an approver in cardiology",)
    assert can_satisfy(rule(2, 2), [frozenset({HEART}), frozenset({BONE})]) == ("an approver in cardiology",)
    assert can_satisfy(rule(2, 2), [frozenset({HEART}), frozenset({HEART})]) == ()
