"""A reader's question as what is looked for: each slot one thing asked about, by every word that may name it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles.search_words import Found, Word, aspects, meanings_in, words_of

LONGEST = 1_000
"""Letters of a question that are looked at."""

MOST_SLOTS = 24
"""Things asked about in one question; whoever writes more gets an answer to the first."""

WIDER, INSIDE, WORDS_APART = (0.65, 0.5, 0.4, 0.3), 0.45, 0.35
"""How well a text fits that names something wider, the nearest first; what a part of the words means; or them apart."""

COUNTS = 0.5
"""What fits worse helps to find an article, and isn't counted as speaking of it."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, eq=False)
class Slot:
    """One thing asked about. ``terms``: what may stand in a text for it, and how well that fits, from 0 to 1."""

    written: str
    terms: Mapping[str, float]
    is_number: bool = False
    is_plain: bool = True
    is_aspect: bool = False

    @property
    def best(self) -> list[str]:
        return [term for term, fit in self.terms.items() if fit == 1]


@dataclass(frozen=True)
class Question:
    """``text`` as it was asked, without what can't be shown."""

    text: str
    slots: tuple[Slot, ...]

    @property
    def terms(self) -> list[str]:
        return sorted({term for slot in self.slots for term in slot.terms})


def cleaned(text: str) -> str:
    """One line of what can be shown, cut to the letters that are looked at."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST * 4])
    return _SPACE.sub(" ", shown).strip()[:LONGEST].strip()


def read(text: str) -> Question:
    """The slots of a question; none when it says nothing that could be looked for."""
    text = cleaned(text)
    words = words_of(text)
    slots: dict[tuple[str, ...], Slot] = {}
    for slot in _slots(text, words):
        slots.setdefault(tuple(slot.terms), slot)
    return Question(text, tuple(slots.values())[:MOST_SLOTS])


def _slots(text: str, words: Sequence[Word]) -> Iterator[Slot]:
    runs = {run.first: run for run in meanings_in(words)}
    at = 0
    while at < len(words):
        if at in runs:
            yield _meant(text, words, runs[at])
            at = runs[at].last
            continue
        word = words[at]
        if not word.is_filler:
            written = text[word.start : word.end]
            yield Slot(written, {word.stem: 1.0}, is_number=word.stem[0].isdigit())
        at += 1


def _meant(text: str, words: Sequence[Word], run: Found) -> Slot:
    inside = words[run.first : run.last]
    terms = dict.fromkeys(run.meanings, 1.0)
    if len(inside) == 1 and not inside[0].is_filler:
        terms[inside[0].stem] = 1.0
    for nested in meanings_in(inside, overlapping=True):
        for name in nested.meanings:
            terms.setdefault(name, INSIDE)
    for at, name in enumerate(run.wider):
        terms.setdefault(name, WIDER[min(at, len(WIDER) - 1)])
    if len(inside) > 1:
        for word in inside:
            if not word.is_filler:
                terms.setdefault(word.stem, WORDS_APART)
    is_aspect = aspects().issuperset(run.meanings)
    return Slot(text[inside[0].start : inside[-1].end], terms, is_plain=False, is_aspect=is_aspect)
