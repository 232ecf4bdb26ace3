"""Marks that stories carry, and the made-up words and names that copies carry in their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from articles import likeness
from articles.search_words import indexed

MARK = re.compile(r"[Qq]x[a-z]{5}xq")
"""No word of any language, and as long as the words that take its place. Of consonants: stemming would change “ae”."""

GIVEN = (
    *("Amara", "Anders", "Beatriz", "Boris", "Camila", "Cedric", "Dalia", "Dmitri", "Elena", "Emre", "Farah", "Felix"),
    *("Gloria", "Goran", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jorge", "Kaori", "Karim", "Leila", "Lorenzo"),
    *("Marta", "Milan", "Nadia", "Noah", "Olga", "Omar", "Paula", "Pedro", "Rania", "Rafael", "Saskia", "Stefan"),
    *("Tamar", "Tomas", "Ulrike", "Victor", "Wanda", "Yara", "Yusuf", "Zoran"),
)
_BEGINNINGS = ("Bar", "Cor", "Dal", "Fer", "Gal", "Hol", "Kar", "Lin", "Mor", "Nor", "Pal", "Ros", "Sal", "Tor", "Var")
_MIDDLES = ("a", "e", "i", "o", "u", "an", "en", "in", "on", "un")
_ENDINGS = ("berg", "dari", "feld", "gard", "kova", "land", "mann", "neva", "rossi", "sen", "stein", "tti", "wick")
_CONSONANTS, _VOWELS = "bdfglmnprtvz", "aiou"


@dataclass
class Marks:
    """Gives out marks, none twice."""

    given: Iterator[int] = field(default_factory=count)

    def word(self) -> str:
        number, found = next(self.given), ""
        for _ in range(5):
            number, place = divmod(number, len(_CONSONANTS))
            found += _CONSONANTS[place]
        return f"Qx{found}xq"


def name(number: int) -> tuple[str, str]:
    """The given and the family name of person ``number``; no two have the same."""
    rest, given = divmod(number, len(GIVEN))
    rest, beginning = divmod(rest, len(_BEGINNINGS))
    rest, middle = divmod(rest, len(_MIDDLES))
    rest, ending = divmod(rest, len(_ENDINGS))
    family = _BEGINNINGS[beginning] + _MIDDLES[middle] + _ENDINGS[ending]
    return GIVEN[given], family if not rest else f"{family}-{_BEGINNINGS[rest % len(_BEGINNINGS)]}"


@lru_cache(maxsize=1)
def remedies() -> tuple[str, ...]:
    """Some thousands of names of remedies that don't exist, none of which search or comparing changes."""
    found = []
    for number in range(0, 12 * 4 * 12 * 4 * 12 * 4, 13):
        word, rest = "", number
        for _ in range(3):
            rest, consonant = divmod(rest, len(_CONSONANTS))
            rest, vowel = divmod(rest, len(_VOWELS))
            word += _CONSONANTS[consonant] + _VOWELS[vowel]
        word = f"{word}mab"
        if indexed(word) == word and likeness.words(word) == {word}:
            found.append(word.capitalize())
    return tuple(found)
