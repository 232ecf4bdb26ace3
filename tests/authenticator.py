"""A passkey in software: answers what a browser is asked, as a phone would after a fingerprint."""

import base64
import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

HERE = "http://testserver"


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Passkey:
    """One credential. ``origin`` is where the page says that it stands, ``verified`` whether a finger was shown."""

    def __init__(self, origin: str = HERE, site: str = "testserver") -> None:
        self.origin, self.site, self.verified = origin, site, True
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        data = self._data(0x40) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=packed(self._client("webauthn.create", asked["challenge"])),
            attestationObject=packed(attestation),
            transports=["internal"],
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        client, data = self._client("webauthn.get", options["publicKey"]["challenge"]), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=packed(client),
            authenticatorData=packed(data),
            signature=packed(signature),
            userHandle=self.handle,
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, flags: int) -> bytes:
        shown = 0x01 | (0x04 if self.verified else 0) | flags
        return hashlib.sha256(self.site.encode()).digest() + bytes([shown]) + struct.pack(">I", 0)

    def _answer(self, **response: Any) -> dict[str, Any]:
        return {
            "id": packed(self.id),
            "rawId": packed(self.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }
