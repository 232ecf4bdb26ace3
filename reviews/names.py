"""When two names of companies, products or topics mean the same thing. Pure."""

import re
import unicodedata
from functools import lru_cache

_LEGAL = """
ab ag aps as asa bv co company corp corporation gmbh holding holdings inc incorporated kg kgaa kk limited llc llp
ltd mbh nv oy oyj plc pte pty pvt sa sarl sas se spa srl
"""
LEGAL_FORMS = frozenset(_LEGAL.split())
"""Endings that say how a company is incorporated, and nothing about which one it is."""

_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_MARKS = str.maketrans({"®": " ", "™": " ", "©": " ", "&": " and ", "'": "", "’": "", "_": " "})


def same_name(one: str, other: str) -> bool:
    """Whether either name stands in the other as whole words.

    Case, accents, punctuation and legal forms make no difference: “Regenova” is in “REGENOVA Ltd.”, while “Novo”
    isn't in “Novotel”. An empty name matches nothing.
    """
    short, long = sorted((words(one), words(other)), key=len)
    starts = range(len(long) - len(short) + 1)
    return bool(short) and any(long[start : start + len(short)] == short for start in starts)


def names_person(line: str, name: str) -> bool:
    """Whether a line of a byline names this person, in whatever order and with whatever stands beside it.

    “Dubois, Claire M., MD” names Claire Dubois. A single word is nobody's whole name, unless it is the whole line.
    """
    whole, found = words(name), words(line)
    return set(whole) <= set(found) if len(whole) > 1 else bool(whole) and whole == found


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from another: “Johnson & Johnson, Inc.” gives johnson, and, johnson."""
    plain = unicodedata.normalize("NFKD", name.translate(_MARKS)).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    found = re.findall(r"\w+", plain)
    while len(found) > 1 and found[-1] in LEGAL_FORMS:
        found.pop()
    return tuple(found)
