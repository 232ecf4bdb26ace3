"""Passages of a text: finding a quote again, and putting a suggested change in its place. Pure.

A quote is matched without regard to spaces and line ends, as browsers copy them differently.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

LONGEST = 2_000
"""Characters of a quote: a passage, not a text."""

_BLOCKS = frozenset(
    [
        "section",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "pre",
        "blockquote",
        "hr",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
    ]
)


class PassageError(ValueError):
    """A passage that can't be found or changed; the message says what to do."""


@dataclass(frozen=True)
class Anchor:
    """The ``position``-th occurrence, from 0, of ``quote`` in ``place`` (a variant, the title, the short answer)."""

    place: str
    quote: str
    position: int


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> str:
    """The words of a page as a reader copies them, the numbers of citations included."""
    words = _Words()
    words.feed(html)
    words.close()
    return " ".join("".join(words.parts).split())


def occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Where ``quote`` stands in ``text``, as spans; overlapping ones count each."""
    wanted = "".join(quote.split())
    if not wanted:
        return []
    squeezed, places = _squeezed(text)
    found, start = [], squeezed.find(wanted)
    while start >= 0:
        found.append((places[start], places[start + len(wanted) - 1] + 1))
        start = squeezed.find(wanted, start + 1)
    return found


@lru_cache(maxsize=16)
def _squeezed(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without spaces, and where each of its letters stands in the text."""
    places = tuple(place for place, letter in enumerate(text) if not letter.isspace())
    return "".join(text[place] for place in places), places


def stands(texts: Mapping[str, str], anchor: Anchor) -> bool:
    """Whether the quote still stands where it was found, however often."""
    return bool(occurrences(texts.get(anchor.place, ""), anchor.quote))


def find(texts: Mapping[str, str], quote: str, *, place: str = "", position: int | None = None) -> Anchor:
    """Anchor ``quote`` in one of ``texts``. Raises PassageError when it isn't there, or could be several.

    ``place`` and ``position``, where known, say which occurrence is meant.
    """
    if not quote.strip():
        raise PassageError("Copy the passage that you mean into the form.")
    if len(quote) > LONGEST:
        raise PassageError(f"This passage has {len(quote)} characters; take at most {LONGEST}.")
    if place and place not in texts:
        raise PassageError("This text has no such part. Open the page again.")
    searched = [place] if place else list(texts)
    found = [(name, number, span) for name in searched for number, span in enumerate(occurrences(texts[name], quote))]
    if not found:
        raise PassageError("This passage isn't in the text. Copy it word for word from the page.")
    if position is not None and place:
        found = [one for one in found if one[1] == position]
        if not found:
            raise PassageError("It doesn't stand that often in the text. Mark the passage again.")
    if len(found) > 1:
        raise PassageError(
            f"These words stand {len(found)} times in the text. Copy a few more, so that it is clear which are meant."
        )
    name, number, (start, end) = found[0]
    return Anchor(name, " ".join(texts[name][start:end].split()), number)


def replaced(source: str, anchor: Anchor, replacement: str, *, now: int, then: int) -> str:
    """``source``, Markdown or plain, with the replacement in place of exactly the anchored occurrence.

    ``now`` and ``then`` are how often the quote stands in the words of the text as it is and as it was when
    the comment was made. Raises PassageError unless all agree: else another occurrence might be changed.
    """
    pattern = re.compile(r"\s+".join(re.escape(word) for word in anchor.quote.split()))
    starts = [found.start() for found in re.finditer(f"(?={pattern.pattern})", source)]
    if not starts:
        raise PassageError(
            "The passage can't be found word for word: it stands across formatting or citations, or was changed. "
            "Make this change by hand, then resolve the comment."
        )
    if not len(starts) == now == then or anchor.position >= now:
        raise PassageError(
            "It isn't certain any more which occurrence of the passage is meant. "
            "Make this change by hand, then resolve the comment."
        )
    found = pattern.match(source, starts[anchor.position])
    if found is None:
        raise PassageError("The passage can't be found. Make this change by hand.")
    return source[: found.start()] + replacement + source[found.end() :]
