"""What search compares: the words of a text and of a question, with lay and clinical words for one thing as one. Pure.

A text is indexed by its words' stems, and besides by the meanings of ``lay_words.txt`` that are named in it. So
both databases compare plain words, and find the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from articles.search_words.stems import plain, stem

MEANING = "zq"
"""Begins what stands for a meaning, as no word does."""

MOST_WORDS = 3_000
"""Of one text; what comes later isn't found."""

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A word where it stands in a text."""

    start: int
    end: int
    stem: str
    is_filler: bool


@dataclass(frozen=True)
class Found:
    """What a run of words means: the names of meanings, the nearer first, and where the run stands."""

    first: int
    last: int
    meanings: tuple[str, ...]
    wider: tuple[str, ...]


def words_of(text: str) -> list[Word]:
    found = []
    for match in _WORD.finditer(text):
        own = _POSSESSIVE.sub("", match.group())
        letters = "".join(letter for letter in plain(own) if letter.isalnum())
        if letters:
            found.append(Word(match.start(), match.end(), stem(letters), letters in fillers()))
        if len(found) == MOST_WORDS:
            break
    return found


def indexed(text: str) -> str:
    """What the databases index of a text: stems and meanings, separated by spaces."""
    words = words_of(text)
    stems = [word.stem for word in words if not word.is_filler]
    named = [name for run in meanings_in(words, overlapping=True) for name in (*run.meanings, *run.wider)]
    return " ".join((*stems, *named))


def meanings_in(words: Sequence[Word], *, overlapping: bool = False) -> Iterator[Found]:
    """Runs of words with a meaning, the longest first at each place; ``overlapping``: those inside them too."""
    known, at = table(), 0
    while at < len(words):
        hits = [
            Found(at, end, *known[run])
            for end in range(min(len(words), at + longest_run()), at, -1)
            if (run := tuple(word.stem for word in words[at:end])) in known
        ]
        yield from hits if overlapping else hits[:1]
        at = hits[0].last if hits and not overlapping else at + 1


@cache
def fillers() -> frozenset[str]:
    return frozenset(" ".join(_lines("fillers.txt")).split())


@cache
def longest_run() -> int:
    return max(map(len, table()))


@cache
def table() -> dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each run of stems what it means, and what is meant more widely."""
    lines = {name: (phrases, above) for name, phrases, above in map(_read, _lines("lay_words.txt"))}
    found: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for name, (phrases, _above) in lines.items():
        wider = tuple(MEANING + each for each in _above_all(name, lines))
        for phrase in phrases:
            run = tuple(word.stem for word in words_of(phrase))
            meanings, others = found.get(run, ((), ()))
            found[run] = (_joined(meanings, (MEANING + name,)), _joined(others, wider))
    return found


@cache
def aspects() -> frozenset[str]:
    """Meanings that are asked of a subject, and are none."""
    return frozenset(MEANING + line[1:].partition(":")[0] for line in _lines("lay_words.txt") if line.startswith("?"))


@cache
def known_words() -> frozenset[str]:
    """Every word that the table uses, as it is written: what a mistyped word may have meant."""
    phrases = (phrase for _name, phrases, _above in map(_read, _lines("lay_words.txt")) for phrase in phrases)
    return frozenset(word for phrase in phrases for word in plain(phrase).split() if len(word) > 3)


def _above_all(name: str, lines: dict[str, tuple[list[str], list[str]]]) -> list[str]:
    """What is meant more widely, at any distance, the nearest first."""
    found: list[str] = []
    waiting = list(lines[name][1])
    while waiting:
        each = waiting.pop(0)
        if each != name and each not in found:
            found.append(each)
            waiting.extend(lines[each][1])
    return found


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _read(line: str) -> tuple[str, list[str], list[str]]:
    name, _, rest = line.partition(":")
    phrases, _, above = rest.partition(">")
    return name.strip().removeprefix("?"), _listed(phrases), _listed(above)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
