"""What people can try, by name. Each act takes the world, somebody, and ``draw`` for what is left to chance."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from hypothesis import strategies as st

from articles import lifecycle
from articles import workflow as bare
from articles.models import Publication
from editorial.models import Credential, Interest, Specialty, User
from editorial.models.policy import RiskTier
from reviews import objections, workflow
from reviews.models import Objection
from reviews.states import VerdictKind
from tests.stateful.world import World

Draw = Callable[[Any], Any]
Act = Callable[[World, User, Draw], object]
REASON = "For the walk."
BOARD = ("ana", "kenji", "claire", "ravi", "eva", "liam", "sofia", "otto", "mina")


def edit(world: World, user: User, draw: Draw) -> None:
    world.edit(user, world.new_word)


def touch_a_comma(world: World, user: User, draw: Draw) -> None:
    world.edit(user, lambda body: body.replace("trial, treating", "trial treating"))


def submit(world: World, user: User, draw: Draw) -> None:
    bare.submit(world.article, actor=user, now=world.now)


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
    names = draw(st.lists(st.sampled_from(BOARD), min_size=1, max_size=4, unique=True))
    members = [world.people[name].board_member for name in names]
    workflow.open_round(world.article, actor=user, now=world.now, members=members)


def open_the_usual_round(world: World, user: User, draw: Draw) -> None:
    members = [world.people[name].board_member for name in ("claire", "ravi", "sofia")]
    workflow.open_round(world.article, actor=user, now=world.now, members=members)


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


def release(world: World, user: User, draw: Draw) -> None:
    round = world.round
    seats = list(round.assignments.all()) if round else []
    if seats:
        seat = draw(st.sampled_from(seats))
        workflow.release(seat.round.article, actor=user, now=world.now, assignment=seat, reason=REASON)


def on_objection(verb: Callable[..., object], *, proof: bool = False) -> Act:
    def act(world: World, user: User, draw: Draw) -> None:
        objection = Objection.objects.filter(article=world.pk).last()
        values = {"proof": world.proof(user)} if proof else {}
        if objection is not None:
            verb(world.article, actor=user, now=world.now, objection=objection, reason=REASON, **values)

    return act


def licence_expires(world: World, user: User, draw: Draw) -> None:
    Credential.objects.filter(member__user=user).update(expires_on=(world.now - timedelta(days=1)).date())


def licence_is_renewed(world: World, user: User, draw: Draw) -> None:
    Credential.objects.filter(member__user=user).update(expires_on=(world.now + timedelta(days=900)).date())


def account_is_disabled(world: World, user: User, draw: Draw) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def account_is_enabled(world: World, user: User, draw: Draw) -> None:
    User.objects.filter(pk=user.pk).update(is_active=True)


def role_is_taken(world: World, user: User, draw: Draw) -> None:
    user.groups.clear()


def role_is_given(world: World, user: User, draw: Draw) -> None:
    user.groups.add(Group.objects.get(name=draw(st.sampled_from(["editor", "board member", "author", "chief editor"]))))


def interest_is_declared(world: World, user: User, draw: Draw) -> None:
    member = getattr(user, "board_member", None)
    if member is not None:
        Interest.objects.create(
            member=member, person=world.user("nora"), nature="co-author", since=(world.now - timedelta(days=9)).date()
        )


def the_clock(world: World, user: User, draw: Draw) -> None:
    """Some time passes, and everything that the clock does is done."""
    world.later(days=draw(st.sampled_from([1, 3, 15, 40])))
    workflow.publish_scheduled(world.article, actor=User.system(), now=world.now)


def shown_version(world: World) -> Publication | None:
    return Publication.objects.filter(article=world.pk).order_by("-number").first()


APPROVE = (VerdictKind.APPROVE, VerdictKind.APPROVE, VerdictKind.APPROVE_WITH_SUGGESTIONS)
ANY = tuple(VerdictKind)
NO_CONFLICT = on_seat(workflow.declare, has_conflict=False)

ACTS: dict[str, Act] = {
    "edit": edit,
    "touch a comma": touch_a_comma,
    "submit": submit,
    "triage": triage,
    "open a round": open_round,
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
    "lift": on_article(workflow.lift, reason=REASON),
    "retract": with_proof(lifecycle.retract, notice=REASON),
    "withdraw the objection": on_objection(objections.withdraw_objection),
    "adjudicate": on_objection(objections.adjudicate, proof=True),
    "confirm the adjudication": on_objection(objections.confirm_adjudication),
}
"""Every verb. Who may is decided by the project; here anybody tries anything."""

CIRCUMSTANCES: dict[str, Act] = {
    "licence expires": licence_expires,
    "licence is renewed": licence_is_renewed,
    "account is disabled": account_is_disabled,
    "account is enabled": account_is_enabled,
    "role is taken": role_is_taken,
    "role is given": role_is_given,
    "interest is declared": interest_is_declared,
    "the clock": the_clock,
}
"""What happens around the article."""

SENSIBLE: dict[str, tuple[tuple[str, tuple[str, ...], Act], ...]] = {
    "draft": (("edit", ("nora", "lena"), edit), ("submit", ("nora",), submit)),
    "submitted": (("triage", ("tom",), triage), ("open the usual round", ("tom", "lena"), open_the_usual_round)),
    "under_review": (
        ("declare no conflict", ("claire", "ravi", "sofia"), NO_CONFLICT),
        ("approve", ("claire", "ravi", "sofia"), sign(APPROVE)),
        ("confirm", ("tom", "ingrid"), with_proof(workflow.confirm)),
    ),
    "changes_requested": (("edit", ("nora",), edit), ("submit", ("nora",), submit)),
    "approved": (
        ("revise", ("nora",), on_article(bare.revise, reason=REASON)),
        ("hold", ("lena", "ana"), with_proof(lifecycle.hold, reason=REASON)),
        ("lift", ("ingrid",), on_article(workflow.lift, reason=REASON)),
    ),
    "rejected": (("reopen", ("tom",), on_article(bare.reopen, reason=REASON)),),
}
"""What brings the article on from each state, so that walks get far."""
