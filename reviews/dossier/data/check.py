"""Checks this dossier: python3 check.py. Needs Python 3.9 or newer and nothing else.

Exit code 0: everything in this folder fits together. 1: something doesn't, named by file and row.
What a redacted dossier leaves out is counted as withheld, never as wrong.
"""

import hashlib
import html
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

import check_anchors  # noqa: E402
import check_quorum  # noqa: E402
import check_record  # noqa: E402
from check_reading import DAMAGED, Dossier, digest, version, where  # noqa: E402


def check_manifest(d):
    """Every file is the one that the manifest names, and none stands beside them."""
    named = {}
    for line in (d.text("MANIFEST.sha256") or "").splitlines():
        sha, _, name = line.partition("  ")
        named[name] = sha
    standing = {p.relative_to(d.folder).as_posix() for p in d.folder.rglob("*") if p.is_file()} - {"MANIFEST.sha256"}
    for name in sorted(standing - set(named)):
        d.wrong(name, "the manifest doesn't name this file")
    for name in sorted(set(named) - standing):
        d.wrong(name, "the manifest names this file, and it is missing")
    for name in sorted(standing & set(named)):
        found = hashlib.sha256()
        with open(str(d.folder / name), "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                found.update(block)
        if found.hexdigest() != named[name]:
            d.wrong(name, "isn't the file that the manifest names")
    d.counted("files", len(standing))


def check_texts(d):
    """Each text gives the digest that people signed, and each HTML the one that its text names."""
    for name in ("publications", "rounds"):
        for pk, row in d.rows[name].items():
            values = row["values"]
            if not isinstance(values.get("snapshot"), dict):
                d.counted("texts withheld", 1 if "snapshot" in row.get("withheld", ()) else 0)
                continue
            text = d.filled(values["snapshot"])
            if text is None or digest(text) != values["digest"]:
                d.wrong(where(name, pk), values["snapshot"]["$file"] + " doesn't give the digest " + values["digest"])
                continue
            d.counted("texts")
            if name == "publications":
                check_html(d, pk, values, json.loads(text))


def check_html(d, pk, values, snapshot):
    if values["title"] != snapshot["title"]:
        d.wrong(where("publications", pk), "its title isn't the one that was signed")
    for variant in snapshot["variants"]:
        file = values["html"].get(variant["audience"], {}).get("$file", "")
        text = d.text(file) if file else None
        if text is None or digest(text) != variant["html_sha256"]:
            d.wrong(file or where("publications", pk), "isn't the HTML that was signed for " + variant["audience"])
        else:
            d.counted("pages as signed")


def check_summary(d):
    """dossier.json and index.html say what the records say."""
    for name, number in d.summary["counts"].items():
        found = len(d.events) if name == "events" else len(d.rows[name])
        if found != number:
            d.wrong("dossier.json", f"it counts {number} {name}, the records hold {found}")
    versions = {version(row): row for row in d.rows["publications"].values()}
    for shown in d.summary["versions"]:
        values = versions.get(shown["number"], {}).get("values", {})
        if [values.get(n) for n in ("digest", "title")] != [shown["digest"], shown["title"]]:
            d.wrong(f"dossier.json, version {shown['number']}", "isn't as its record says")
    page = d.text("index.html") or ""
    for shown in d.summary["signatures"]:
        said = d.values("signatures", shown["id"])
        if any(said.get(n) != shown[k] for n, k in (("meaning", "meaning"), ("digest", "digest"))) or (
            said.get("shown_name", shown["name"]) != shown["name"]
        ):
            d.wrong(f"dossier.json, signature {shown['id']}", "isn't as its record says")
        if any(html.escape(str(shown[n])) not in page for n in ("name", "digest", "meaning")):
            d.wrong("index.html", f"signature {shown['id']} isn't shown as dossier.json says")


CHECKS = (
    check_manifest,
    check_texts,
    check_record.check_events,
    check_record.check_chain,
    check_anchors.check_anchors,
    check_record.check_seals,
    check_record.check_rounds,
    check_record.check_statuses,
    check_record.check_personal_texts,
    check_quorum.check_signatures,
    check_quorum.check_evidence,
    check_quorum.check_quorums,
    check_summary,
)


def main(folder):
    d = Dossier(folder)
    for check in CHECKS:
        try:
            check(d)
        except DAMAGED as error:
            what = f"{check.__name__.replace('_', ' ')} couldn't be finished, the data is damaged ({error!r})"
            d.wrong("this dossier", what)
    title = d.summary.get("article", {}) if isinstance(d.summary.get("article"), dict) else {}
    print(f"{str(d.summary.get('mode', 'unknown')).capitalize()} dossier of “{title.get('title', '?')}”")
    print("  " + ", ".join(f"{what}: {number}" for what, number in sorted(d.counts.items()) if number))
    for note in d.notes:
        print("  note: " + note)
    for problem in dict.fromkeys(d.problems):
        print("  WRONG " + problem)
    chain = d.summary.get("chain")
    if isinstance(chain, dict) and not d.problems:
        print("All of it fits together. Ask the publisher to confirm two things:")
        print(f"  event {chain.get('last')} of their record has the hash {chain.get('hash')}")
        print(f"  the manifest of this dossier has the SHA-256 {digest(d.text('MANIFEST.sha256') or '')}")
    elif d.problems:
        print(f"{len(set(d.problems))} problems.")
    return 1 if d.problems else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(HERE))
