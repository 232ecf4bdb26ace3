"""A text as a sequence of words and marks, each with the punctuation and blanks before it. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from articles.citations import PARSER
from articles.sections import split_block

BLANK = " \t\n\u00a0\u202f\u2009"
STOPS = ".;:…"
OUTER = ",()" + STOPS + "\"'“”‘’?!"
_PIECE = re.compile(rf"[{BLANK}]+|[^{BLANK}]+")
_INNER = re.compile(r"(?<=[^\W\d_])([,;:()“”\"]+)(?=[^\W\d_])")

Kind = Literal["word", "inline", "citation", "block"]


@dataclass(frozen=True)
class Item:
    """A word, or a mark of structure. Joined with their gaps, words are the text that readers get."""

    text: str
    gap: str
    kind: Kind


def plain_items(text: str) -> list[Item]:
    reader = _Reader()
    reader.read(text)
    return reader.finished()


def markdown_items(text: str) -> list[Item]:
    """Words and marks of a text in the articles' dialect, as its readers get them."""
    reader = _Reader()
    for token in PARSER.parse(text):
        if token.type != "inline":
            reader.mark(_key(token), "block")
            continue
        for child in token.children or []:
            if child.type == "text":
                reader.read(child.content)
            elif child.type == "softbreak":
                reader.read("\n")
            elif child.type == "citation":
                reader.mark(f"[{'; '.join('@' + key for key in child.meta['keys'])}]", "citation")
            else:
                reader.mark(_key(child), "inline")
    return reader.finished()


def _key(token: Token) -> str:
    """Everything that makes this mark what it is, but for its place in the file and its way of writing."""
    meta = dict(token.meta)
    raw = meta.pop("raw", None)
    block = split_block(raw)[1] if raw is not None else None
    return repr((token.type, token.tag, sorted(token.attrs.items()), token.content, token.info, sorted(meta), block))


class _Reader:
    """Cuts text into words and gaps; a mark ends the word before it."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.gap = ""
        self.buffer = ""

    def read(self, text: str) -> None:
        self.buffer += text

    def mark(self, text: str, kind: Kind) -> None:
        self._flush()
        self._add(text, kind)

    def finished(self) -> list[Item]:
        self.mark("", "block")
        return self.items

    def _add(self, text: str, kind: Kind) -> None:
        self.items.append(Item(text, self.gap, kind))
        self.gap = ""

    def _flush(self) -> None:
        for piece in _PIECE.findall(self.buffer):
            if piece[0] in BLANK:
                self.gap += piece
                continue
            for number, part in enumerate(_INNER.split(piece)):
                if number % 2:
                    self.gap += part
                else:
                    self._word(part)
        self.buffer = ""

    def _word(self, part: str) -> None:
        core = part.strip(OUTER)
        if not core or core in ("-", "–", "—"):
            self.gap += part
            return
        start = part.index(core)
        self.gap += part[:start]
        self._add(core, "word")
        self.gap = part[start + len(core) :]
