"""What `manage.py verify` says about one article's rows."""

import json
import platform
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import django
from django.db import connection
from django.utils.translation import gettext as _

from articles import content
from editorial import audit, guards
from editorial.audit import Problem
from editorial.models import AuditEvent
from reviews import verification
from reviews.dossier.collecting import Case
from reviews.dossier.records import KINDS, Full
from reviews.dossier.summary import SCHEMA, instant


def problems(case: Case) -> dict[str, list[Problem]]:
    """By check, what is wrong with the rows of this article."""
    return {
        "guards": [Problem(name, "this database guard is missing") for name in guards.missing()],
        "events": list(_events(case)),
        "recorded rows": list(_rows(case)),
        "publications": [p for publication in case.publications for p in verification.of_publication(publication)],
        "rounds": list(_rounds(case)),
    }


def report(case: Case, found: dict[str, list[Problem]], reading: Full, *, now: datetime) -> Iterator[str]:
    """``verification.txt``. A redacted one gives numbers without the sentences."""
    yield _("What manage.py verify says about this article on %(at)s.") % {"at": instant(now)} + "\n"
    yield f"Dossier schema {SCHEMA}; Python {platform.python_version()}; Django {django.__version__}; "
    yield f"{connection.vendor}\n\n"
    for name, rows in found.items():
        yield f"{name}: {'ok' if not rows else f'{len(rows)} problems'}\n"
        for problem in rows:
            yield f"  {problem.row}: {reading.private(problem.message) or _('withheld')}\n"
    yield "\n" + _("The publisher checks the whole record, other articles included, with manage.py verify.") + "\n"


def _events(case: Case) -> Iterator[Problem]:
    for event in case.events():
        if event.hash != audit.event_hash(event.previous_hash, event.body):
            yield Problem(f"AuditEvent {event.sequence}", "the body was changed: its hash doesn't match")
    last: dict[str, str] = {}
    for event in case.events():
        if event.kind.startswith("publication."):
            last[event.subject] = said_by(event).get("data", {}).get("status") or last.get(event.subject, "")
    for publication in case.publications:
        if last.get(publication.subject) != publication.status:
            said = f"its status is {publication.status}, the events say {last.get(publication.subject)}"
            yield Problem(f"articles.Publication {publication.pk}", said)


def _rounds(case: Case) -> Iterator[Problem]:
    opened = {event.subject: said_by(event).get("data", {}) for event in case.events() if event.kind == "round.opened"}
    for round in case.rounds:
        said = opened.get(round.subject, {})
        if (said.get("digest"), said.get("rule")) != (round.digest, round.rule):
            yield Problem(f"reviews.ReviewRound {round.pk}", "its rule or digest isn't the one it was opened with")
        if round.snapshot and content.digest(round.snapshot) != round.digest:
            yield Problem(f"reviews.ReviewRound {round.pk}", "its stored text doesn't give the digest that was signed")


def said_by(event: AuditEvent) -> dict[str, Any]:
    """What the event's body says; nothing where it can't be read any more, which its hash reports."""
    try:
        said = json.loads(event.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _rows(case: Case) -> Iterator[Problem]:
    """Each sealed row against the event that recorded it."""
    seals: dict[tuple[str, str], str] = {}
    for event in case.events():
        for record in said_by(event).get("records", ()):
            seals[record["model"], record["pk"]] = record["sha256"]
    for kind in KINDS:
        for row in getattr(case, kind):
            label = row._meta.label
            if label not in audit.SEALED:
                continue
            expected = seals.get((label, str(row.pk)))
            if expected is None:
                yield Problem(f"{label} {row.pk}", "no event recorded this row")
            elif expected != audit.seal(row):
                yield Problem(f"{label} {row.pk}", "the row was changed after it was recorded")
