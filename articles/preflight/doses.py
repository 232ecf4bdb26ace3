"""Rule 9b: doses written so that they can be misread (ISMP list of error-prone abbreviations). They warn."""

import re
from collections.abc import Iterator

from articles.preflight.document import Document, listed
from articles.preflight.findings import Finding, finding

_UNIT = r"(?:mg|mcg|µg|μg|ng|kg|g|mL|ml|L|IU|units?|micrograms?|milligrams?|grams?|tablets?|puffs?)\b"
_NOT_PER_LITRE = r"(?!\s?/\s?(?:d|m)?[lL]\b)"
_SHOWN = 3

_HABITS = (
    (
        "dose-microgram-sign",
        re.compile(r"(?<![\w.,])\d[\d.,]{0,15}\s?[µμ]g\b"),
        "the sign “µ” is misread as “m”, a thousandfold; write microgram or mcg",
    ),
    (
        "dose-trailing-zero",
        re.compile(rf"(?<![\d.,])\d{{1,9}}\.0{{1,9}}\s?{_UNIT}{_NOT_PER_LITRE}"),
        "the point is overlooked and the dose becomes tenfold; leave out the zero",
    ),
    (
        "dose-naked-decimal",
        re.compile(rf"(?<![\d.\w])\.\d{{1,9}}\s?{_UNIT}"),
        "the point is overlooked; write a zero before it",
    ),
    (
        "dose-unit-letter",
        re.compile(rf"(?<![\w.,])\d[\d.,]{{0,15}}\s?(?:IU|U)\b{_NOT_PER_LITRE}"),
        "“U” is misread as a zero and “IU” as “IV”; write units",
    ),
)


def doses(document: Document) -> Iterator[Finding]:
    """One finding for each habit and variant, with the first places."""
    for variant in document.variants:
        for code, pattern, why in _HABITS:
            places = [match.group(0) for sentence in variant.sentences for match in pattern.finditer(sentence.text)]
            if places:
                shown = [f"“{place}”" for place in dict.fromkeys(places)]
                rest = [f"{len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
                yield finding(code, f"In {listed(shown[:_SHOWN] + rest)}: {why}.", variant.audience)


RULES = (doses,)
