"""Rules 2 to 6, 9 and 9a: what a reference is, what identifies it, and whether it may serve as evidence."""

from collections.abc import Callable, Iterator, Mapping

from articles.identifiers import (
    IdentifierError,
    normal_doi,
    normal_isbn,
    normal_pmcid,
    normal_pmid,
    normal_url,
)
from articles.preflight.document import Document, Reference, listed, spoken
from articles.preflight.findings import Finding, finding
from articles.preflight.names import ai_source, own_issuer
from articles.sections import SectionKind
from articles.vancouver import earliest_day, field, year

NORMAL: Mapping[str, Callable[[str], str]] = {
    "DOI": normal_doi,
    "PMID": normal_pmid,
    "PMCID": normal_pmcid,
    "ISBN": normal_isbn,
    "URL": normal_url,
}
_ENOUGH = ("DOI", "PMID", "ISBN")


def identifiers(reference: Reference) -> dict[str, str]:
    """The identifiers of a reference that can be read, in normal form."""
    found: dict[str, str] = {}
    for name, normal in NORMAL.items():
        try:
            if given := field(reference.csl, name):
                found[name] = normal(given)
        except IdentifierError:
            continue  # the rule on malformed identifiers reports it
    return found


def matching_evidence(document: Document) -> Iterator[Finding]:
    known = document.by_key
    for variant in document.variants:
        for part in variant.sections:
            kind = part.section.kind
            if kind not in (SectionKind.GUIDELINE, SectionKind.RESEARCH):
                continue
            cited = [known[key] for key in part.keys if key in known]
            serving = [reference for reference in cited if reference.kind == kind and _serves(document, reference)]
            if not serving:
                what = "a guideline" if kind == SectionKind.GUIDELINE else "research"
                message = (
                    f"“{part.section.heading}” is a {kind} section but cites no {kind} reference that counts;"
                    f" cite {what}, or give the section another kind."
                )
                yield finding(f"{kind}-not-cited", message, variant.audience)


def guideline_by_publisher(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        if reference.kind == "guideline" and (issuer := own_issuer(reference, document.facts.publisher_names)):
            message = (
                f"{reference.name} comes from “{issuer}”, a publisher's own board or editors, and can't serve"
                " as guideline evidence; cite the guideline itself."
            )
            yield finding("guideline-by-publisher", message, reference.key)


def invalid_identifiers(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        for name, normal in NORMAL.items():
            try:
                if given := field(reference.csl, name):
                    normal(given)
            except IdentifierError as error:
                message = f"{reference.name} has a {name} that can't be right: {error}."
                yield finding("identifier-invalid", message, reference.key)


def contradictions(document: Document) -> Iterator[Finding]:
    """What a reference says twice, differently; whether its identifiers name one record needs a network."""
    for reference in document.references:
        found = identifiers(reference)
        for name in ("DOI", "PMID", "PMCID"):
            try:
                linked = NORMAL[name](found["URL"]) if name in found and "URL" in found else ""
            except IdentifierError:
                continue  # the address names no identifier of this kind
            if linked and linked != found[name]:
                message = (
                    f"{reference.name} gives the {name} {found[name]}, but its address leads to {linked};"
                    " keep the one that belongs to this title."
                )
                yield finding("identifiers-contradict", message, reference.key)


def duplicates(document: Document) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Reference] = {}
    for reference in document.references:
        marks = list(_fingerprints(reference))
        first = next((seen[mark] for mark in marks if mark in seen), None)
        if first is not None and first.key != reference.key:
            message = (
                f"References {listed([spoken(first.key), spoken(reference.key)])} are the same source,"
                f" “{reference.title}”; keep one and cite it in both places."
            )
            yield finding("reference-duplicate", message, reference.key)
        for mark in marks:
            seen.setdefault(mark, reference)


def missing_identifiers(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        if any(field(reference.csl, name) for name in _ENOUGH):
            continue
        if not field(reference.csl, "URL"):
            message = (
                f"{reference.name} has no DOI, PMID, ISBN or web address; add one,"
                " a web address with the day it was read."
            )
        elif earliest_day(reference.csl, "accessed") is None and year(reference.csl, "accessed") is None:
            message = f"{reference.name} has a web address without the day it was read; add the accessed date."
        else:
            continue
        yield finding("reference-without-identifier", message, reference.key)


def future_dates(document: Document) -> Iterator[Finding]:
    today = document.facts.today
    for reference in document.references:
        issued = year(reference.csl)
        if issued is not None and issued > today.year:
            message = f"{reference.name} is dated {issued}, which lies ahead; correct the year."
            yield finding("reference-year-in-future", message, reference.key)
        accessed = earliest_day(reference.csl, "accessed")
        if accessed is not None and accessed > today:
            message = f"{reference.name} was read on {accessed.isoformat()}, which lies ahead; correct that date."
            yield finding("accessed-in-future", message, reference.key)


def ai_sources(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        if tool := ai_source(reference):
            message = f"{reference.name} comes from “{tool}”; AI output isn't a source, cite what it was made from."
            yield finding("ai-as-source", message, reference.key)


def _serves(document: Document, reference: Reference) -> bool:
    return reference.kind != "guideline" or not own_issuer(reference, document.facts.publisher_names)


def _fingerprints(reference: Reference) -> Iterator[tuple[str, ...]]:
    """What makes two references one source: an identifier; title, source and year together where none exists.

    A title alone never does: letters share the title of the article they answer. A book's ISBN counts with
    the title, since chapters share it.
    """
    found = identifiers(reference)
    title = "".join(filter(str.isalnum, reference.title.casefold()))
    for name, value in found.items():
        yield (name, value, title) if name == "ISBN" else (name, value.rstrip("/"))
    if not found and title:
        source = field(reference.csl, "container-title") or field(reference.csl, "publisher")
        yield "title", title, "".join(filter(str.isalnum, source.casefold())), str(year(reference.csl))


RULES = (
    matching_evidence,
    guideline_by_publisher,
    invalid_identifiers,
    contradictions,
    duplicates,
    missing_identifiers,
    future_dates,
    ai_sources,
)
