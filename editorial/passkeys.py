"""Passkeys: what a browser is asked to sign, and whether what came back is signed by this person, here, for this.

A challenge is kept by the server under the person and the purpose, for five minutes, and counts once. The address of
the site is part of what a passkey signs; it has to be exactly ours.
"""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import get_credentials
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from editorial.models import User

CHALLENGE_SECONDS = 300
LARGEST_ANSWER = 20_000
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What the libraries raise for an answer that no browser would give."""


class Adapter(DefaultMFAAdapter):
    """django-allauth's second factors as they are kept here: named after the site, secrets never in the clear."""

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Empty where another SECRET_KEY wrote it: no code fits then, and a chief editor resets the factor."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        from allauth.core import context  # why: the request that allauth is answering

        return {"id": urlsplit(origin_of(context.request)).hostname or "", "name": str(settings.SITE_NAME)}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.shown_name, "name": user.username}


def origin_of(request: HttpRequest) -> str:
    """The site's own address: in production that of the settings, elsewhere the one it is looked at under."""
    return settings.PASSKEY_ORIGIN or f"{request.scheme}://{request.get_host()}"


def is_from_here(answer: Any, origin: str) -> bool:
    """Whether a browser gave this answer on a page of exactly our address."""
    try:
        said = json.loads(_unpadded(answer["response"]["clientDataJSON"]))
        return bool(said["origin"] == origin) and not said.get("crossOrigin")
    except UNREADABLE:
        return False


def ask_to_register(user: User, *, purpose: str, origin: str) -> dict[str, Any]:
    """What the browser needs to make a passkey that signs in and signs by itself."""
    options, state = _server(origin).register_begin(
        user=PublicKeyCredentialUserEntity(**Adapter().get_public_key_credential_user_entity(user)),
        credentials=get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions={"credProps": True},
    )
    cache.set(_key(user, purpose), state, CHALLENGE_SECONDS)
    return dict(options)


def registered(user: User, answer: str, *, purpose: str, origin: str) -> dict[str, Any] | None:
    """The new credential as django-allauth keeps it, or None for an answer that doesn't hold."""
    state, given = _taken(user, purpose), _read(answer)
    if state is None or given is None:
        return None
    try:
        _server(origin).register_complete(state, given)
        return _kept(given)
    except UNREADABLE:
        return None


def ask_to_sign(user: User, *, purpose: str, origin: str) -> dict[str, Any]:
    """What the browser needs to have one of this person's passkeys sign a fresh challenge for ``purpose``."""
    options, state = _server(origin).authenticate_begin(
        credentials=get_credentials(user), user_verification=UserVerificationRequirement.REQUIRED
    )
    cache.set(_key(user, purpose), state, CHALLENGE_SECONDS)
    return dict(options)


def signed(user: User, answer: str, *, purpose: str, origin: str) -> Authenticator | None:
    """The passkey of this person's that signed the challenge for this very ``purpose``; None for anything else."""
    state, given = _taken(user, purpose), _read(answer)
    if state is None or given is None:
        return None
    try:
        used = _server(origin).authenticate_complete(state, get_credentials(user), given).credential_id
    except UNREADABLE:
        return None
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN)
    return next((row for row in rows if row.wrap().authenticator_data.credential_data.credential_id == used), None)


def _server(origin: str) -> Fido2Server:
    party = PublicKeyCredentialRpEntity(name=str(settings.SITE_NAME), id=urlsplit(origin).hostname or "")
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _key(user: User, purpose: str) -> str:
    return f"passkey:{user.pk}:{hashlib.sha256(purpose.encode()).hexdigest()[:32]}"


def _taken(user: User, purpose: str) -> Any:
    """The challenge, once: whoever deletes it has it."""
    key = _key(user, purpose)
    state = cache.get(key)
    return state if state is not None and cache.delete(key) else None


def _read(answer: str) -> dict[str, Any] | None:
    try:
        given = json.loads(answer) if len(answer) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    """Of a new credential what is needed later, written one way: nothing else that a browser sent is stored."""
    response = {name: _canonical(given["response"][name]) for name in ("clientDataJSON", "attestationObject")}
    return {
        "id": _canonical(given["rawId"]),
        "rawId": _canonical(given["rawId"]),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _canonical(text: str) -> str:
    return websafe_encode(websafe_decode(text))


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factors:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
