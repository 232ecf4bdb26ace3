"""Texts with gaps: where a story's own mark stood, each copy puts its own value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

FIRST_EVENT = 1_000_000_000
FIRST_ROW, APART = 1_100_000_000, 1_000_000
"""A story's rows get numbers that nothing else in any text is, and each table has a million of its own."""

WITHIN_THE_MINUTE = "58.765431"
"""Second and fraction of every time that a story tells of; a copy has its own. Pages show minutes."""

_NUMBER = r"1[0-5]\d{8}"
_MARKS = re.compile(
    r"[0-9a-f]{64}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[Qq]x[a-z]{5}xq"
    rf"|{re.escape(WITHIN_THE_MINUTE)}"
    rf"|(?<![0-9A-Za-z]){_NUMBER}(?![0-9A-Za-z])"
)
_LEFT = re.compile(rf"(?<!\d){_NUMBER}(?!\d)|[Qq]x[a-z]{{5}}xq")


@dataclass(frozen=True)
class Gapped:
    """A text whose gaps are filled from a list of values in one go."""

    form: str
    values: Callable[[Any], tuple[Any, ...]]

    def filled(self, values: list[Any]) -> str:
        return self.form % self.values(values)


def marks_in(text: str) -> list[str]:
    return _MARKS.findall(text)


def gapped(text: str, places: Mapping[str, int]) -> Gapped:
    """``text`` with a gap for each mark; ``places``: which value goes there, or -1 where the mark stays.

    Raises ValueError for a mark that nobody knows: a copy would repeat what must be its own.
    """
    form, used, end = [], [], 0
    for match in _MARKS.finditer(text):
        mark = match.group()
        if mark not in places:
            around = text[max(0, match.start() - 60) : match.end() + 20]
            raise ValueError(f"{mark} is the story's own, and nothing says what a copy has in its place: … {around} …")
        if places[mark] < 0:
            continue
        form += [_static(text[end : match.start()]), "%s"]
        used.append(places[mark])
        end = match.end()
    form.append(_static(text[end:]))
    # Two values without any width, so that the getter always gives a tuple.
    return Gapped("".join([*form, "%.0s%.0s"]), itemgetter(*used, 0, 0))


def _static(text: str) -> str:
    if left := _LEFT.search(text):
        raise ValueError(f"{left.group()} is a story's own mark and would be copied as it is: {text[:200]}")
    return text.replace("%", "%%")
