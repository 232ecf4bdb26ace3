"""Citation markers in Markdown, ``[@key]`` and ``[@first; @second]``: found, numbered, judged. Pure.

Markers are read by the parser that renders the text, so code, escaped brackets and link targets hold none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from articles.sections import markdown_parser, split_block

LONGEST_MARKER = 500
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_MARKER = re.compile(rf"@{KEY.pattern}(?:\s*;\s*@{KEY.pattern})*")
_START = re.compile(r"\[[ \t]{0,3}@")
_BARE_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20})\](?![(\[:])")


@dataclass(frozen=True)
class Mark:
    """One marker: its keys as written and its line in the Markdown, counted from 1."""

    keys: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class BadMark:
    """Text that looks like a marker and isn't one, with the reason."""

    text: str
    line: int
    why: str


@dataclass(frozen=True)
class Markers:
    """All that a text holds: markers, malformed ones, and bare numbers in brackets, perhaps meant so."""

    marks: tuple[Mark, ...]
    malformed: tuple[BadMark, ...]
    bare_numbers: tuple[BadMark, ...]

    @property
    def order(self) -> list[str]:
        """Each key once, in order of first appearance."""
        return list(number(key for mark in self.marks for key in mark.keys))


def number(keys: Iterable[str]) -> dict[str, int]:
    """Numbers from 1 by first appearance, without gaps."""
    numbers: dict[str, int] = {}
    for key in keys:
        numbers.setdefault(key, len(numbers) + 1)
    return numbers


def numbers_of(markdown: str) -> dict[str, int]:
    """The number that each key of a variant's text gets."""
    return number(extract(markdown).order)


def extract(markdown: str) -> Markers:
    """Every marker of a text in order of appearance."""
    marks: list[Mark] = []
    malformed: list[BadMark] = []
    bare: list[BadMark] = []
    for token, line in _with_lines(PARSER.parse(markdown)):
        if token.type == "citation":
            marks.append(Mark(tuple(token.meta["keys"]), line))
        elif token.type == "citation_malformed":
            malformed.append(BadMark(token.content, line, token.meta["why"]))
        elif token.type == "citation_bare":
            bare.append(BadMark(token.content, line, "a number in brackets isn't linked to a reference"))
    return Markers(tuple(marks), tuple(malformed), tuple(bare))


def marker(*keys: str) -> str:
    """The marker that cites ``keys``. Raises ValueError for a key that no marker can hold."""
    wrong = [key for key in keys if not KEY.fullmatch(key)]
    if wrong or not keys:
        raise ValueError(f"{wrong or 'nothing'} can't be cited; a key has letters, digits, “_”, “.” and “-”")
    return f"[{'; '.join('@' + key for key in keys)}]"


def parser() -> MarkdownIt:
    """The articles' Markdown, markers as ``citation`` tokens and section blocks moved off their headings."""
    made = markdown_parser()
    made.inline.ruler.before("link", "citation", _citation)
    made.core.ruler.after("block", "section_block", _section_block)
    return made


def _with_lines(tokens: list[Token]) -> Iterable[tuple[Token, int]]:
    for token in tokens:
        if token.type != "inline":
            continue
        line = token.map[0] + 1 if token.map else 1
        for child in token.children or []:
            yield child, line
            line += child.type in ("softbreak", "hardbreak")
            line += child.content.count("\n") if child.type == "citation_malformed" else child.markup.count("\n")


def _citation(state: StateInline, silent: bool) -> bool:
    """Inline rule: a marker, a malformed marker, or a bare number in brackets; all else is left to links."""
    if state.src[state.pos] != "[":
        return False
    if bare := _BARE_NUMBERS.match(state.src, state.pos, state.posMax):
        return bare.group(1) not in state.env.get("references", {}) and _push(
            state, silent, "citation_bare", bare.group(0)
        )
    if not _START.match(state.src, state.pos, state.posMax):
        return False
    end = state.src.find("]", state.pos, min(state.pos + LONGEST_MARKER, state.posMax))
    text = state.src[state.pos : end + 1] if end >= 0 else ""
    body = text[1:-1]
    if "[" in body or not text:
        opening = _START.match(state.src, state.pos, state.posMax)
        return _push(state, silent, "citation_malformed", opening.group(0) if opening else "[", why="it isn't closed")
    if not _MARKER.fullmatch(body):
        return _push(state, silent, "citation_malformed", text, why=_fault(body))
    return _push(state, silent, "citation", text, keys=tuple(KEY.findall(body)))


def _push(state: StateInline, silent: bool, kind: str, text: str, **meta: object) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = text
        token.markup = text if kind == "citation" else ""
        token.meta = dict(meta)
    state.pos += len(text)
    return True


def _fault(body: str) -> str:
    if body.strip() == "@":
        return "it names no reference"
    if "," in body:
        return "its keys are parted by a comma; use “;”"
    if re.search(r"@\s|^\s", body):
        return "it has a space around “@”"
    if re.search(r";\s*[^\s@]", body):
        return "each key needs its own “@”"
    return "its key may hold letters, digits, “_”, “.” and “-” only"


def _section_block(state: StateCore) -> None:
    """Core rule: takes ``{…}`` off each section's heading and keeps its raw text in the heading's meta."""
    for place, token in enumerate(state.tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            inline = state.tokens[place + 1]
            token.meta["raw"] = inline.content
            inline.content = split_block(inline.content)[0]


PARSER = parser()
