"""Rule 1: every marker resolves, every reference is cited, and people confirmed what was restored."""

from collections import Counter
from collections.abc import Iterator, Sequence

from articles.citations import BadMark
from articles.preflight.document import Document, listed, shortened, spoken
from articles.preflight.findings import Finding, finding

_SHOWN = 5


def malformed(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        bad = variant.markers.malformed
        if bad:
            message = f"{_quoted(bad)} can't be read as a citation; write [@key], or [@first; @second] for several."
            yield finding("marker-malformed", message, variant.audience)


def bare_numbers(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        bad = variant.markers.bare_numbers
        if bad:
            message = f"{_quoted(bad)}; if it is a citation, write [@key]."
            yield finding("bare-number", message, variant.audience)


def unresolved(document: Document) -> Iterator[Finding]:
    known = set(document.by_key)
    numbers = [int(spoken(key)) for key in known if spoken(key).isdigit()]
    for variant in document.variants:
        missing = [key for key in variant.markers.order if key not in known]
        if missing:
            yield finding("marker-unresolved", _unresolved(missing, numbers, len(known)), variant.audience)


def _unresolved(missing: Sequence[str], numbers: Sequence[int], references: int) -> str:
    missed = sorted((key for key in missing if spoken(key).isdigit()), key=lambda key: int(spoken(key)))
    names = [spoken(key) for key in missed] + [spoken(key) for key in missing if key not in missed]
    if not references:
        lack = "the article lists no references"
    elif len(missed) == len(missing) and numbers and int(spoken(missed[0])) > max(numbers):
        lack = f"the list ends at {max(numbers)}"
    elif len(names) == len(missed) or len(names) == 1:
        lack = f"the list has no reference {listed(names).replace(' and ', ' or ')}"
    else:
        lack = "the list doesn't have them"
    those = "it" if len(names) == 1 else "them"
    return f"The text cites {listed(names)}, but {lack}; add the missing source or remove {those} from the text."


def unconfirmed(document: Document) -> Iterator[Finding]:
    count = document.facts.unconfirmed_markers
    if count > 0:
        what = "1 citation marker was" if count == 1 else f"{count} citation markers were"
        message = f"{what} restored from bare numbers and not confirmed; compare with the source and confirm."
        yield finding("markers-unconfirmed", message, "text")


def uncited(document: Document) -> Iterator[Finding]:
    cited = document.cited
    for reference in document.references:
        if reference.key not in cited:
            message = f"{reference.name} is cited nowhere; cite it with [@{reference.key}] or remove it."
            yield finding("reference-uncited", message, reference.key)


def repeated_keys(document: Document) -> Iterator[Finding]:
    for key, times in Counter(reference.key for reference in document.references).items():
        if times > 1:
            message = f"{times} references share the key “{key}”, so its markers are ambiguous; rename all but one."
            yield finding("reference-key-twice", message, key)


def order(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        if variant.stored_order is not None and list(variant.stored_order) != variant.markers.order:
            message = "The stored order of citations isn't that of the text; save the article again."
            yield finding("citation-order", message, variant.audience)


def _quoted(bad: Sequence[BadMark]) -> str:
    shown = [f"“{shortened(mark.text, 40)}” (line {mark.line}: {mark.why})" for mark in bad[:_SHOWN]]
    more = len(bad) - _SHOWN
    return listed(shown + ([f"{more} more"] if more > 0 else []))


RULES = (malformed, bare_numbers, unresolved, unconfirmed, uncited, repeated_keys, order)
