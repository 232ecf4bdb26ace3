"""Whether two titles ask the same question, and in words why. No meaning is guessed: words are compared. Pure.

Only everyday words are folded (plurals, endings, “kids” and “children”); medical synonyms are not attempted.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LIKELY = 0.6
"""From this share on two titles are shown as likely the same question."""

BOTH_SIDES = 0.75
"""The share that is asked where each title names something that the other doesn't."""

LONGEST_WORD = 40
MOST_WORDS = 40
COMMON = 2_000
"""Titles with a word from which on it says no less about the question by being more frequent."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STOP = _listed(
    """
    a about after all am an and any are as at be been being between both but by can could did do does doing done during
    each ever for from get give given had has have having how i if in into is it its may me might much must my need of
    on one or our out over own shall should so some such than that the their them then there these they this those to
    too under until up us use used using very was we were what when where whether which while who whom whose why will
    with would you your
    """
)
_AS_IF = {
    **dict.fromkeys(("children", "kid", "paediatric", "pediatric"), "child"),
    **dict.fromkeys(("babies", "baby", "infant", "newborn"), "infant"),
    **dict.fromkeys(("teen", "teenager", "adolescence"), "adolescent"),
    **dict.fromkeys(("elderly", "old", "senior"), "older"),
    **dict.fromkeys(("pregnant", "pregnancies"), "pregnancy"),
    **dict.fromkeys(("lactation", "lactating", "breastfeed", "breast-feeding"), "breastfeeding"),
    **dict.fromkeys(("women", "female"), "woman"),
    **dict.fromkeys(("men", "male"), "man"),
    **dict.fromkeys(("people", "person", "patient", "adult"), "people"),
    **dict.fromkeys(("effective", "efficacy", "effectiveness", "effectively", "useful", "benefit"), "work"),
    **dict.fromkeys(("safety", "safely", "harmful", "dangerous", "danger"), "safe"),
    **dict.fromkeys(("dosage", "dosing"), "dose"),
    **dict.fromkeys(("treatment", "therapy"), "treat"),
    **dict.fromkeys(("prevention", "preventive"), "prevent"),
    **dict.fromkeys(("diagnosis", "diagnoses", "diagnostic"), "diagnose"),
    **dict.fromkeys(("feet",), "foot"),
    **dict.fromkeys(("teeth",), "tooth"),
}
_WEAK = _listed("people work help best good better ideal recommend right take treat really still new adult")
"""They frame a question and seldom decide it."""

_WHOM = _listed("child infant adolescent older pregnancy breastfeeding woman man")
"""Whom it is about: a question about others is another one."""

_MOTHERS = frozenset({"pregnancy", "breastfeeding"})
_ASPECTS = _listed("safe work dose cost diagnose treat prevent cause symptom screen")
"""What it asks about its subject."""

_OPPOSITES = tuple(
    frozenset(pair.split("/"))
    for pair in _listed(
        "start/stop high/low raise/lower increase/decrease before/after acute/chronic early/late with/without "
        "prevent/cause hot/cold morning/evening gain/loss upper/lower oral/intravenous mild/severe first/second "
        "short/long more/less always/never hyper/hypo left/right wet/dry active/passive brand/generic"
    )
)
_KEPT = frozenset(word for pair in _OPPOSITES for word in pair)
_LOST_E = re.compile(r"(?:[^aeo]at|uc|os|aus|eas|ais|iz|ag|ur)$")
"""What is left of a verb whose own “e” went with its ending: “diagnos” of “diagnosed”."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Likeness:
    """``score`` is the shared weight's part of the whole, 0 where ``differs`` names what sets the questions apart."""

    score: float
    shared: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    likely: bool = False


def words(title: str) -> frozenset[str]:
    """The words that a question is compared by: without accents, stop words and endings."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("’s", "").replace("'s", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = [_folded(word) for word in _WORD.findall(plain) if word in _KEPT or word not in _STOP]
    return frozenset(word[:LONGEST_WORD] for word in found[:MOST_WORDS] if word)


def telling(found: frozenset[str]) -> frozenset[str]:
    """Of a question's words those by which others like it can be looked for."""
    return found - _WEAK - _KEPT or found


def compare(one: frozenset[str], other: frozenset[str], *, known: Mapping[str, int] | None = None) -> Likeness:
    """How alike two questions' ``words`` are; ``known``: in how many titles a word stands, to weigh rare ones more."""
    shared, here, there = one & other, one - other, other - one
    differs = _what_differs(one, other)
    if differs or not shared:
        return Likeness(0.0, tuple(sorted(shared)), differs)
    weights = [sum(_weight(word, known or {}) for word in part) for part in (shared, here, there)]
    score = weights[0] / sum(weights)
    apart = bool(here - _WEAK) and bool(there - _WEAK)
    enough = BOTH_SIDES if apart else LIKELY
    return Likeness(score, tuple(sorted(shared)), tuple(sorted(here ^ there)), score >= enough)


def _what_differs(one: frozenset[str], other: frozenset[str]) -> tuple[str, ...]:
    """The words that make another question of it: whom it is about, a number, an opposite, what is asked."""
    apart = one ^ other
    if one & other & _MOTHERS:
        apart -= {"woman"}
    whom = {word for word in apart if word in _WHOM or any(letter.isdigit() for letter in word)}
    opposite = {word for pair in _OPPOSITES if len(pair & one) == len(pair & other) == 1 for word in pair & apart}
    asks, asked = one & _ASPECTS, other & _ASPECTS
    aspects = asks | asked if asks and asked and not asks & asked else frozenset()
    return tuple(sorted({*whom, *opposite, *aspects}))


def _weight(word: str, known: Mapping[str, int]) -> float:
    """1 for a word that stands in many titles, 2 for one that stands in few, a third for one that only frames."""
    if word in _WEAK:
        return 1 / 3
    return 2 - min(known.get(word, 0), COMMON) / COMMON


def _folded(word: str) -> str:
    """The word without its ending, and everyday words as one."""
    if word in _AS_IF:
        return _AS_IF[word]
    if word in _KEPT:
        return word
    word = _AS_IF.get(_singular(word), _singular(word))
    return _AS_IF.get(stem := _without_ending(word), stem)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3 and not word.endswith("eed") and re.search(r"[aeiouy]", stem):
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem + "e" * bool(_LOST_E.search(stem))
    return word
