"""Frozen HTML cut into passages of a few paragraphs, each with its section. Pure.

Takes what ``articles.rendering`` makes: clean, well nested, sections at the top with a second-level heading each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

ABOUT = 600
"""Letters of text after which a passage ends at the next paragraph."""

_VOID = frozenset({"br", "hr"})
_ENDS_A_WORD = frozenset({"li", "p", "td", "th", "tr", "h4", "h5", "h6", "pre"})
_KIND = re.compile(r"section--([a-z_]+)")
_BEFORE_A_STOP = re.compile(r"\s+(?=[.,;:])")


@dataclass(frozen=True)
class Place:
    """A section: its kind, and the anchor of its heading."""

    kind: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Passage:
    """Blocks that stand together: ``html`` without the heading, ``text`` without markup and numbers of notes."""

    place: Place
    heading: str
    html: str
    text: str


@dataclass
class _Block:
    tag: str
    place: Place
    is_grade: bool = False
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "" if self.is_grade else _BEFORE_A_STOP.sub("", " ".join("".join(self.text).split()))


class _Cutter(HTMLParser):
    """Collects the blocks of all sections. Notes stay in the HTML and not in the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[_Block] = []
        self.place = Place()
        self.depth = self.notes = 0
        self.block: _Block | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self.block is None and tag == "section":
            kind = _KIND.search(values.get("class", ""))
            self.place = Place(kind.group(1) if kind else "", values.get("aria-labelledby", ""))
            return
        block = self.block or self._begun(tag, is_grade=values.get("class") == "grade")
        block.html.append(self.get_starttag_text() or "")
        if tag in _VOID:
            block.text.append(" ")
        else:
            self.depth += 1
            self.notes += tag == "sup"
        self._ended_at_the_top()

    def handle_endtag(self, tag: str) -> None:
        if self.block is None:
            self.place = Place() if tag == "section" else self.place
            return
        self.block.html.append(f"</{tag}>")
        self.depth -= 1
        self.notes -= tag == "sup"
        if tag in _ENDS_A_WORD:
            self.block.text.append(" ")
        self._ended_at_the_top()

    def handle_data(self, data: str) -> None:
        if self.block is not None:
            self._said(data, data)

    def handle_entityref(self, name: str) -> None:
        self._said(f"&{name};", unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._said(f"&#{name};", unescape(f"&#{name};"))

    def _said(self, written: str, meant: str) -> None:
        if self.block is not None:
            self.block.html.append(written)
            if not self.notes:
                self.block.text.append(meant)

    def _begun(self, tag: str, *, is_grade: bool) -> _Block:
        self.block, self.depth = _Block(tag, self.place, is_grade), 0
        return self.block

    def _ended_at_the_top(self) -> None:
        if self.block is not None and self.depth == 0:
            self.blocks.append(self.block)
            self.block = None


def passages(html: str) -> Iterator[Passage]:
    """The passages of one audience's text, in its order. A subheading begins one, as a section does."""
    cutter = _Cutter()
    cutter.feed(html)
    cutter.close()
    place, heading, under = Place(), "", ""
    held: list[_Block] = []
    for block in cutter.blocks:
        begins = block.tag in ("h2", "h3") or block.place != place
        if held and (begins or sum(len(each.words) for each in held) >= ABOUT):
            yield _made(place, heading, under, held)
            held = []
        if block.place != place:
            place, heading, under = block.place, "", ""
        if block.tag == "h2":
            heading, under = block.words, ""
        elif block.tag == "h3":
            under = block.words
        else:
            held.append(block)
    if held:
        yield _made(place, heading, under, held)


def _made(place: Place, heading: str, under: str, blocks: list[_Block]) -> Passage:
    return Passage(
        place=place,
        heading=": ".join(part for part in (heading, under) if part),
        html="\n".join("".join(block.html) for block in blocks),
        text=" ".join(words for block in blocks if (words := block.words)),
    )
