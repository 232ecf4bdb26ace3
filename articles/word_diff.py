"""Which words differ between two texts, and the few around them that a person needs to read. Pure.

Paragraphs are matched first, then words inside those that differ. A long stretch is anchored on words that
stand once on each side and cut there, so that 200 kB take well under a second.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["equal", "insert", "delete"]

CONTEXT = 12
"""Words that are shown on each side of a change."""

_SMALL = 40_000
"""Up to this product of two lengths the exact matcher is quick enough, whatever the words."""

_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t]*\n))+(?:\n[ \t]*)*|(?:\n[ \t]*)+")
_WORD = re.compile(r"\s+|\[@[^\[\]\n]{1,500}\]|\d+(?:[.,]\d+)*|[^\W\d]+(?:['’-][^\W\d]+)*|.", re.DOTALL)
_MARKS = {"\n": "¶\n", "\t": "⇥", " ": "␣", "\u00a0": "⟨no-break space⟩", "\u202f": "⟨narrow no-break space⟩"}


@dataclass(frozen=True)
class Run:
    """Words that both texts have, or only one of them."""

    kind: Kind
    text: str

    @property
    def shown(self) -> str:
        """The text with what can't be seen spelled out: controls always, blanks where they are the change."""
        blank = self.kind != "equal" and self.text.isspace()
        return "".join(_MARKS.get(c, _spelled(c)) if blank else _spelled(c) for c in self.text)


Hunk = tuple[Run, ...]


def words(before: str, after: str) -> tuple[Run, ...]:
    """Both texts as one sequence: equal and deleted runs join to ``before``, equal and inserted to ``after``."""
    raw: list[Run] = []
    a, b = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    for i1, i2, j1, j2 in _blocks(a, b):
        old, new = "".join(a[i1:i2]), "".join(b[j1:j2])
        if old == new:
            raw.append(Run("equal", old))
        else:
            raw.extend(_word_runs(tokens(old), tokens(new)))
    return tuple(_joined(raw))


def tokens(text: str) -> list[str]:
    """Words, numbers, single signs and stretches of blanks; joined they are the text."""
    return _WORD.findall(text)


def hunks(runs: Sequence[Run], *, context: int = CONTEXT) -> tuple[Hunk, ...]:
    """The changes with ``context`` words around each; those that lie close together share a hunk."""
    found: list[Hunk] = []
    current: list[Run] = []
    last = len(runs) - 1
    for place, run in enumerate(runs):
        if run.kind != "equal":
            current.append(run)
            continue
        parts = _WORD.findall(run.text)
        room = 2 * context
        if place not in (0, last) and len(parts) <= 2 * room:
            current.append(run)
            continue
        if place > 0:
            head = "".join(parts[:room])
            found.append((*current, Run("equal", f"{head.rstrip()} …" if len(parts) > room else head)))
            current = []
        if place < last:
            tail = "".join(parts[-room:])
            current = [Run("equal", f"… {tail.lstrip()}" if len(parts) > room else tail)]
    if any(run.kind != "equal" for run in current):
        found.append(tuple(current))
    return tuple(hunk for hunk in found if any(run.kind != "equal" for run in hunk))


def _word_runs(a: list[str], b: list[str]) -> Iterator[Run]:
    for i1, i2, j1, j2 in _blocks(a, b):
        if a[i1:i2] == b[j1:j2]:
            yield Run("equal", "".join(a[i1:i2]))
            continue
        if i1 < i2:
            yield Run("delete", "".join(a[i1:i2]))
        if j1 < j2:
            yield Run("insert", "".join(b[j1:j2]))


