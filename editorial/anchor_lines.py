"""What an anchor is: one signed line that says which event stood at the end of the chain, and when. Pure.

A line is canonical JSON. Its signature (Ed25519) is over the line without the signature, behind a fixed word, so that
no other signature can stand for it. ``previous`` is the SHA-256 of the line before it: a line cut out of the middle
shows. ``reviews/dossier/data/check_anchors.py`` reads the same lines without any library.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GENESIS = "0" * 64
DOMAIN = b"imprimatur anchor\n"
TEXTS = ("hash", "at", "key", "previous", "signature")


@dataclass(frozen=True)
class Anchor:
    """One line that its signature holds."""

    number: int
    sequence: int
    hash: str
    at: str


@dataclass(frozen=True)
class Fault:
    """One line with which something is wrong."""

    number: int
    message: str


def key_id(public: bytes) -> str:
    """Names a public key, given by its 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_of(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def line_hash(line: bytes) -> str:
    """Of a line without its line feed; the next one names it."""
    return hashlib.sha256(line).hexdigest()


def signed(private: Ed25519PrivateKey, *, sequence: int, hash: str, at: str, previous: str) -> bytes:
    """The line, without a line feed."""
    said = {"sequence": sequence, "hash": hash, "at": at, "key": key_id(public_of(private)), "previous": previous}
    return _canonical({**said, "signature": private.sign(DOMAIN + _canonical(said)).hex()})


def read(lines: Iterable[bytes], public: bytes) -> Iterator[Anchor | Fault]:
    """Each line as an anchor or as a fault. What can't be read is forgiven where the next signed line names it:
    whoever wrote it was stopped in the middle, and signed on.
    """
    verifier, mine = Ed25519PublicKey.from_public_bytes(public), key_id(public)
    before, last, torn = GENESIS, (-1, ""), None
    for number, line in enumerate((line.rstrip(b"\n") for line in lines), start=1):
        said = parsed(line)
        if said is None:
            if torn is not None:
                yield torn
            torn, before = Fault(number, "can't be read"), line_hash(line)
            continue
        fault = _signature_fault(said, verifier, mine)
        linked = said["previous"] == before
        if torn is not None and (fault or not linked):
            yield torn
        torn, before = None, line_hash(line)
        if not fault and not linked:
            fault = "doesn't follow from the line before it: a line was cut out, put in or moved"
        if not fault and (said["sequence"], said["at"]) < last:
            fault = "stands out of order: an earlier line names a later event"
        if fault:
            yield Fault(number, fault)
            continue
        last = (said["sequence"], said["at"])
        yield Anchor(number, said["sequence"], said["hash"], said["at"])
    if torn is not None:
        yield torn


def parsed(line: bytes) -> dict[str, Any] | None:
    """What a line says; nothing where it isn't one of ours."""
    try:
        said = json.loads(line)
        right = set(said) == {"sequence", *TEXTS} and all(isinstance(said[name], str) for name in TEXTS)
        return said if right and type(said["sequence"]) is int and _canonical(said) == line else None
    except (ValueError, TypeError, RecursionError):
        return None


def _signature_fault(said: dict[str, Any], verifier: Ed25519PublicKey, mine: str) -> str:
    if said["key"] != mine:
        return f"is signed with the key {said['key'][:16]}, not with {mine}"
    rest = {name: value for name, value in said.items() if name != "signature"}
    try:
        verifier.verify(bytes.fromhex(said["signature"]), DOMAIN + _canonical(rest))
    except (InvalidSignature, ValueError):
        return f"is forged: the key {mine} didn't sign it"
    return ""


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
