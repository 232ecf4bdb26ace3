"""Checks of a snapshot before submission, each with a code, a severity and words that say what to do. Pure.

The rules are those of the citation integrity list that need no network, and the basics of an article. That a
DOI, a PMID, a title and a year name one record (rule 4), and dead links (rule 11), can't be judged here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from articles.preflight import basics, doses, markers, readability, references, status, wording
from articles.preflight.document import Document, read
from articles.preflight.findings import CODES, Facts, Finding, ReferenceStatus

__all__ = ["CODES", "RULES", "Facts", "Finding", "ReferenceStatus", "check"]

Rule = Callable[[Document], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    *basics.RULES,
    *markers.RULES,
    *references.RULES,
    *status.RULES,
    *wording.RULES,
    *doses.RULES,
    *readability.RULES,
)


def check(snapshot: Mapping[str, Any], facts: Facts) -> list[Finding]:
    """All findings, those that block first, else in the order of the rules; the same finding once."""
    document = read(snapshot, facts)
    found = dict.fromkeys(finding for rule in RULES for finding in rule(document))
    return sorted(found, key=lambda finding: finding.severity != "block")
