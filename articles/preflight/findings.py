"""What preflight says and what it is told. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Severity = Literal["block", "warn"]
Status = Literal["unchecked", "ok", "retracted", "withdrawn", "concern", "corrected", "superseded"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend. ``where`` names the audience, section or reference; "" is the whole article."""

    code: str
    severity: Severity
    message: str
    where: str = ""


@dataclass(frozen=True)
class ReferenceStatus:
    """What is known of a source since it appeared, and the day it was looked up."""

    status: Status = "unchecked"
    successor: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules need to know beside the snapshot; the mappings are by citation key.

    ``supporting_quotes`` says whether a passage of the source stands beside the claim that cites it.
    An empty ``risk_tier`` counts as high.
    """

    today: date
    publisher_names: tuple[str, ...] = ()
    reference_status: Mapping[str, ReferenceStatus] = field(default_factory=dict)
    unconfirmed_markers: int = 0
    supporting_quotes: Mapping[str, bool] = field(default_factory=dict)
    risk_tier: str = ""
    status_days: int = 30
    guideline_years: int = 5


CODES: Mapping[str, tuple[Severity, str]] = {
    # code: (severity, number of the citation integrity rule; "" for the basics)
    "title-missing": ("block", ""),
    "title-too-long": ("block", ""),
    "short-answer-missing": ("block", ""),
    "short-answer-too-long": ("block", ""),
    "funding-missing": ("block", ""),
    "byline-missing": ("block", ""),
    "ai-as-author": ("block", ""),
    "origin-unknown": ("block", ""),
    "ai-contribution-missing": ("block", ""),
    "topics-missing": ("warn", ""),
    "variant-missing": ("block", ""),
    "audience-unknown": ("block", ""),
    "audience-twice": ("block", ""),
    "text-missing": ("block", ""),
    "text-unrenderable": ("block", ""),
    "section-block-invalid": ("block", ""),
    "section-heading-empty": ("block", ""),
    "level-one-heading": ("block", ""),
    "strong-on-low-certainty": ("block", ""),
    "marker-malformed": ("block", "1"),
    "bare-number": ("warn", "1"),
    "marker-unresolved": ("block", "1"),
    "markers-unconfirmed": ("block", "1"),
    "reference-uncited": ("block", "1"),
    "reference-key-twice": ("block", "1"),
    "citation-order": ("block", "1"),
    "guideline-not-cited": ("block", "2"),
    "research-not-cited": ("block", "2"),
    "identifier-invalid": ("block", "3"),
    "identifiers-contradict": ("block", "4"),
    "reference-duplicate": ("block", "6"),
    "reference-retracted": ("block", "7"),
    "retraction-rationale-missing": ("block", "7"),
    "reference-unchecked": ("warn", "8"),
    "reference-without-identifier": ("block", "9"),
    "reference-year-in-future": ("block", "9"),
    "accessed-in-future": ("block", "9"),
    "ai-as-source": ("block", "9"),
    "guideline-by-publisher": ("block", "9a"),
    "supporting-quote-missing": ("warn", "9a"),
    "journal-beside-marker": ("warn", "9b"),
    "year-beside-marker": ("warn", "9b"),
    "dose-microgram-sign": ("warn", "9b"),
    "dose-trailing-zero": ("warn", "9b"),
    "dose-naked-decimal": ("warn", "9b"),
    "dose-unit-letter": ("warn", "9b"),
    "reference-concern": ("warn", "10"),
    "reference-corrected": ("warn", "10"),
    "reference-superseded": ("warn", "11"),
    "guideline-old": ("warn", "11"),
    "preprint": ("warn", "11"),
    "claim-uncited": ("warn", "12"),
    "readability": ("warn", ""),
}


def finding(code: str, message: str, where: str = "") -> Finding:
    """A finding with the severity of its code. Raises KeyError for a code that isn't listed."""
    return Finding(code, CODES[code][0], message, where)
