"""A word without case, accents and endings, in one spelling. Light on purpose: what it misses costs a hit, no more."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 40

_ENDINGS = (
    *((ending, 4) for ending in ("ation", "ating", "ated", "ate")),
    *((ending, 3) for ending in ("ically", "ment", "ness", "ing", "ion", "ive", "ed", "ly")),
)
"""An ending, and how much of the word must be left when it goes."""

_KEPT_TWICE = "lsz"


def plain(text: str) -> str:
    """In small letters without accents; as long as ``text`` only where no letter is made of several."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is compared of a word that ``plain`` has been over."""
    word = word[:LONGEST]
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    word = _in_one_spelling(_singular(word))
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and re.search("[aeiouy]", word[: -len(ending)]):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _KEPT_TWICE + "aeiou":
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ss|x|ch|sh|zz)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _in_one_spelling(word: str) -> str:
    """British and American writing alike: haemoglobin, oedema, tumour, randomised, sulphonylurea."""
    if len(word) < 5:
        return word
    word = word.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf")
    word = re.sub(r"our$", "or", word) if len(word) > 5 else word
    return re.sub(r"yse|ise", lambda found: found.group().replace("s", "z"), word)
