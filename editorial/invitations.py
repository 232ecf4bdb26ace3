"""Asking people to the board: invited by mail, they set up their own account.

The link's token is an HMAC over the invitation and the address it went to, made when the mail is rendered. It is
stored nowhere; the row says whether it still works.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import outbox
from editorial.conditions import Condition, Refused, no, unless
from editorial.invitees import Names
from editorial.models import BoardInvitation, BoardMember, Credential, HandledRequest, OutboxMessage, User
from editorial.models.user import known_time_zone
from editorial.roles import Role, is_editor
from editorial.verbs import record, save, verb, was_handled, work

VALID_FOR = timedelta(days=14)
SALT = "editorial.invitations"
KIND = "board_invitation"


@dataclass(frozen=True)
class Entered:
    """Who came onto the list, and the invitation that went out, if one did."""

    member: BoardMember
    invitation: BoardInvitation | None


def token_of(invitation: BoardInvitation) -> str:
    return f"{invitation.uuid.hex}.{_signature(invitation)}"


def find(token: str) -> BoardInvitation | None:
    """The invitation that this link is for. None when it is forged, or went to an address that has changed."""
    name, _dot, signature = token.partition(".")
    try:
        uuid = UUID(hex=name)
    except ValueError:
        return None
    invitation = BoardInvitation.objects.select_related("member__user", "invited_by").filter(uuid=uuid).first()
    if invitation is None or not hmac.compare_digest(signature.encode(), _signature(invitation).encode()):
        return None
    return invitation


def open_for(user: User, *, now: datetime) -> BoardInvitation | None:
    """The invitation that this signed-in person may accept."""
    rows = BoardInvitation.objects.select_related("member__user", "invited_by")
    found = rows.filter(member__user=user, accepted_at=None, revoked_at=None).first()
    return found if found and works(found, now=now) else None


def works(invitation: BoardInvitation, *, now: datetime) -> Condition:
    member = invitation.member
    stands = invitation.accepted_at is None and invitation.revoked_at is None and now < invitation.expires_at
    return unless(
        stands and member.struck_off_at is None and member.user.is_active and member.user.erased_at is None,
        _("This invitation was used already, was taken back, or has expired. Ask for a new one."),
    )


def may_invite(user: User) -> Condition:
    return unless(is_editor(user), _("Only an editor invites to the board."))


def is_seated(member: BoardMember) -> bool:
    """Has the board's role: invited people get it when they accept."""
    return member.user.groups.filter(name=Role.BOARD).exists()


def may_send(member: BoardMember, user: User) -> Condition:
    return (
        may_invite(user)
        & unless(member.user_id != user.pk, _("Nobody invites themselves."))
        & unless(member.struck_off_at is None, _("Who was struck off isn't invited again."))
        & unless(member.user.is_active and member.user.erased_at is None, _("The account is disabled."))
        & unless(member.user.email, _("The account has no e-mail address; the operator can set one."))
        & unless(not is_seated(member), _("This person is on the board already."))
        & unless(
            not member.credentials.filter(verified_by=user).exists(),
            _("You checked this person's licence, so another editor has to send the invitation."),
        )
    )


def may_revoke(member: BoardMember, user: User) -> Condition:
    return may_invite(user) & unless(_open_of(member), _("There is no open invitation."))


def invite(*, actor: User, now: datetime | None = None, request: UUID | None = None, **person: Any) -> BoardMember:
    """Put a person on the list and write them. ``person`` holds the cleaned values of ``InviteeForm``.

    An account that stands is asked without being changed. Raises Refused for whoever may not, or is here already.
    """
    with work(actor=actor, now=now) as running:
        may_invite(running.actor).enforce()
        door()
        user = User.objects.filter(email__iexact=person["email"]).order_by("pk").first()
        known = BoardMember.objects.filter(user=user).first() if user is not None else None
        if request is not None and was_handled(request, known, verb="invite", actor=running.actor):
            return known
        if user is not None:
            _may_be_asked(user, running.actor).enforce()
        entered = enter(Names(), user=user, actor=running.actor, now=running.now, send=True, **person)
        if request is not None:
            HandledRequest.objects.create(
                request=request, verb="invite", subject=entered.member.subject, actor=running.actor, at=running.now
            )
        return entered.member


def enter(names: Names, *, actor: User, now: datetime, send: bool, user: User | None = None, **person: Any) -> Entered:
    """Write account, membership and unverified credential. Inside a caller's ``work``, who has checked."""
    first, last = person["first_name"], person["last_name"]
    if user is None:
        user = User(
            username=names.username(first, last),
            first_name=first,
            last_name=last,
            email=person["email"],
            time_zone=person["time_zone"],
        )
        user.set_unusable_password()
        user.save()
    member = BoardMember(
        user=user,
        slug=names.slug(first, last),
        affiliation=person["affiliation"],
        joined_on=timezone.localtime(now).date(),
        load_limit=person.get("load_limit"),
    )
    save(member, actor=actor, reason="added")
    fields = ("specialty", "letters", "licence_number", "issuer", "expires_on")
    save(Credential(member=member, **{name: person[name] for name in fields}), actor=actor)
    record("member.added", member.subject)
    return Entered(member, _send(member, actor=actor, now=now) if send else None)


