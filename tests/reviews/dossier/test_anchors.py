"""A dossier carries the signed ends of the chain, and its checker holds them with the standard library alone."""

import importlib.util
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command

from editorial import anchor_lines, anchors
from reviews.dossier.export import DATA
from tests.reviews.dossier.folders import exported, fails, manifested, passes

VECTORS = (
    # RFC 8032, section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)


def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    spec = importlib.util.spec_from_file_location("check_ed25519", DATA / "check_ed25519.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.holds(public, message, signature)


@pytest.mark.parametrize("vector", VECTORS, ids=["empty", "one byte", "two bytes"])
def test_the_checker_knows_the_vectors_of_the_standard_and_no_others(vector):
    public, message, signature = map(bytes.fromhex, vector)
    assert holds(public, message, signature)
    assert not holds(public, message + b"x", signature)
    for place in (0, 31, 32, 63):
        other = bytes(byte ^ (number == place) for number, byte in enumerate(signature))
        assert not holds(public, message, other)
    assert not holds(bytes(32 * [255]), message, signature)
    assert not holds(public, message, signature[:-1])


def test_the_checker_agrees_with_the_library_that_signs_and_takes_no_second_form_of_a_signature():
    order = 2**252 + 27742317777372353535851937790883648493
    for number in range(5):
        key = Ed25519PrivateKey.generate()
        message = f"anchor {number}".encode()
        signature, public = key.sign(message), anchor_lines.public_of(key)
        assert holds(public, message, signature)
        scalar = int.from_bytes(signature[32:], "little") + order
        assert not holds(public, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.fixture
def folder(story, tmp_path, settings) -> Path:
    call_command("make_audit_key", str(tmp_path / "key.pem"), stdout=StringIO())
    settings.AUDIT_KEY_FILE, settings.ANCHOR_FILE = str(tmp_path / "key.pem"), str(tmp_path / "anchors.jsonl")
    round = story.round()
    assert anchors.sign(story.now)
    story.sign(round, "claire")
    story.sign(round, "ravi")
    story.now += timedelta(minutes=5)
    article = story.confirm(round.article)
    assert anchors.sign(story.now)
    return exported(article, tmp_path / "dossier", story.tick())


def test_a_dossier_with_anchors_passes_and_names_the_key(folder):
    said = passes(folder)
    key = json.loads((folder / "dossier.json").read_text())["anchors"]["key"]
    assert f"signed anchors cover all of its events; compare the key {key}" in said
    assert "anchors: 2" in said


def test_a_dossier_without_anchors_says_so(story, tmp_path):
    assert "holds no anchors" in passes(exported(story.published(), tmp_path / "dossier", story.tick()))


def test_an_anchor_that_was_changed_is_named(folder):
    path = folder / "anchors.jsonl"
    said = json.loads(path.read_text().splitlines()[0])
    path.write_text(path.read_text().replace(said["hash"], "0" * 64))
    manifested(folder)
    assert "anchors.jsonl, line 1: is forged: the publisher's key didn't sign it" in fails(folder)


def test_an_anchor_of_another_chain_is_named(folder, settings):
    path = folder / "anchors.jsonl"
    said = json.loads(path.read_text().splitlines()[0])
    line = anchor_lines.signed(
        anchors.private_key(), sequence=said["sequence"], hash="0" * 64, at=said["at"], previous=said["previous"]
    )
    path.write_bytes(line + b"\n")
    manifested(folder)
    assert f"the chain was made anew: event {said['sequence']} isn't the one that was signed" in fails(folder)


def test_anchors_signed_with_another_key_are_named(folder, tmp_path, settings):
    call_command("make_audit_key", str(tmp_path / "other.pem"), stdout=StringIO())
    settings.AUDIT_KEY_FILE = str(tmp_path / "other.pem")
    said = json.loads((folder / "dossier.json").read_text())
    public = anchor_lines.public_of(anchors.private_key())
    said["anchors"] = {"key": anchor_lines.key_id(public), "public_key": public.hex()}
    (folder / "dossier.json").write_text(json.dumps(said))
    manifested(folder)
    assert "is signed with another key" in fails(folder)
