"""What a mistyped word was meant to be, among words that published titles and short answers use. Pure."""

import re
from collections.abc import Iterable, Mapping

from articles.reader.search.questions import Question
from articles.search_words import fillers, known_words
from articles.search_words.stems import plain

SHORTEST, TELLING, LONG = 4, 6, 8
"""A word of so many letters may be mistyped by one among published words, among all known words, or by two."""

_WORD = re.compile(r"[^\W\d_]+")


def unknown(question: Question, counts: Mapping[str, int]) -> list[str]:
    """Words as they were typed that no passage has."""
    words = [slot.written for slot in question.slots if slot.is_plain and not any(counts.get(t) for t in slot.terms)]
    return [word for word in words if len(word) >= SHORTEST and word.isalpha() and plain(word) not in known_words()]


def words_in(texts: Iterable[str]) -> set[str]:
    return {plain(word) for text in texts for word in _WORD.findall(text) if len(word) >= SHORTEST}


def mended(text: str, wrong: Iterable[str], known: Iterable[str]) -> str:
    """``text`` with each wrong word replaced by the nearest known one, if one is near enough."""
    published = {word for word in known if word not in fillers()}
    for typed in wrong:
        words = published if len(typed) < TELLING else published | known_words()
        if better := nearest(plain(typed), words):
            text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", better, text)
    return text


def nearest(typed: str, words: Iterable[str]) -> str:
    """The word that differs least; empty when none differs by few enough letters."""
    allowed = 2 if len(typed) >= LONG else 1
    near = [(distance(typed, word, allowed), word) for word in words if abs(len(word) - len(typed)) <= allowed]
    best = min(((far, typed[0] != word[0], word) for far, word in near if far <= allowed), default=None)
    return best[2] if best else ""


def distance(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour; ``most`` + 1 for whatever is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before = before, row
        row = [i]
        for j, there in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)
