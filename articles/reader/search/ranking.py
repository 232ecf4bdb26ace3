"""Which passages and which articles answer a question best. Pure: the same whatever database found them.

A slot weighs more the rarer it is. An article is judged by the best place in which it names each slot; the article
whose title is about little else comes first.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from articles.reader.search.questions import COUNTS, Question, Slot
from articles.search_words import MEANING, indexed

TITLE, SHORT, HEADING, TEXT = 1.0, 0.85, 0.6, 0.6
"""What a slot counts where it is named."""

ABOUT_LITTLE_ELSE = 0.25
"""How much of a score is for the part of the title that was asked about."""

NUMBER, UNKNOWN, TOLD_AT_LENGTH, UNTOLD = 0.25, 0.9, 0.5, 2.0
"""A figure seldom decides. A word that no text has counts for the lack of an answer: less so where somebody tells a
story, and all the more where it is a medical meaning that none names."""

ASPECT = 0.5
"""What is asked of a subject makes less of an answer than the subject."""

A_STORY = 12
"""Words of a question from which it tells a story."""

BEING_READ = 0.05
"""What the article that somebody comes from is ahead of others."""

ENOUGH, NEARLY_ALL = 0.5, 0.8
"""The part of a question, by weight, that an article must speak of to be called an answer. See docs/search.md."""

UP_FRONT = 0.2
"""The part that its title or short answer must name, where it doesn't speak of nearly all: what it answers, it says
there."""


_Places = Sequence[tuple[frozenset[str], float]]
"""Words of a text, and what it counts to be named among them."""


@dataclass(frozen=True)
class Candidate:
    """A passage that names something of the question, with what lists show of its page."""

    pk: int
    slug: str
    audience: str
    position: int
    title: str
    short_answer: str
    head_words: frozenset[str]
    words: frozenset[str]
    page: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_first(self) -> bool:
        return self.position == 0


@dataclass(frozen=True)
class Scored:
    """A passage and how well it alone answers."""

    passage: Candidate
    score: float


@dataclass(frozen=True)
class Ranked:
    """An article, its passages from the best on, and which part of the question it speaks of."""

    slug: str
    title: str
    score: float
    covered: float
    up_front: float
    passages: tuple[Scored, ...]
    page: Mapping[str, Any]
    is_read: bool = False

    @property
    def answers(self) -> bool:
        """Whoever is reading the article needn't name its subject again."""
        if self.is_read and self.covered >= ENOUGH:
            return True
        return self.covered >= NEARLY_ALL or (self.covered >= ENOUGH and self.up_front >= UP_FRONT)


def weights(question: Question, counts: Mapping[str, int], total: int) -> dict[Slot, float]:
    """How much each slot decides, by how many passages name it."""
    found = {}
    unknown = TOLD_AT_LENGTH if len(question.text.split()) >= A_STORY else UNKNOWN
    for slot in question.slots:
        standing = max((counts.get(term, 0) for term in slot.best), default=0)
        wider = [counts[term] for term, fit in slot.terms.items() if fit >= COUNTS and counts.get(term)]
        around = standing or min(wider, default=0)
        weight = math.log(1 + (total + 1) / (around + 1))
        if not around:
            weight *= unknown if slot.is_plain else UNTOLD
        found[slot] = weight * (NUMBER if slot.is_number else 1)
    return found


def ranked(candidates: Iterable[Candidate], weighed: Mapping[Slot, float], *, reading: str = "") -> list[Ranked]:
    """Articles from the best on; of two that are about equally good the one being read (``reading``: its slug)."""
    pages: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        pages.setdefault(candidate.slug, []).append(candidate)
    found = [_judged(passages, weighed, is_read=slug == reading) for slug, passages in pages.items()]
    return sorted(found, key=lambda each: (-round(each.score + BEING_READ * each.is_read, 3), each.title, each.slug))


def _judged(passages: Sequence[Candidate], weighed: Mapping[Slot, float], *, is_read: bool) -> Ranked:
    first = passages[0]
    title, short = _indexed(first.title), _indexed(first.short_answer)
    places = [(title, TITLE), (short, SHORT)]
    for each in passages:
        if not each.is_first:
            places += [(each.head_words, HEADING), (each.words, TEXT)]
    named = _share(weighed, places)
    score = (1 - ABOUT_LITTLE_ELSE) * named + ABOUT_LITTLE_ELSE * _asked_about(title, weighed)
    scored = sorted((_passage(each, title, short, weighed) for each in passages), key=_order)
    said = [(title | short | each.head_words | each.words, 1.0) for each in passages]
    return Ranked(
        first.slug,
        first.title,
        score,
        covered=max(_share(weighed, [place], counted=True) for place in said),
        up_front=_share(weighed, [(title | short, 1.0)], counted=True),
        passages=tuple(scored),
        page=first.page,
        is_read=is_read,
    )


def _order(scored: Scored) -> tuple[float, int, int]:
    return (-round(scored.score, 3), scored.passage.position, scored.passage.pk)


def _share(weighed: Mapping[Slot, float], places: _Places, *, counted: bool = False) -> float:
    """The part of the question, by weight, that the places name. ``counted``: so well that it counts as an answer."""
    weights = {slot: weight * (ASPECT if counted and slot.is_aspect else 1) for slot, weight in weighed.items()}
    named = sum(weight * _fit(slot, places, COUNTS if counted else 0) for slot, weight in weights.items())
    return named / (sum(weights.values()) or 1)


def _fit(slot: Slot, places: _Places, least: float) -> float:
    """How well the best of the places names the slot; what fits worse than ``least`` doesn't count."""
    fits = [(term, fit) for term, fit in slot.terms.items() if fit >= least]
    return max((fit * worth for words, worth in places for term, fit in fits if term in words), default=0.0)


def _asked_about(title: frozenset[str], weighed: Mapping[Slot, float]) -> float:
    """The part of a title's words that the question names."""
    own = {word for word in title if not word.startswith(MEANING)} or title
    asked = {term for slot in weighed for term, fit in slot.terms.items() if fit == 1}
    return len(own & asked) / len(own) if own else 0.0


def _passage(each: Candidate, title: frozenset[str], short: frozenset[str], weighed: Mapping[Slot, float]) -> Scored:
    if each.is_first:
        places = [(title, 1.0), (short, 1.0)]
    else:
        places = [(each.words, 1.0), (each.head_words, 0.8), (title, 0.6)]
    return Scored(each, _share(weighed, places))


@lru_cache(maxsize=2_000)
def _indexed(text: str) -> frozenset[str]:
    return frozenset(indexed(text).split())
