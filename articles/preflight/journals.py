"""Journal names in running text, and whether one is the journal of a reference. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from articles.vancouver import field

_WORD = r"[A-Z][\w'’-]*"
_PHRASE = re.compile(
    rf"\b[Ii]n\s+(?:[Tt]he\s+)?(?P<name>{_WORD}(?:\s+(?:(?:of|the|and|for|in|on|&)\s+){{0,3}}{_WORD}){{0,12}})"
)
_TO_THE_MARKER = re.compile(r"[\s,(]*(?:in\s+)?(?:(?:19|20)\d\d)?[\s,):;]*")
_PUBLISHED = re.compile(r"\bpublished\s+(?:[\w,]+\s+){0,4}$", re.IGNORECASE)
_JOURNAL_WORDS = re.compile(
    r"\b(?:Journal|Annals|Archives|Proceedings|Lancet|Reviews?|Reports|Bulletin|Acta|Letters|Frontiers|Advances"
    r"|Transactions|Gazette|Quarterly|Medicine|Care & Research|Care and Research|Database)\b"
)
_KNOWN_WORDS = (
    "jama bmj nejm pnas lancet nature science cell circulation gut chest thorax heart stroke brain"
    " pain blood spine bone hypertension pediatrics diabetes neurology rheumatology cartilage"
    " arthroscopy cochrane plos elife trials gastroenterology hepatology radiology surgery vaccine"
    " cancer"
)
_OTHER_WORDS = (
    "states kingdom america americans europe europeans asia asians africa africans zealand korea"
    " australia china japan india germany france italy spain canada mexico brazil republic union"
    " islands hospital hospitals university disease syndrome disorder trial study registry guideline"
    " guidelines group groups score scale index table figure phase section stage class type women men"
    " patients adults medicare medicaid england scotland wales ireland january february march april"
    " may june july august september october november december english french german spanish chinese"
    " york"
)
_SMALL_WORDS = "of the and for in on a"
_KNOWN = frozenset(_KNOWN_WORDS.split())
_NOT_JOURNALS = frozenset(_OTHER_WORDS.split())
_SMALL = frozenset(_SMALL_WORDS.split())
LONGEST_NAME = 300
_SOURCES = (
    "container-title",
    "container-title-short",
    "journalAbbreviation",
    "collection-title",
    "publisher",
)


def journals_in(clause: str) -> list[str]:
    """Names that read as journals: after “in” right before the clause's end, or known as such anywhere."""
    return [
        match["name"]
        for match in _PHRASE.finditer(clause)
        if _is_journal(
            match["name"],
            close=bool(_TO_THE_MARKER.fullmatch(clause, match.end())),
            published=bool(_PUBLISHED.search(clause, max(0, match.start() - 60), match.start())),
        )
    ]


def same_journal(name: str, csl: Mapping[str, Any]) -> bool:
    """Whether a reference's source is the named journal, in full, in part, abbreviated or as an acronym."""
    return any(_same(_words(name), _words(field(csl, source)[:LONGEST_NAME])) for source in _SOURCES)


def _is_journal(name: str, *, close: bool, published: bool) -> bool:
    words = _words(name)
    if not words or words[-1] in _NOT_JOURNALS:
        return False
    if len(words) == 1:
        return (words[0] in _KNOWN and (close or published)) or (published and not name.isupper())
    if _JOURNAL_WORDS.search(name):
        return True
    return (close or published) and not name.replace("-", "").replace(" ", "").isupper()


def _words(name: str) -> list[str]:
    plain = re.sub(r"['’]s?\b", "", name.casefold())
    return [word for word in re.findall(r"\w+", plain) if word not in _SMALL]


def _same(a: list[str], b: list[str]) -> bool:
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    if any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1)):
        return True
    if len(short) == 1:
        return len(long) > 1 and short[0] == "".join(word[0] for word in long)
    return all(_abbreviates(x, y) or _abbreviates(y, x) for x, y in zip(short, long, strict=False))


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of ``short`` stand in ``long`` in order, first letters equal (natl, national)."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)