@verb
def send_invitation(member: BoardMember, *, actor: User, now: datetime) -> BoardMember:
    """A new invitation; the link of an earlier one dies."""
    may_send(member, actor).enforce()
    _revoke(member, now=now)
    _send(member, actor=actor, now=now)
    return member


@verb
def revoke(member: BoardMember, *, actor: User, now: datetime) -> BoardMember:
    """Take the open invitation back: its link dies."""
    may_revoke(member, actor).enforce()
    _revoke(member, now=now)
    return member


@verb
def accept(
    member: BoardMember, *, actor: User, now: datetime, invitation: BoardInvitation, time_zone: str, password: str = ""
) -> BoardMember:
    """Join the board. A password is set where the account has none, and never where it has one.

    The caller has shown that it is ``actor``: by the link that only their address got, or by being signed in.
    Raises Refused for a dead invitation, ValidationError for a password that the rules don't let pass.
    """
    invitation = BoardInvitation.objects.select_related("member__user").get(pk=invitation.pk)
    works(invitation, now=now).enforce()
    if invitation.member_id != member.pk or member.user_id != actor.pk:
        raise Refused(_("This invitation is for somebody else."))
    known_time_zone(time_zone)
    user = User.objects.select_for_update().get(pk=actor.pk)
    if not user.has_usable_password():
        validate_password(password, user)
        user.set_password(password)
    elif password:
        raise Refused(_("Your account has a password already. Sign in to accept."))
    user.time_zone = time_zone
    user.save(update_fields=["password", "time_zone"])
    user.groups.add(Group.objects.get(name=Role.BOARD))
    member.joined_on, member.left_on = timezone.localtime(now).date(), None
    save(member, actor=actor, reason="accepted the invitation")
    BoardInvitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    record("member.joined", member.subject, invitation=str(invitation.uuid))
    return member


def _may_be_asked(user: User, actor: User) -> Condition:
    """An account with this address stands: whether its owner can be asked to join."""
    if user.pk == actor.pk:
        return no(_("Nobody invites themselves."))
    if not user.is_active or user.erased_at or user.kind != User.Kind.PERSON:
        return no(_("The account with this address is disabled. A chief editor can enable it."))
    if hasattr(user, "board_member"):
        return no(_("This person is on the list already. Find them under “Invitations” and send it again from there."))
    return unless(True, "")


def door() -> None:
    """One at a time: two editors who enter the same address at once can't make two people of one."""
    list(Group.objects.select_for_update(no_key=True).filter(name=Role.BOARD))


def _open_of(member: BoardMember) -> BoardInvitation | None:
    return member.invitations.filter(accepted_at=None, revoked_at=None).first()


def _revoke(member: BoardMember, *, now: datetime) -> None:
    standing = _open_of(member)
    if standing is not None:
        BoardInvitation.objects.filter(pk=standing.pk).update(revoked_at=now)
        record("member.invitation_revoked", member.subject, invitation=str(standing.uuid))


def _send(member: BoardMember, *, actor: User, now: datetime) -> BoardInvitation:
    invitation = BoardInvitation.objects.create(
        member=member, invited_by=actor, invited_at=now, expires_at=now + VALID_FOR
    )
    record("member.invited", member.subject, invitation=str(invitation.uuid), expires_at=invitation.expires_at)
    outbox.write(
        KIND,
        member.user,
        now=now,
        text=_("%(who)s asks you to join the editorial board.") % {"who": actor.shown_name},
        path=reverse("own_invitation"),
        invitation=str(invitation.uuid),
    )
    return invitation


def _signature(invitation: BoardInvitation) -> str:
    return signing.Signer(salt=SALT).signature(f"{invitation.uuid}:{invitation.member.user.email}")


def _of_mail(message: OutboxMessage) -> BoardInvitation:
    return BoardInvitation.objects.select_related("member__user").get(uuid=message.payload["invitation"])


def _link(message: OutboxMessage) -> str:
    return reverse("invitation", args=[token_of(_of_mail(message))])


def _dead(message: OutboxMessage, now: datetime) -> str:
    return "" if works(_of_mail(message), now=now) else "the invitation was used, taken back, or has expired"


SAMPLE = {"text": gettext_lazy("Alex Example asks you to join the editorial board.")}
MAIL_KIND = outbox.Kind(KIND, "board_invitation", irrelevant=_dead, path=_link, sample=SAMPLE)
