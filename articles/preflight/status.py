"""Rules 7, 8, 9a, 10 and 11: what has become of a source, and whether its words back the claim."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from articles.preflight.document import Document, Reference, listed, spoken
from articles.preflight.findings import Facts, Finding, ReferenceStatus, finding
from articles.vancouver import field, year

_PREPRINT_SERVER = re.compile(
    r"\b(?:medrxiv|biorxiv|arxiv|research square|ssrn|preprints\.org|psyarxiv|osf preprints|authorea)\b",
    re.IGNORECASE,
)
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:(?:19|20)\d\d\.\d\d\.\d\d\.)?\d{6,8}\b|21203/rs\.|2139/ssrn|48550/arxiv|20944/preprints)",
    re.IGNORECASE,
)
_UNKNOWN = ReferenceStatus()


def retracted(document: Document) -> Iterator[Finding]:
    for reference, found in _statuses(document):
        if found.status not in ("retracted", "withdrawn"):
            continue
        successor = f" {found.successor} replaces it." if found.successor else ""
        if not reference.cited_because_retracted:
            message = (
                f"{reference.name} was {found.status}.{successor} Remove it, or mark it as cited because it"
                f" was {found.status} and say why."
            )
            yield finding("reference-retracted", message, reference.key)
        elif not reference.rationale:
            message = f"{reference.name} is cited because it was {found.status}; add the rationale."
            yield finding("retraction-rationale-missing", message, reference.key)


def unchecked(document: Document) -> Iterator[Finding]:
    facts = document.facts
    for reference, found in _statuses(document):
        if found.status not in ("unchecked", "ok") or (found.status == "ok" and _fresh(found, facts)):
            continue
        state = (
            f"was last checked on {found.checked_on.isoformat()}"
            if found.checked_on and found.status == "ok"
            else "hasn't been checked"
        )
        advice = (
            "check it" if facts.risk_tier in ("low", "standard") else "open the source and confirm that it says this"
        )
        message = f"{reference.name} {state} for retraction; {advice}."
        yield finding("reference-unchecked", message, reference.key)


def concern(document: Document) -> Iterator[Finding]:
    for reference, found in _statuses(document):
        if found.status == "concern":
            message = f"{reference.name} carries an expression of concern; say so, or cite another source."
            yield finding("reference-concern", message, reference.key)
        elif found.status == "corrected":
            message = f"{reference.name} was corrected after publication; make sure the claim still holds."
            yield finding("reference-corrected", message, reference.key)


def superseded(document: Document) -> Iterator[Finding]:
    for reference, found in _statuses(document):
        if found.status == "superseded":
            instead = found.successor or "its newer version"
            message = f"{reference.name} has been superseded; cite {instead}, or say why the older one is used."
            yield finding("reference-superseded", message, reference.key)


def old_guideline(document: Document) -> Iterator[Finding]:
    limit = document.facts.guideline_years
    for reference in document.references:
        issued = year(reference.csl)
        if reference.kind == "guideline" and issued is not None and document.facts.today.year - issued > limit:
            message = f"{reference.name} dates from {issued}, over {limit} years ago; look for a newer guideline."
            yield finding("guideline-old", message, reference.key)


def preprint(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        if is_preprint(reference.csl):
            message = (
                f"{reference.name} is a preprint, not peer reviewed; cite the published version if there is"
                " one, and say in the text that it is a preprint."
            )
            yield finding("preprint", message, reference.key)


def supporting_quotes(document: Document) -> Iterator[Finding]:
    if field(document.snapshot, "origin") == "human":
        return
    known = document.by_key
    quotes = document.facts.supporting_quotes
    missing = [key for key in known if key in document.cited and not quotes.get(key)]
    if missing:
        names = listed([spoken(key) for key in missing])
        message = (
            f"AI had a part in this text, and no passage of the source is kept for {names};"
            " add the supporting quote of each, so that reviewers can compare."
        )
        yield finding("supporting-quote-missing", message, "references")


def is_preprint(csl: Mapping[str, object]) -> bool:
    """Whether the item's genre, server or DOI prefix is a preprint's."""
    servers = f"{field(csl, 'container-title')} {field(csl, 'publisher')}"
    return (
        "preprint" in f"{field(csl, 'genre')} {field(csl, 'type')}".casefold()
        or bool(_PREPRINT_SERVER.search(servers))
        or bool(_PREPRINT_DOI.search(field(csl, "DOI")))
    )


def _statuses(document: Document) -> Iterator[tuple[Reference, ReferenceStatus]]:
    for reference in document.references:
        yield reference, document.facts.reference_status.get(reference.key, _UNKNOWN)


def _fresh(found: ReferenceStatus, facts: Facts) -> bool:
    return found.checked_on is not None and facts.today - found.checked_on <= timedelta(days=facts.status_days)


RULES = (retracted, unchecked, concern, superseded, old_guideline, preprint, supporting_quotes)
