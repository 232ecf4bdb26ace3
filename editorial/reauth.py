"""Fresh proof of identity for signing, holding and confirming (21 CFR 11.200, ASVS 7.5.3).

A proof is made from fields of the very form that acts, lives for a minute, and is never kept in a session. A passkey
proves alone; else the password does, with a one-time code once in 15 minutes where somebody enrolled an app. Recovery
codes never sign: they are a way back in, and a list on paper can be copied without anybody noticing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from editorial import factors, passkeys, tally, verbs
from editorial.conditions import Condition, Refused, unless
from editorial.models import User

MOST_FAILURES = 5
WINDOW_SECONDS = 300
CODE_SECONDS = 900
FRESH_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Proof:
    """That ``user_id`` gave their ``method`` at ``at``."""

    user_id: int
    at: datetime
    method: str = "password"


@dataclass(frozen=True)
class Given:
    """What a form brought as proof. ``form`` is its own number, ``session`` the session's key, ``origin`` our address.

    ``recovery`` lets a recovery code stand for the one-time code: to mend one's factors, never to sign.
    """

    password: str = ""
    code: str = ""
    passkey: str = ""
    form: str = ""
    origin: str = ""
    session: str = ""
    recovery: bool = False


@dataclass(frozen=True)
class Asked:
    """What a form asks somebody for: their passkey first where they have one, and the code where it is due."""

    passkey: bool = False
    code: bool = False


def asked_of(user: User, session: str) -> Asked:
    held = factors.held_by(user)
    return Asked(passkey=held.passkey, code=held.codes and not _gave_a_code(user, session))


def purpose_of(form: str) -> str:
    """What a passkey signs for: this very form and no other."""
    return f"proof:{form}"


def prove(user: User, given: Given | str, *, now: datetime) -> Proof:
    """Check what was given (a password alone, or all that a form brought). Raises Refused in words; after 5 failures
    in 5 minutes, without looking.
    """
    given = Given(password=given) if isinstance(given, str) else given
    key = f"reauth:{user.pk}"
    if tally.count(key, WINDOW_SECONDS) > MOST_FAILURES:  # before it is looked at: however many come at once
        raise Refused(_("Too many wrong passwords. Wait five minutes, then try again."))
    method = _method(given)
    reason = _against(user, given, method, now=now) if user.is_active else _wrong_password()
    if not reason:
        cache.delete(key)
        return Proof(user_id=user.pk, at=now, method=method)
    with verbs.work(actor=user, now=now):
        verbs.record("proof.refused", f"user:{user.uuid}", method=method)
    raise Refused(reason)


def is_fresh(proof: Proof | None, user: User, *, now: datetime) -> Condition:
    """Whether ``proof`` is this person's and no older than a minute."""
    given = proof is not None and proof.user_id == user.pk and timedelta(0) <= now - proof.at <= FRESH_FOR
    return unless(given, _("Type your password to sign: the proof is missing or older than a minute."))


def _method(given: Given) -> str:
    if given.passkey:
        return "passkey"
    return "password and code" if given.code else "password"


def _against(user: User, given: Given, method: str, *, now: datetime) -> str:
    """Why it proves nothing; empty where it does."""
    if method == "passkey":
        used = passkeys.signed(user, given.passkey, purpose=purpose_of(given.form), origin=given.origin)
        if used is None:
            return _(
                "That passkey didn't fit, or its answer came too late. Nothing was signed; press the button again."
            )
        used.record_usage()
        return ""
    if not (user.has_usable_password() and user.check_password(given.password)):
        return _wrong_password()
    held = factors.held_by(user)
    if given.recovery:
        return "" if not held or _mends(user, given, now=now) else _wrong_code()
    if not held.codes or (not given.code and _gave_a_code(user, given.session)):
        return ""
    if not factors.take_code(user, given.code, now=now):
        return _wrong_code()
    if given.session:
        cache.set(_code_key(user, given.session), True, CODE_SECONDS)
    return ""


def _mends(user: User, given: Given, *, now: datetime) -> bool:
    return factors.take_code(user, given.code, now=now) or factors.take_recovery_code(user, given.code)


def _wrong_password() -> str:
    return _("That password isn't right. Nothing was signed; type it again.")


def _wrong_code() -> str:
    return _(
        "That code isn't right, or was used before. Nothing was signed; wait for the next one, then type both again."
    )


def _gave_a_code(user: User, session: str) -> bool:
    return bool(session) and bool(cache.get(_code_key(user, session)))


def _code_key(user: User, session: str) -> str:
    return f"code-given:{user.pk}:{session}"
