"""Fresh proof of identity for signing, holding and confirming (21 CFR 11.200, ASVS 7.5.3).

A proof is made from a field of the very form that acts, lives for a minute, and is never kept in a session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from editorial import verbs
from editorial.conditions import Condition, Refused, unless
from editorial.models import User

MOST_FAILURES = 5
WINDOW_SECONDS = 300
FRESH_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Proof:
    """That ``user_id`` gave their ``method`` at ``at``."""

    user_id: int
    at: datetime
    method: str = "password"


def prove(user: User, password: str, *, now: datetime) -> Proof:
    """Check the password. Raises Refused in words; after 5 failures in 5 minutes, without looking."""
    key = f"reauth:{user.pk}"
    if cache.get(key, 0) >= MOST_FAILURES:
        raise Refused(_("Too many wrong passwords. Wait five minutes, then try again."))
    if user.is_active and user.has_usable_password() and user.check_password(password):
        cache.delete(key)
        return Proof(user_id=user.pk, at=now)
    cache.add(key, 0, WINDOW_SECONDS)
    cache.incr(key)
    with verbs.work(actor=user, now=now):
        verbs.record("proof.refused", f"user:{user.uuid}", method="password")
    raise Refused(_("That password isn't right. Nothing was signed; type it again."))


def is_fresh(proof: Proof | None, user: User, *, now: datetime) -> Condition:
    """Whether ``proof`` is this person's and no older than a minute."""
    given = proof is not None and proof.user_id == user.pk and timedelta(0) <= now - proof.at <= FRESH_FOR
    return unless(given, _("Type your password to sign: the proof is missing or older than a minute."))
