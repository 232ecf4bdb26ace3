"""A person's second factors: passkeys, one-time codes from an app, and recovery codes for when those are lost."""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from editorial.models import User
from editorial.passkeys import Adapter

PERIOD = 30
AHEAD_OR_BEHIND = 1
"""Steps of half a minute by which a phone's clock may differ, or a person be slow."""

Type = Authenticator.Type


@dataclass(frozen=True)
class Held:
    """What somebody has enrolled. Recovery codes alone are no factor: they come with one."""

    passkey: bool = False
    codes: bool = False

    def __bool__(self) -> bool:
        return self.passkey or self.codes


def held_by(user: User) -> Held:
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return Held(passkey=Type.WEBAUTHN in kinds, codes=Type.TOTP in kinds)


@transaction.atomic
def take_code(user: User, code: str, *, now: datetime) -> bool:
    """Whether ``code`` is the app's for this half minute, or one beside it. Each counts once, and none before it."""
    row = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=Type.TOTP).first()
    step = step_of(Adapter().decrypt(row.data["secret"]), code, now) if row else None
    if row is None or step is None or step <= row.data.get("step", 0):
        return False
    row.data["step"], row.last_used_at = step, now
    row.save(update_fields=["data", "last_used_at"])
    return True


def take_recovery_code(user: User, code: str) -> bool:
    """Whether ``code`` is one of those that are left; it counts once."""
    row = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
    return row is not None and bool(_digits(code)) and row.wrap().validate_code(_digits(code))


def code_at(secret: str, step: int) -> str:
    """RFC 6238 with what every app does: SHA-1, six digits, half a minute."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def recovery_codes(user: User) -> list[str]:
    """Those that are left."""
    row = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
    return row.wrap().get_unused_codes() if row else []


def fresh_recovery_codes(user: User) -> list[str]:
    """New ones; the old ones count no more."""
    Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute in which an app that holds ``secret`` shows ``code``; None for a code of another time."""
    given, current = _digits(code), int(now.timestamp()) // PERIOD
    if len(given) != 6 or not secret:
        return None
    steps = range(current - AHEAD_OR_BEHIND, current + AHEAD_OR_BEHIND + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step), given)), None)


def _digits(code: str) -> str:
    """As typed in groups, or pasted."""
    kept = "".join(code.split()).replace("-", "")
    return kept if kept.isascii() and kept.isdigit() else ""
