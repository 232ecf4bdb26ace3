"""Checks of the anchors: the ends of the publisher's chain as they were signed while this article was decided on."""

import hashlib
import json

from check_ed25519 import holds

DOMAIN = b"imprimatur anchor\n"
TEXTS = ("hash", "at", "key", "previous", "signature")


def check_anchors(d):
    """Each anchor is signed with the publisher's key, and names an event that the chain holds."""
    said = d.summary.get("anchors")
    if not isinstance(said, dict) or not said.get("public_key"):
        d.notes.append("this dossier holds no anchors: the publisher must confirm the hash of the last event")
        return
    public = bytes.fromhex(said["public_key"])
    mine = hashlib.sha256(public).hexdigest()[:16]
    if said.get("key") != mine:
        d.wrong("dossier.json", "the key of the anchors isn't the one that it names")
    hashes, covered = hashes_of(d), 0
    for number, line in enumerate((d.text("anchors.jsonl") or "").splitlines(), start=1):
        anchor, row = parsed(line), "anchors.jsonl, line " + str(number)
        fault = fault_of(anchor, public, mine, hashes)
        if fault:
            d.wrong(row, fault)
            continue
        if anchor["sequence"] in hashes:
            covered = max(covered, anchor["sequence"])
        d.counted("anchors")
    last = d.events[-1]["sequence"] if d.events else 0
    at = "event " + str(covered) if covered < last else "all of its events"
    d.notes.append(
        "signed anchors cover " + at + "; compare the key " + mine + " with the one that the publisher shows"
    )


def hashes_of(d):
    rows = (line.split("\t") for line in (d.text("chain.tsv") or "").splitlines())
    return {int(row[0]): row[2] for row in rows if len(row) == 3 and row[0].isdigit()}


def parsed(line):
    try:
        said = json.loads(line)
        right = set(said) == {"sequence", *TEXTS} and all(isinstance(said[name], str) for name in TEXTS)
        return said if right and type(said["sequence"]) is int and canonical(said) == line.encode() else None
    except (ValueError, TypeError):
        return None


def fault_of(anchor, public, mine, hashes):
    if anchor is None:
        return "can't be read"
    if anchor["key"] != mine:
        return "is signed with another key, " + anchor["key"][:16]
    rest = {name: value for name, value in anchor.items() if name != "signature"}
    if not holds(public, DOMAIN + canonical(rest), bytes.fromhex(anchor["signature"])):
        return "is forged: the publisher's key didn't sign it"
    known = hashes.get(anchor["sequence"])
    if known is not None and known != anchor["hash"]:
        return "the chain was made anew: event " + str(anchor["sequence"]) + " isn't the one that was signed"
    if known is None and hashes and anchor["sequence"] <= max(hashes):
        return "names event " + str(anchor["sequence"]) + ", which the chain doesn't hold"
    return ""


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
