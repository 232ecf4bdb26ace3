"""Keys by which a text cites a reference: who and when, as people remember a source. Pure."""

import re
import unicodedata
from collections.abc import Container

_LONGEST = 40
_SMALL = frozenset({"a", "an", "the", "of", "on", "in", "for", "and", "to", "with", "der", "die", "das", "la", "le"})


def propose(*, authors: str, title: str, year: int | None, taken: Container[str]) -> str:
    """A key such as ``mcmurray2019`` that isn't ``taken``; the next for the same author and year ends in ``b``.

    ``authors`` has one author a line, “Family, Given” or a group's name, of which the first word counts.
    Without an author the title's first word that means something stands in.
    """
    first = next((line for line in authors.splitlines() if line.strip()), "")
    name = _word(first.partition(",")[0]) or _word(title) or "source"
    base = f"{name}{year or ''}"
    if base not in taken:
        return base
    letters = (f"{base}{chr(code)}" for code in range(ord("b"), ord("z") + 1))
    free = next((key for key in letters if key not in taken), "")
    number = 2
    while not free:
        key = f"{base}-{number}"
        free = key if key not in taken else ""
        number += 1
    return free


def _word(text: str) -> str:
    """The first word that isn't an article or a preposition, in plain lower-case letters and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=\w)['’-](?=\w)", "", plain))
    return next((word for word in words if word not in _SMALL), "")[:_LONGEST]
