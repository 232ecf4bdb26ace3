"""Writes a dossier and records that it was made."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from articles.models import Article
from editorial.models import User
from editorial.verbs import record, verb
from reviews.dossier import access, chain, changed, collecting, pages, summary, verifying
from reviews.dossier.records import MODELS, Full, html_file, text_file
from reviews.dossier.redaction import Redacted
from reviews.dossier.writing import Target, Writer

DATA = Path(__file__).parent / "data"
CHECKS = ("check", "check_reading", "check_record", "check_quorum", "check_anchors", "check_ed25519")
SHIPPED = (*(f"{name}.py" for name in CHECKS), "README.txt", "dossier.css")


@dataclass(frozen=True)
class Options:
    """What to export. ``at``: show also what readers saw at that instant; ``chain``: the links of the whole chain."""

    redacted: bool = False
    at: datetime | None = None
    chain: bool = False


@dataclass
class _Written:
    """What came out, for the summary."""

    numbers: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


@verb
def export(article: Article, *, actor: User, now: datetime, target: Target, options: Options) -> str:
    """Write the dossier to ``target``; gives the SHA-256 of its manifest, which the record keeps.

    The article stays locked meanwhile, so that the parts fit each other. Raises Refused for whoever may not.
    """
    access.may_export(article, actor, redacted=options.redacted).enforce()
    manifest = write(article, target, options, now=now)
    mode = Redacted.mode if options.redacted else Full.mode
    record("dossier.exported", article.subject, mode=mode, manifest=manifest, at=options.at or "")
    return manifest


def write(article: Article, target: Target, options: Options, *, now: datetime) -> str:
    """Every file, the manifest last. The same state at the same ``now`` gives the same bytes."""
    case = collecting.collect(article)
    reading = Redacted(case) if options.redacted else Full(case)
    writer, written = Writer(target), _Written()
    _texts(writer, reading)
    _pages(writer, written, reading, options, now=now)
    rows = reading.rows()
    for kind, found in rows.items():
        writer.write(f"records/{kind}.json", _list(found))
    writer.write("events.jsonl", _events(reading, written))
    signed = chain.anchored(written.numbers)
    span = chain.links(written.numbers, whole=options.chain, upto=signed.last)
    writer.write("chain.tsv", chain.lines(span))
    if signed.lines:
        writer.write("anchors.jsonl", signed.lines)
    problems = verifying.problems(case)
    report = list(verifying.report(case, problems, reading, now=now))
    writer.write("verification.txt", report)
    said = {
        **summary.of(reading, now=now),
        "at": summary.instant(options.at) if options.at else "",
        "pages": written.pages,
        "differences": written.differences,
        "models": MODELS,
        "counts": {"events": len(written.numbers), **{kind: len(found) for kind, found in rows.items()}},
        "chain": {"first": span.first, "last": span.last, "hash": span.hash, "complete": span.complete},
        "anchors": {"key": signed.key, "public_key": signed.public_key},
        "verification": {"ok": not any(problems.values()), "problems": sum(map(len, problems.values()))},
    }
    writer.write("dossier.json", [_json(said)])
    writer.write("index.html", [render_to_string("reviews/dossier/index.html", {"d": said, "report": report})])
    for name in SHIPPED:
        writer.write(name, [(DATA / name).read_text(encoding="utf-8")])
    return writer.close()


def _texts(writer: Writer, reading: Full) -> None:
    for publication in reading.publications():
        if reading.shows_text(publication):
            writer.write(text_file(publication.digest), [publication.snapshot])
            for audience, html in sorted(publication.html.items()):
                writer.write(html_file(publication.digest, audience), [html])
    for round in reading.case.rounds:
        if reading.shows_round(round):
            writer.write(text_file(round.digest), [round.snapshot])


def _pages(writer: Writer, written: _Written, reading: Full, options: Options, *, now: datetime) -> None:
    made = [*pages.of_versions(reading.publications(), now=now)]
    if options.at:
        made += pages.at(reading, pages.moment(reading.case, options.at))
    for name, html in made:
        writer.write(name, [html])
        written.pages.append(name)
    if made:
        writer.write("pages/reader.css", [pages.styles()])
    for name, html in changed.pages(reading):
        writer.write(name, [html])
        written.differences.append(name)


def _events(reading: Full, written: _Written) -> Iterator[str]:
    for event in reading.case.events():
        written.numbers.append(event.sequence)
        yield json.dumps(reading.event(event), ensure_ascii=False, sort_keys=True) + "\n"


def _list(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A JSON list with a line for each row."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, sort_keys=True)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
