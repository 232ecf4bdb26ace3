"""Acts by which a signature, or the membership behind it, counts no more or goes on counting."""

from hypothesis import strategies as st

from editorial.models import BoardMember, User
from reviews import workflow
from reviews.models import Signature
from tests.stateful.trying import BOARD, REASON, Draw
from tests.stateful.world import World


def withdraw_a_signature(world: World, user: User, draw: Draw) -> None:
    """One of their own, or anybody's for whoever tries that."""
    rows = Signature.objects.filter(round__article=world.pk)
    own = list(rows.filter(signer=user)) or list(rows)
    if own:
        workflow.void_signature(
            world.article,
            actor=user,
            now=world.now,
            signature=draw(st.sampled_from(own)),
            reason=REASON,
            proof=world.proof(user),
        )


def keep_a_signature(world: World, user: User, draw: Draw) -> None:
    signature = Signature.objects.filter(round__article=world.pk).last()
    if signature is not None:
        values = {"signature": signature, "reason": REASON, "proof": world.proof(user)}
        workflow.keep_signature(world.article, actor=user, now=world.now, **values)


def leave_the_board(world: World, user: User, draw: Draw) -> None:
    member = getattr(user, "board_member", None)
    if member is not None:
        workflow.leave_board(member, actor=user, now=world.now, reason=REASON)


def strike_off(world: World, user: User, draw: Draw) -> None:
    member = world.people[draw(st.sampled_from(BOARD))].board_member
    workflow.strike_off(BoardMember.objects.get(pk=member.pk), actor=user, now=world.now, reason=REASON)
