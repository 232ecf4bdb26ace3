"""Whether two texts differ in spacing, punctuation and capitals alone, where those can't change the meaning. Pure.

A whitelist: what isn't known to be harmless is a fault. In short:

- Blanks between words may differ in kind and number; words are never joined or parted.
- A comma, bracket or dash may come or go between plain words of a sentence without a negation. A plain word has
  letters alone and names no number, unit or negation.
- A full stop, colon or semicolon also needs sentences without a number, a unit or a condition, or the end of a
  paragraph. Question and exclamation marks never change; quotation marks change in their shape alone.
- The first letter of a plain word may change its case when four letters or more and none of ``AMBIGUOUS``, or
  one of ``SHORT``; the rest of the word is in lower case.
- Structure, emphasis, links, code and citations are the same.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.loaded_words import (
    ABBREVIATIONS,
    AMBIGUOUS,
    SHORT,
    is_condition,
    is_measure,
    is_negation,
)
from articles.text_items import BLANK, OUTER, STOPS, Item, markdown_items, plain_items
from articles.word_diff import hunks, words

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_DASHES = str.maketrans({"–": "-", "—": "-"})
_PLAIN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

Why = Literal["words", "capitals", "beside", "sentence", "marks", "quotes", "structure", "citations", "language"]


@dataclass(frozen=True)
class Fault:
    """One passage, before and after, that is more than typography, and why."""

    before: str
    after: str
    why: Why


def faults(before: str, after: str, *, markdown: bool, english: bool) -> list[Fault]:
    """What makes the difference more than typographic; empty when nothing does.

    The lists of words are English: in another language blanks alone may differ.
    """
    if before == after:
        return []
    read = markdown_items if markdown else plain_items
    old, new = read(before), read(after)
    if len(old) != len(new) or not all(_alike(a, b) for a, b in zip(old, new, strict=True)):
        return list(_passages(before, after, _reason(old, new)))
    if _letters(before) != _letters(after):
        return list(_passages(before, after, "structure"))
    found = list(_judged(old, new))
    if not found and not english and not _is_only_spaced(old, new):
        return list(_passages(before, after, "language"))
    return found


def _is_only_spaced(old: Sequence[Item], new: Sequence[Item]) -> bool:
    pairs = list(zip(old, new, strict=True))
    return all(a.text == b.text and _spaceless(a.gap) == _spaceless(b.gap) for a, b in pairs)


def _alike(a: Item, b: Item) -> bool:
    """The same mark, or words that differ in case and shape of apostrophe at most."""
    if a.kind != b.kind:
        return False
    return a.text == b.text or (a.kind == "word" and _folded(a.text) == _folded(b.text))


def _folded(word: str) -> str:
    return word.translate(_QUOTES).casefold()


def _letters(text: str) -> str:
    """All that whitespace, punctuation and capitals leave: the second belt, over the text as written."""
    return "".join(c for c in text if c not in BLANK and c not in OUTER and c not in "-–—").casefold()


def _reason(old: Sequence[Item], new: Sequence[Item]) -> Why:
    if [_folded(i.text) for i in old if i.kind == "word"] != [_folded(i.text) for i in new if i.kind == "word"]:
        return "words"
    same_citations = [i.text for i in old if i.kind == "citation"] == [i.text for i in new if i.kind == "citation"]
    marks = [[(i.kind, i.text) for i in side if i.kind in ("block", "inline")] for side in (old, new)]
    return "structure" if same_citations and marks[0] != marks[1] else "citations"


def _passages(before: str, after: str, why: Why) -> Iterator[Fault]:
    """Each stretch that differs, with three words around it; of words, those where one differs."""
    found = []
    for hunk in hunks(words(before, after), context=3):
        old = "".join(run.shown for run in hunk if run.kind != "insert")
        new = "".join(run.shown for run in hunk if run.kind != "delete")
        found.append((old, new))
    worded = [pair for pair in found if _words_of(pair[0]) != _words_of(pair[1])]
    for old, new in (worded if why == "words" else []) or found:
        yield Fault(_short(old), _short(new), why)


def _words_of(text: str) -> list[str]:
    return [_folded(item.text) for item in plain_items(text) if item.kind == "word"]


def _judged(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Fault]:
    """Faults of two sequences that are alike, item by item."""
    sentences = [_sentences(side) for side in (old, new)]
    for place, (a, b) in enumerate(zip(old, new, strict=True)):
        why = _word_fault(a.text, b.text) if a.kind == "word" else None
        before = old[place - 1] if place else Item("", "", "block")
        touched = [s[p] for s in sentences for p in (place - 1, place) if p >= 0 and old[p].kind != "block"]
        why = why or _gap_fault(a.gap, b.gap, before, a, touched)
        if why:
            yield Fault(_around(old, place), _around(new, place), why)


def _word_fault(a: str, b: str) -> Why | None:
    if a == b:
        return None
    if not _is_plain(a) or not _is_plain(b):
        return "beside"
    a, b = a.translate(_QUOTES), b.translate(_QUOTES)
    if a == b:
        return None
    known = len(a) >= 4 and a.lower() not in AMBIGUOUS
    lower, upper = (a, b) if a[0].islower() else (b, a)
    only_first = a[1:] == b[1:] and a[1:].islower() and upper[0].lower() == lower[0]
    return None if only_first and (known or a.lower() in SHORT) else "capitals"


def _gap_fault(a: str, b: str, left: Item, right: Item, sentences: Sequence["_Sentence"]) -> Why | None:
    """What is wrong with this change of what stands between two items."""
    if _collapsed(a) == _collapsed(b):
        return None
    spaceless = _spaceless(a) == _spaceless(b)
    if spaceless and "citation" in (left.kind, right.kind) and not _spaceless(a):
        return None
    if _is_bound(left) or _is_bound(right):
        return "beside"
    if spaceless:
        return None
    if left.kind == right.kind == "block":
        return "marks"
    return _punctuation_fault(_spaceless(a), _spaceless(b), {left.kind, right.kind}, sentences)


def _punctuation_fault(a: str, b: str, kinds: set[str], sentences: Sequence["_Sentence"]) -> Why | None:
    if {"?", "!"} & {*a, *b}:
        return "marks"
    plain_a, plain_b = (text.translate(_QUOTES).translate(_DASHES) for text in (a, b))
    if [c for c in plain_a if c in "\"'"] != [c for c in plain_b if c in "\"'"]:
        return "quotes"
    if plain_a == plain_b:
        return None
    if "block" in kinds:
        return None
    if any(sentence.negated for sentence in sentences):
        return "sentence"
    stops = [[c for c in text if c in STOPS] for text in (plain_a, plain_b)]
    return "sentence" if stops[0] != stops[1] and any(sentence.bound for sentence in sentences) else None


def _collapsed(gap: str) -> str:
    return " ".join(re.split(f"[{BLANK}]+", gap))


def _spaceless(gap: str) -> str:
    return "".join(c for c in gap if c not in BLANK)


def _is_bound(item: Item) -> bool:
    """Punctuation beside it must not move."""
    return item.kind in ("inline", "citation") or (item.kind == "word" and not _is_plain(item.text))


def _is_plain(word: str) -> bool:
    """Letters with hyphens and apostrophes inside; no number, unit or negation, and no lone letter but “a”, “I”."""
    alone = len(word) == 1 and word not in ("a", "A", "I")
    letters = "".join(c for c in word if not unicodedata.combining(c))
    return bool(_PLAIN.fullmatch(letters)) and not alone and not is_measure(word) and not is_negation(word)


@dataclass
class _Sentence:
    negated: bool = False
    bound: bool = False


def _sentences(items: Sequence[Item]) -> list[_Sentence]:
    """For each item the sentence it stands in. A doubtful full stop ends none."""
    found: list[_Sentence] = []
    current = _Sentence()
    for place, item in enumerate(items):
        before = items[place - 1].text if place else ""
        if item.kind == "block" or _ends_sentence(item.gap, before, item.text):
            current = _Sentence()
        if item.kind == "word":
            current.negated = current.negated or is_negation(item.text)
            current.bound = current.bound or is_condition(item.text) or not _is_plain(item.text)
        found.append(current)
    return found


def _ends_sentence(gap: str, before: str, after: str) -> bool:
    stopped = re.search(rf"[.?!…][\"'”’)]*[{BLANK}]", gap)
    return bool(stopped) and after[:1].isupper() and before.lower() not in ABBREVIATIONS and "." not in before


def _around(items: Sequence[Item], place: int) -> str:
    """The words around a place, as they were written."""
    shown = ""
    for number in range(max(0, place - 3), min(len(items), place + 3)):
        item = items[number]
        if item.kind == "block":
            shown = "" if number < place else shown + (item.gap if number == place else "")
            if number > place:
                break
            continue
        shown += item.gap + ("" if item.kind == "inline" else item.text)
    return _short(shown)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else f"{text[:58]} … {text[-58:]}"
