"""What people can try, by name. Each act takes the world, somebody, and ``draw`` for what is left to chance."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from articles import lifecycle
from articles import workflow as bare
from editorial.models import BoardMember, Specialty, User
from editorial.models.policy import RiskTier
from reviews import objections, workflow
from reviews.models import Objection, Review
from reviews.states import VerdictKind
from tests.stateful.standing import keep_a_signature, leave_the_board, strike_off, withdraw_a_signature
from tests.stateful.trying import BOARD, PANEL, REASON, Act, Draw
from tests.stateful.world import World


def panel(world: World, names: tuple[str, ...] = PANEL) -> list[BoardMember]:
    return [world.people[name].board_member for name in names]


def edit(world: World, user: User, draw: Draw) -> None:
    world.edit(user, world.new_word)


def touch_a_comma(world: World, user: User, draw: Draw) -> None:
    world.edit(user, _without_or_with_the_comma)


def _without_or_with_the_comma(body: str) -> str:
    with_it, without = "trial, treating", "trial treating"
    return body.replace(with_it, without) if with_it in body else body.replace(without, with_it)


def submit(world: World, user: User, draw: Draw) -> None:
    wanted = draw(st.sampled_from(["", "", "", "typographic", "correction", "update", "urgent"]))
    bare.submit(world.article, actor=user, now=world.now, change_class=wanted)


def triage(world: World, user: User, draw: Draw) -> None:
    bare.triage(
        world.article,
        actor=user,
        now=world.now,
        risk_tier=draw(st.sampled_from(RiskTier.values)),
        specialty=Specialty.objects.get(slug="cardiology"),
        handling_editor=world.user(draw(st.sampled_from(["tom", "lena"]))),
    )


def open_round(world: World, user: User, draw: Draw) -> None:
    """Any panel at all, which is mostly refused; or one that can do, with whoever else."""
    sure = draw(st.sampled_from(((), PANEL)))
    others = draw(st.lists(st.sampled_from(BOARD), min_size=0 if sure else 1, max_size=3, unique=True))
    members = panel(world, tuple(dict.fromkeys((*sure, *others))))
    required = draw(st.integers(max(len(sure), min(2, len(members))), len(members)))
    alternates = draw(st.integers(required, len(members)))
    carry = list(Review.objects.filter(round__article=world.pk)) if draw(st.booleans()) else []
    workflow.open_round(
        world.article,
        actor=user,
        now=world.now,
        members=members[:required],
        optional=members[required:alternates],
        alternates=members[alternates:],
        carry=carry,
    )


def open_a_round_that_carries(world: World, user: User, draw: Draw) -> None:
    """As after an unchanged unlocking: the same panel, and whatever it signed."""
    last = world.article.rounds.order_by("-number").first()
    if last is not None:
        carry = list(last.reviews.filter(verdict="approve", carried_from=None))
        members = panel(world)
        workflow.open_round(world.article, actor=user, now=world.now, members=members, carry=carry)


def open_without_a_panel(world: World, user: User, draw: Draw) -> None:
    workflow.open_round(world.article, actor=user, now=world.now)


def re_review(world: World, user: User, draw: Draw) -> None:
    members = panel(world)
    workflow.re_review(world.article, actor=user, now=world.now, members=members)


def open_the_usual_round(world: World, user: User, draw: Draw) -> None:
    members, alternates = panel(world), panel(world, ("ana", "eva"))
    workflow.open_round(world.article, actor=user, now=world.now, members=members, alternates=alternates)


def on_article(verb: Callable[..., object], **values: Any) -> Act:
    return lambda world, user, draw: verb(world.article, actor=user, now=world.now, **values)


def with_proof(verb: Callable[..., object], **values: Any) -> Act:
    return lambda world, user, draw: verb(world.article, actor=user, now=world.now, proof=world.proof(user), **values)


def on_seat(verb: Callable[..., object], **values: Any) -> Act:
    def act(world: World, user: User, draw: Draw) -> None:
        seat = world.seat_of(user)
        if seat is not None:
            verb(seat.round.article, actor=user, now=world.now, assignment=seat, **values)

    return act


def declare_conflict(world: World, user: User, draw: Draw) -> None:
    seat = world.seat_of(user)
    if seat is not None:
        workflow.declare(
            seat.round.article, actor=user, now=world.now, assignment=seat, has_conflict=True, details="Shares."
        )
        world.refused.add(user.pk)


def step_aside(world: World, user: User, draw: Draw) -> None:
    seat = world.seat_of(user)
    if seat is not None:
        workflow.step_aside(seat.round.article, actor=user, now=world.now, assignment=seat, reason=REASON)
        world.refused.add(user.pk)


def sign(verdicts: tuple[str, ...]) -> Act:
    def act(world: World, user: User, draw: Draw) -> None:
        seat = world.seat_of(user)
        if seat is None:
            return
        workflow.sign_review(
            seat.round.article,
            actor=user,
            now=world.now,
            assignment=seat,
            verdict=draw(st.sampled_from(verdicts)),
            comment="It says too little.",
            checklist={item["code"]: "yes" for item in seat.round.rule["checklist"]},
            proof=world.proof(user),
        )

    return act


def recuse(world: World, user: User, draw: Draw) -> None:
    seat = world.seat_of(user)
    if seat is not None:
        workflow.recuse(seat.round.article, actor=user, now=world.now, assignment=seat, reason=REASON)
        world.refused.add(user.pk)


def extend(world: World, user: User, draw: Draw) -> None:
    seats = list(world.round.assignments.all()) if world.round else []
    if seats:
        seat = draw(st.sampled_from(seats))
        day = (world.now + timedelta(days=30)).date()
        workflow.extend(seat.round.article, actor=user, now=world.now, assignment=seat, review_on=day, reason=REASON)


def add_seat(world: World, user: User, draw: Draw) -> None:
    member = world.people[draw(st.sampled_from(BOARD))].board_member
    kind = draw(st.sampled_from(["required", "optional", "alternate"]))
    workflow.add_seat(world.article, actor=user, now=world.now, member=member, kind=kind)


def restore(world: World, user: User, draw: Draw) -> None:
    number = draw(st.integers(1, 4))
    workflow.restore(world.article, actor=user, now=world.now, number=number, reason=REASON, proof=world.proof(user))


def suggest(world: World, user: User, draw: Draw) -> None:
    """A change of words: whoever proposes it stays no contributor."""
    workflow.add_comment(
        world.article,
        actor=user,
        now=world.now,
        kind="suggestion",
        quote="treating to a lower target",
        replacement="treating to a much lower target",
    )


def must_fix(world: World, user: User, draw: Draw) -> None:
    workflow.add_comment(world.article, actor=user, now=world.now, kind="must_fix", body="It says too little.")


def resolve(world: World, user: User, draw: Draw) -> None:
    comment = world.article.review_comments.filter(parent=None, resolved_at=None).first()
    if comment is not None:
        workflow.resolve(world.article, actor=user, now=world.now, comment=comment, reason=REASON)


def apply(world: World, user: User, draw: Draw) -> None:
    comment = world.article.review_comments.exclude(replacement=None).last()
    if comment is not None:
        workflow.apply_suggestion(world.article, actor=user, now=world.now, comment=comment)
        world.edited.add(user.pk)


def release(world: World, user: User, draw: Draw) -> None:
    round = world.round
    seats = list(round.assignments.all()) if round else []
    if seats:
        seat = draw(st.sampled_from(seats))
        workflow.release(seat.round.article, actor=user, now=world.now, assignment=seat, reason=REASON)


def on_objection(verb: Callable[..., object]) -> Act:
    def act(world: World, user: User, draw: Draw) -> None:
        objection = Objection.objects.filter(article=world.pk).last()
        if objection is not None:
            values = {"objection": objection, "reason": REASON, "proof": world.proof(user)}
            verb(world.article, actor=user, now=world.now, **values)

    return act


APPROVE = (VerdictKind.APPROVE, VerdictKind.APPROVE, VerdictKind.APPROVE_WITH_SUGGESTIONS)
ANY = tuple(VerdictKind)
NO_CONFLICT = on_seat(workflow.declare, has_conflict=False)

ACTS: dict[str, Act] = {
    "edit": edit,
    "touch a comma": touch_a_comma,
    "submit": submit,
    "triage": triage,
    "open a round": open_round,
    "open a round that carries": open_a_round_that_carries,
    "open without a panel": open_without_a_panel,
    "ask the board to confirm": re_review,
    "accept": on_seat(workflow.accept),
    "recuse": recuse,
    "extend": extend,
    "add a seat": add_seat,
    "withdraw a signature": withdraw_a_signature,
    "keep a signature": keep_a_signature,
    "suggest": suggest,
    "must fix": must_fix,
    "resolve": resolve,
    "apply": apply,
    "leave the board": leave_the_board,
    "strike off": strike_off,
    "declare no conflict": NO_CONFLICT,
    "declare a conflict": declare_conflict,
    "step aside": step_aside,
    "sign": sign(ANY),
    "release": release,
    "confirm": with_proof(workflow.confirm),
    "withdraw": on_article(workflow.withdraw, reason=REASON),
    "request changes": on_article(workflow.request_changes, reason=REASON),
    "reject": on_article(workflow.reject, reason=REASON),
    "reopen": on_article(bare.reopen, reason=REASON),
    "revise": on_article(bare.revise, reason=REASON),
    "discard the revision": on_article(bare.discard_revision, reason=REASON),
    "abandon": on_article(bare.abandon, reason=REASON),
    "hold": with_proof(lifecycle.hold, reason=REASON),
    "lift": with_proof(workflow.lift, reason=REASON),
    "restore": restore,
    "retire": on_article(lifecycle.retire, reason=REASON),
    "remove": with_proof(lifecycle.remove, notice=REASON),
    "retract": with_proof(lifecycle.retract, notice=REASON),
    "withdraw the objection": on_objection(objections.withdraw_objection),
    "adjudicate": on_objection(objections.adjudicate),
    "confirm the adjudication": on_objection(objections.confirm_adjudication),
}
"""Every verb. Who may is decided by the project; here anybody tries anything."""
