"""Reading grade of the patient text by two formulas; both are shown, since they differ by years. It warns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from articles.preflight.document import Document
from articles.preflight.findings import Finding, finding
from articles.vancouver import field

HIGHEST_GRADE = 8
FEWEST_WORDS = 10
SMOG_SENTENCES = 30
"""Below this many sentences SMOG was never calibrated (McLaughlin 1969)."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Grades:
    """United States school grades; ``smog_reliable`` needs 30 sentences."""

    flesch_kincaid: float
    smog: float
    words: int
    sentences: int

    @property
    def smog_reliable(self) -> bool:
        return self.sentences >= SMOG_SENTENCES


def grades(sentences: Sequence[str]) -> Grades | None:
    """Flesch-Kincaid and SMOG of English sentences, to one decimal; None when there are no words."""
    counted = [words for words in map(_WORD.findall, sentences) if words]
    syllables = [syllables_in(word) for words in counted for word in words]
    if not syllables:
        return None
    kincaid = 0.39 * len(syllables) / len(counted) + 11.8 * sum(syllables) / len(syllables) - 15.59
    long_words = sum(count >= 3 for count in syllables)
    smog = 1.0430 * sqrt(long_words * 30 / len(counted)) + 3.1291
    return Grades(round(kincaid, 1), round(smog, 1), len(syllables), len(counted))


def syllables_in(word: str) -> int:
    """An estimate by groups of vowels, a silent “e” or “ed” at the end left out; at least 1."""
    plain = re.sub(r"[^a-z]", "", word.casefold())
    count = len(_VOWELS.findall(plain))
    silent_e = plain.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$", plain)
    silent_end = re.search(r"[^aeiouytd]ed$|[^aeiouysxzhcg]es$", plain)
    return max(1, count - bool(silent_e or silent_end))


def patient_text(document: Document) -> Iterator[Finding]:
    if not field(document.snapshot, "language").casefold().startswith("en"):
        return
    for variant in document.variants:
        found = grades([sentence.text for sentence in variant.sentences]) if variant.audience == "patient" else None
        if found is None or found.words < FEWEST_WORDS or max(found.flesch_kincaid, found.smog) <= HIGHEST_GRADE:
            continue
        doubt = "" if found.smog_reliable else f", unreliable under {SMOG_SENTENCES} sentences"
        message = (
            f"The patient text reads at grade {found.flesch_kincaid} (Flesch-Kincaid)"
            f" and {found.smog} (SMOG{doubt}); aim for {HIGHEST_GRADE} or lower:"
            " shorter sentences, plainer words."
        )
        yield finding("readability", message, variant.audience)


RULES = (patient_text,)
