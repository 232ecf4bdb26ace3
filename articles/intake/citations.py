"""Citation markers in a manuscript: bracketed numbers and numbers that lost their brackets. Pure.

Pages lose the brackets or the superscript of a citation when their text is copied: "… less pain 2, 3." A
number is read as a citation only where its place in the sentence and the words around it leave no better
reading; what stays doubtful is left alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.intake import cues
from articles.intake.manuscript import Marker

MAX_RANGE = 30
MAX_NUMBERS = 40
GAP = 4  # how far beyond the last known number a further citation may lie

_NUMBER = r"[1-9]\d{0,2}"
_LIST = rf"{_NUMBER}(?:(?:[,;]\s?|\s?[-–]\s?){_NUMBER}(?![\d.]\d|\d))*+"
_BRACKETED = re.compile(rf"\[(?P<list>\s?{_LIST}\s?)\](?![(:])")
_NUMBERS_BRACKETED = re.compile(r"\[[\d,;\s–-]+\]$")
_RAISED = "⁰¹²³⁴-⁹"
_SUPERSCRIPT = re.compile(
    rf"(?<![{_RAISED}])(?P<list>[¹²³⁴-⁹][{_RAISED}]{{0,2}}"
    rf"(?:[,˒⸴ʼ’⁻–-] ?[¹²³⁴-⁹][{_RAISED}]{{0,2}})*+)(?![{_RAISED}])"
)
_BARE = re.compile(rf"(?<=\s)(?P<list>{_LIST})(?=[.;:!?,]?(?:\s|$)|[.;:!?,]?[)”\"’](?:\s|$|[.,;]))")
_GLUED = re.compile(rf"(?<=[a-z)][.,;])(?P<list>{_LIST})(?=\s+[A-Z(“]|\s*$)")
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒⸴ʼ’–", "0123456789-,,,,-")


@dataclass(frozen=True)
class Found:
    """A marker's place in a line, its numbers, and whether brackets stood around it."""

    start: int
    end: int
    numbers: tuple[int, ...]
    confirmed: bool


def numbers_of(text: str) -> tuple[int, ...]:
    """``2, 5-7`` as ``(2, 5, 6, 7)``; empty when a range runs backwards or the list is too long."""
    found: list[int] = []
    parts = re.split(r"[,;]", text)
    for part in parts if len(parts) <= MAX_NUMBERS else ():
        ends = [int(end) for end in re.split(r"[-–]", part) if end.strip()]
        if not ends or len(ends) > 2 or not 0 <= ends[-1] - ends[0] <= MAX_RANGE:
            return ()
        found += range(ends[0], ends[-1] + 1)
        if len(found) > MAX_NUMBERS:
            return ()
    return tuple(dict.fromkeys(found))


def bracketed(text: str) -> Iterator[Found]:
    """Every ``[2]``, ``[2, 3]`` and ``[2-4]`` that isn't a link, an escape or a confidence interval."""
    for match in _BRACKETED.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if before.endswith("\\") or (before.endswith("]") and not _NUMBERS_BRACKETED.search(before)):
            continue
        if (numbers := numbers_of(match["list"])) and not cues.is_interval(before):
            yield Found(match.start(), match.end(), numbers, confirmed=True)


def bound_of(lines: Iterable[str], reference_count: int) -> int:
    """The largest number a citation may have: grown from the reference list by what stands at clause ends."""
    certain: set[int] = set()
    for text in lines:
        certain.update(number for found in bracketed(text) for number in found.numbers)
        for match in _BARE.finditer(text):
            if _at_clause_end(text, match.end()) and _reads_as_citation(text, match):
                certain.update(numbers_of(match["list"]))
    bound = reference_count
    for number in sorted(certain):
        if number > bound + GAP:
            break
        bound = max(bound, number)
    return bound


def find(text: str, bound: int) -> list[Found]:
    """Every citation of one line, in order; numbers over ``bound`` are left alone unless bracketed."""
    found = list(bracketed(text))
    found += [Found(match.start("list"), match.end("list"), numbers, False) for match, numbers in _lost(text, bound)]
    found.sort(key=lambda item: item.start)
    apart: list[Found] = []
    for item in found:
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart


def marker(numbers: Iterable[int], keys: dict[int, str]) -> tuple[tuple[str, ...], str]:
    """The keys of some numbers and their Markdown; a number without a reference gets the key ``refN``."""
    named = tuple(keys.get(number, f"ref{number}") for number in numbers)
    return named, "[" + "; ".join(f"@{key}" for key in named) + "]"


def as_marker(text: str, found: Found, keys: dict[int, str], line: int) -> Marker:
    """``found`` as the manuscript lists it, with the words around it."""
    named, _ = marker(found.numbers, keys)
    return Marker(found.numbers, named, around(text, found.start, found.end), found.confirmed, line)


def around(text: str, start: int, end: int, width: int = 60) -> str:
    """The words around a marker, cut at spaces."""
    left, right = max(0, start - width), min(len(text), end + width // 2)
    before, after = text[left:start], text[end:right]
    if left and " " in before:
        before = "…" + before.split(" ", 1)[1]
    if right < len(text) and " " in after:
        after = after.rsplit(" ", 1)[0] + "…"
    return f"{before}{text[start:end]}{after}".strip()


def _lost(text: str, bound: int) -> Iterator[tuple[re.Match[str], tuple[int, ...]]]:
    for match in _BARE.finditer(text):
        numbers = numbers_of(match["list"])
        if numbers and max(numbers) <= bound and _reads_as_citation(text, match):
            yield match, numbers
    for match in _GLUED.finditer(text):
        numbers = numbers_of(match["list"])
        if numbers and max(numbers) <= bound and cues.ends_a_sentence(text[max(0, match.start() - 40) : match.start()]):
            yield match, numbers
    for match in _SUPERSCRIPT.finditer(text):
        numbers = numbers_of(match["list"].translate(_DIGITS))
        if (
            numbers
            and max(numbers) <= bound
            and cues.carries_superscript(text[max(0, match.start() - 40) : match.start()])
        ):
            yield match, numbers


def _at_clause_end(text: str, end: int) -> bool:
    return text[end : end + 1] in '.;:!?,)”"’'


def _reads_as_citation(text: str, match: re.Match[str]) -> bool:
    if _THOUSANDS.search(match["list"]):
        return False
    before = cues.Before.of(text[max(0, match.start() - 100) : match.start()])
    after = text[match.end() : match.end() + 60]
    if _at_clause_end(text, match.end()):
        return before.allows_at_clause_end(after)
    return before.allows_mid_sentence(after, several=len(numbers_of(match["list"])) > 1)
