"""Rules 9b and 12: what a sentence says beside its marker, and claims that cite nothing. They warn."""

import re
from collections.abc import Iterator, Sequence

from articles.preflight.document import Document, MarkedAt, Reference, Sentence, listed, shortened, spoken
from articles.preflight.findings import Finding, finding
from articles.preflight.journals import LONGEST_NAME, journals_in, same_journal
from articles.vancouver import field, year

_COUNTED = (
    "patients people participants adults women men children infants individuals cases controls persons"
    " subjects mg mcg µg g kg ml iu units kcal calories steps hours days metres meters"
).replace(" ", "|")
_YEAR = re.compile(rf"(?<![\d.,$€£/–-])\b(?:19|20)\d\d\b(?!%|[.,]\d|\s?[–-]\s?\d|\s+(?:{_COUNTED})\b)", re.IGNORECASE)
_SPAN_BEFORE = re.compile(r"\b(?:since|until|till|between|from|to|through|after|before|by|and)\s+$", re.IGNORECASE)
_CLAIM = re.compile(
    r"\d\s?%|\bper ?cent\b"
    r"|\d\s?(?:mg|mcg|µg|μg|g|kg|mL|ml|IU|units?|micrograms?|milligrams?)\b"
    r"|\brecommend(?:s|ed)?\b|\bshould (?:not |never |always )?"
    r"(?:take|use|receive|start|stop|avoid|be (?:given|offered))\b"
    r"|\bcontraindicated\b|\bfirst[- ]line\b",
    re.IGNORECASE,
)


def journals(document: Document) -> Iterator[Finding]:
    for where, clause, mark, cited in _clauses(document):
        for name in journals_in(clause):
            if not any(same_journal(name, reference.csl) for reference in cited):
                message = (
                    f"“{name}” stands beside citation {_spoken(mark)}, but {_sources(cited)};"
                    " cite the source that is meant, or correct the sentence."
                )
                yield finding("journal-beside-marker", message, where)


def years(document: Document) -> Iterator[Finding]:
    for where, clause, mark, cited in _clauses(document):
        for given in years_in(clause):
            if not any(_has_year(reference, given) for reference in cited):
                dates = listed([_dated(reference) for reference in cited])
                message = (
                    f"The year {given} stands beside citation {_spoken(mark)}, but {dates};"
                    " cite the source that is meant, or correct the year."
                )
                yield finding("year-beside-marker", message, where)


def claims(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        for part in variant.sections:
            bare = [sentence for sentence in part.sentences if not sentence.marks and _CLAIM.search(sentence.text)]
            if bare:
                yield finding("claim-uncited", _uncited(bare, part.section.heading), variant.audience)


def years_in(clause: str) -> list[int]:
    """Years that date a source, each once; amounts, and the ends of a span of time, don't count."""
    found = {
        int(match.group(0)): None
        for match in _YEAR.finditer(clause)
        if not _SPAN_BEFORE.search(clause, max(0, match.start() - 12), match.start())
    }
    return list(found)


def _clauses(document: Document) -> Iterator[tuple[str, str, MarkedAt, list[Reference]]]:
    """Each marker with the words between it and the marker before it in its sentence."""
    known = document.by_key
    for variant in document.variants:
        for part in variant.sections:
            where = f"{variant.audience}: {part.section.heading}" if part.section.heading else variant.audience
            for sentence in part.sentences:
                start = 0
                for mark in sentence.marks:
                    cited = [known[key] for key in mark.keys if key in known]
                    if cited:
                        yield where, sentence.text[start : mark.offset], mark, cited
                    start = mark.offset


def _has_year(reference: Reference, given: int) -> bool:
    titled = f"{reference.title[:LONGEST_NAME]} {field(reference.csl, 'container-title')[:LONGEST_NAME]}"
    return given in (year(reference.csl), year(reference.csl, "original-date")) or str(given) in titled


def _dated(reference: Reference) -> str:
    issued = year(reference.csl)
    return (
        f"reference {spoken(reference.key)} is dated {issued}"
        if issued
        else f"reference {spoken(reference.key)} has no year"
    )


def _sources(cited: Sequence[Reference]) -> str:
    parts = []
    for reference in cited:
        source = field(reference.csl, "container-title") or field(reference.csl, "publisher")
        has = f"appeared in “{shortened(source)}”" if source else "names no journal"
        parts.append(f"reference {spoken(reference.key)} {has}")
    return listed(parts)


def _spoken(mark: MarkedAt) -> str:
    return listed([spoken(key) for key in mark.keys])


def _uncited(bare: Sequence[Sentence], heading: str) -> str:
    where = f"In “{heading}”, " if heading else "Before the first section, "
    many = "1 sentence makes" if len(bare) == 1 else f"{len(bare)} sentences make"
    which = "It reads" if len(bare) == 1 else "The first reads"
    return (
        f"{where}{many} a clinical claim (a dose, a percentage or a recommendation) without a citation."
        f" {which} “{shortened(bare[0].text)}”; cite its source."
    )


RULES = (journals, years, claims)
