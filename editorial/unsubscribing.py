"""The secret in a mail's unsubscribe link (RFC 8058): a signature over the person, with a salt of its own."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from editorial.kinds import link
from editorial.models import User


def address(user: User) -> str:
    """The whole address, for the page and for one-click."""
    return link(reverse("unsubscribe", args=[_signer().sign(user.uuid.hex)]))


def user_of(token: str) -> User | None:
    """Whose link it is; None for one that nobody here signed, and for an account that is disabled."""
    try:
        uuid = UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(uuid=uuid, is_active=True).first()


def _signer() -> Signer:
    return Signer(salt="editorial.unsubscribing", sep=".")