def _joined(raw: Sequence[Run]) -> Iterator[Run]:
    """Neighbours in one run; a blank that parts two changes belongs to both, so that phrases stay whole."""
    old, new, equal = "", "", ""
    for place, run in enumerate(raw):
        if run.kind == "equal":
            between = (old or new) and run.text.isspace() and "\n" not in run.text and place + 1 < len(raw)
            if between and raw[place + 1].kind != "equal":
                old, new = old + run.text, new + run.text
                continue
            yield from _changed(old, new)
            old, new, equal = "", "", equal + run.text
            continue
        if equal:
            yield Run("equal", equal)
            equal = ""
        old += run.text if run.kind == "delete" else ""
        new += run.text if run.kind == "insert" else ""
    yield from _changed(old, new)
    if equal:
        yield Run("equal", equal)


def _changed(old: str, new: str) -> Iterator[Run]:
    if old:
        yield Run("delete", old)
    if new:
        yield Run("insert", new)


_Block = tuple[int, int, int, int]


def _blocks(a: Sequence[str], b: Sequence[str]) -> list[_Block]:
    """Stretches of both in order, each equal on both sides or different; together they cover all."""
    done: list[_Block] = []
    waiting: list[tuple[_Block, bool]] = [((0, len(a), 0, len(b)), False)]
    while waiting:
        (i1, i2, j1, j2), settled = waiting.pop()
        if settled or i1 == i2 or j1 == j2:
            if i1 < i2 or j1 < j2:
                done.append((i1, i2, j1, j2))
            continue
        waiting.extend(reversed(_split(a, b, (i1, i2, j1, j2))))
    return done


def _split(a: Sequence[str], b: Sequence[str], block: _Block) -> list[tuple[_Block, bool]]:
    """The block cut into smaller ones; True marks those that need no further look."""
    i1, i2, j1, j2 = block
    head = _common(a[i1:i2], b[j1:j2])
    tail = _common(a[i1 + head : i2][::-1], b[j1 + head : j2][::-1])
    if head or tail:
        middle = (i1 + head, i2 - tail, j1 + head, j2 - tail)
        return [
            ((i1, i1 + head, j1, j1 + head), True),
            (middle, middle[0] == middle[1] or middle[2] == middle[3]),
            ((i2 - tail, i2, j2 - tail, j2), True),
        ]
    if (i2 - i1) * (j2 - j1) <= _SMALL:
        codes = SequenceMatcher(None, a[i1:i2], b[j1:j2], autojunk=False).get_opcodes()
        return [((i1 + p, i1 + q, j1 + r, j1 + s), True) for _tag, p, q, r, s in codes]
    anchors = _anchors(a[i1:i2], b[j1:j2])
    if not anchors:
        return [(block, True)]
    parts: list[tuple[_Block, bool]] = []
    i, j = i1, j1
    for p, q in anchors:
        parts += [((i, i1 + p, j, j1 + q), False), ((i1 + p, i1 + p + 1, j1 + q, j1 + q + 1), True)]
        i, j = i1 + p + 1, j1 + q + 1
    return [*parts, ((i, i2, j, j2), False)]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many leading items are the same."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of items that stand once on each side, as many as keep their order (patience sorting)."""
    at_a, at_b = _once(a), _once(b)
    pairs = [(place, at_b[item]) for item, place in at_a.items() if item in at_b]
    ends: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_place, other) in enumerate(pairs):
        pile = bisect_left(ends, other)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(other)
            piles.append(number)
        else:
            ends[pile], piles[pile] = other, number
    chain: list[tuple[int, int]] = []
    number = piles[-1] if piles else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _once(items: Sequence[str]) -> dict[str, int]:
    """Items that occur once, in order, with their place."""
    seen: dict[str, int] = {}
    for place, item in enumerate(items):
        seen[item] = -1 if item in seen else place
    return {item: place for item, place in seen.items() if place >= 0}


def _spelled(character: str) -> str:
    """Controls and marks that nobody sees, such as zero-width spaces and changes of direction, by number."""
    if unicodedata.category(character) in ("Cf", "Cc", "Co", "Zl", "Zp") and character not in "\n\t":
        return f"⟨U+{ord(character):04X}⟩"
    return character
