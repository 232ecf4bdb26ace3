"""The secret address of a person's calendar: a signature over the person and a version that they can raise."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from editorial import habits
from editorial.kinds import link
from editorial.models import User


def address(user: User) -> str:
    return link(reverse("calendar", args=[token(user)]))


def token(user: User) -> str:
    return _signer().sign(f"{user.uuid.hex}-{habits.of(user).calendar_version}")


def user_of(token: str) -> User | None:
    """Whose calendar it is; None for an address that was replaced, never was, or is a disabled account's."""
    try:
        person, _, version = _signer().unsign(token).partition("-")
        user = User.objects.filter(uuid=UUID(person), is_active=True).first()
    except (BadSignature, ValueError):
        return None
    return user if user is not None and str(habits.of(user).calendar_version) == version else None


def _signer() -> Signer:
    return Signer(salt="editorial.calendar", sep=".")
