"""Marks in a text what was asked about, and cuts it to the part where most of it stands. Pure; gives safe HTML."""

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.reader.search.questions import Slot
from articles.search_words import Word, meanings_in, words_of

WHOLE, AROUND = 65, 40
"""A text of so many words is shown whole, as every short answer; of a longer one so many are."""

_CLOSED_BY = ".!?"


def marked(text: str, slots: Iterable[Slot]) -> SafeString:
    """All of ``text``."""
    words = words_of(text)
    return _html(text, 0, len(text), words, _hits(words, slots))


def snippet(text: str, slots: Iterable[Slot]) -> SafeString:
    """The part of ``text`` in which most of what was asked about stands, from the beginning of a sentence if near."""
    words = words_of(text)
    hits = _hits(words, slots)
    if len(words) <= WHOLE:
        return _html(text, 0, len(text), words, hits)
    first = min(_begin(text, words, hits), len(words) - AROUND)
    last = min(first + AROUND, len(words))
    start = words[first].start if first else 0
    end = words[last - 1].end if last < len(words) else len(text)
    shown = _html(text, start, end, words, hits)
    before, after = "… " if first else "", " …" if last < len(words) else ""
    return mark_safe(f"{before}{shown}{after}")


def _hits(words: Sequence[Word], slots: Iterable[Slot]) -> set[int]:
    wanted = {term for slot in slots for term in slot.best}
    hits = {at for at, word in enumerate(words) if word.stem in wanted and not word.is_filler}
    for run in meanings_in(words, overlapping=True):
        if wanted.intersection(run.meanings):
            hits.update(range(run.first, run.last))
    return hits


def _begin(text: str, words: Sequence[Word], hits: set[int]) -> int:
    """The first word of the window with most different words hit, set back to where its sentence begins."""
    starts = range(len(words) - AROUND + 1)

    def worth(start: int) -> tuple[int, int]:
        inside = {words[at].stem for at in hits if start <= at < start + AROUND}
        return len(inside), -start

    best = max(starts, key=worth)
    first = min((at for at in hits if at >= best), default=best)
    for at in range(first, max(first - AROUND // 2, 0), -1):
        if text[words[at - 1].end : words[at].start].strip()[:1] in tuple(_CLOSED_BY):
            return at
    return max(min(best, first), 0) if first < AROUND // 2 else max(first - 6, 0)


def _html(text: str, start: int, end: int, words: Sequence[Word], hits: set[int]) -> SafeString:
    parts: list[str] = []
    at = start
    for number in sorted(hits):
        word = words[number]
        if word.start < start or word.end > end:
            continue
        between = text[at : word.start]
        if parts and parts[-1] == "</mark>" and number - 1 in hits and not between.strip():
            parts[-1:] = [escape(between)]
        else:
            parts += [escape(between), "<mark>"]
        parts += [escape(text[word.start : word.end]), "</mark>"]
        at = word.end
    return mark_safe("".join([*parts, escape(text[at:end])]))
