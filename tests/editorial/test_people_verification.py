"""`verify` notices when a membership, an invitation or an erasure isn't what the events say."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from editorial import erasure, invitations
from editorial.models import BoardInvitation, BoardMember, User
from editorial.verification import erasures, memberships
from editorial.verification import invitations as accepted
from reviews import workflow
from tests.editorial.inviting import values

NOW = timezone.now()


@pytest.fixture
def history(people) -> None:
    """Vera joined, Eva was struck off, Sofia was erased."""
    vera = invitations.invite(actor=people["tom"], **values())
    invitations.accept(
        vera, actor=vera.user, invitation=vera.invitations.get(), time_zone="UTC", password="three wise owls at noon"
    )
    workflow.strike_off(people["eva"].board_member, actor=people["ingrid"], reason="Licence revoked.")
    erasure.erase(people["sofia"], actor=User.system(), reason="Asked for it.")


def test_what_verbs_did_verifies(history):
    assert [*memberships(), *accepted(), *erasures()] == []
    call_command("verify")


@pytest.mark.parametrize(
    ("rows", "change", "said"),
    [
        (lambda: BoardMember.objects.filter(user__username="eva"), {"struck_off_at": None}, "isn't marked so"),
        (lambda: BoardMember.objects.filter(user__username="ravi"), {"struck_off_at": NOW}, "no event says so"),
        (BoardInvitation.objects.all, {"accepted_at": None}, "it isn't accepted"),
        (lambda: User.objects.filter(username__startswith="erased-"), {"erased_at": None}, "isn't what the events say"),
        (lambda: User.objects.filter(username="tom"), {"erased_at": NOW}, "isn't what the events say"),
        (lambda: User.objects.filter(username__startswith="erased-"), {"email": "s@x.org"}, "personal data again"),
        (lambda: User.objects.filter(username__startswith="erased-"), {"is_active": True}, "personal data again"),
    ],
)
def test_a_row_that_was_changed_behind_the_verbs_is_found(history, rows, change, said):
    assert rows().update(**change) == 1
    found = [problem.message for problem in (*memberships(), *accepted(), *erasures())]
    assert any(said in message for message in found), found
    with pytest.raises(CommandError):
        call_command("verify")


def test_an_invitation_accepted_without_its_member_is_found(people):
    invitations.invite(actor=people["tom"], **values())
    BoardInvitation.objects.update(accepted_at=NOW)
    assert [problem.message for problem in accepted()] == ["accepted, and no event says so"]
