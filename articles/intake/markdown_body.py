"""The body of a Markdown manuscript: title, audiences, reference section, citation markers. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from articles.intake import citations, pasted_references
from articles.intake.fields import AUDIENCES
from articles.intake.lines import Line, lines_of
from articles.intake.manuscript import IntakeError, ManuscriptReference, Marker, SourceLine

_H1 = re.compile(r"^ {0,3}#(?:[ \t]+(?P<text>.*?))?(?:[ \t]+#+)?[ \t]*$")
_H2 = re.compile(r"^ {0,3}##[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$")
_AUDIENCE = re.compile(r"\{\s*audience\s*=\s*[\"']?(?P<name>[^\s\"'{}]*)[\"']?\s*\}\s*$")
_BLOCK = re.compile(r"\s*\{[^{}]*\}\s*$")
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})")
_UNDERLINE = re.compile(r"^ {0,3}(?:(?P<one>=+)|-{2,})[ \t]*$")
_PLAIN = re.compile(r"^ {0,3}(?![#>|*+\-]|\d+[.)]\s|\s)\S")
_TICKS = re.compile(r"`+")
_KEYED = re.compile(r"\[(?P<keys>@[A-Za-z0-9][\w.-]{0,99}(?:\s?;\s?@[A-Za-z0-9][\w.-]{0,99}){0,60}+)\](?!\()")
_EMPHASIS = re.compile(r"^(?:#{3,6}\s+|\*\*|__)(?P<text>[^*_#]+?)(?::?\*\*:?|__|\s#+)?$")


@dataclass(frozen=True)
class Part:
    """One audience's Markdown and the line of the file it starts on."""

    audience: str
    text: str
    line: int


@dataclass(frozen=True)
class Body:
    """The body taken apart; ``references_line`` is that of the References heading."""

    parts: tuple[Part, ...]
    title: str = ""
    title_line: int | None = None
    references: tuple[ManuscriptReference, ...] = ()
    references_line: int | None = None
    left_out: tuple[SourceLine, ...] = ()
    unplaced: tuple[SourceLine, ...] = ()


def split(source: str, first_line: int, audience: str, *, title: str) -> Body:
    """Take a body apart. Raises IntakeError for an unknown audience. Lines keep their numbers in the file."""
    rows = as_atx(source).split("\n")
    splitter = _Splitter(audience, first_line, wanted_title=title)
    for offset, (row, in_code) in enumerate(_with_code(rows)):
        splitter.take(row, first_line + offset, in_code)
    return splitter.body()


def as_atx(text: str) -> str:
    """Underlined headings as ``#`` and ``##``; the underline is left blank so that lines keep numbers."""
    rows = text.split("\n")
    flags = [in_code for _, in_code in _with_code(rows)]
    for at in range(1, len(rows)):
        underline = _UNDERLINE.match(rows[at]) if rows[at] and not flags[at] else None
        if underline and _PLAIN.match(rows[at - 1]) and (at < 2 or not rows[at - 2].strip()):
            rows[at - 1] = ("# " if underline["one"] else "## ") + rows[at - 1].strip()
            rows[at] = ""
    return "\n".join(rows)


def cite(part: Part, references: Sequence[ManuscriptReference]) -> tuple[Part, list[Marker]]:
    """The part with ``[2, 3]`` turned into ``[@key; @key]``, and every marker in it."""
    keys = {reference.number: reference.key for reference in references}
    numbers = {reference.key: reference.number for reference in references}
    limit = (max(keys, default=0) + 20) if keys else 999
    markers: list[Marker] = []
    rows: list[str] = []
    for offset, (row, in_code) in enumerate(_with_code(part.text.split("\n"))):
        if not in_code and "[" in row:
            row = _cited(row, part.line + offset, keys, numbers, limit, markers)
        rows.append(row)
    return replace(part, text="\n".join(rows)), markers


class _Splitter:
    def __init__(self, audience: str, first_line: int, *, wanted_title: str) -> None:
        self.wanted = wanted_title
        self.title, self.title_line = "", None if wanted_title else first_line
        self.parts: list[tuple[str, int, list[str]]] = [(audience, first_line, [])]
        self.listed: list[tuple[int, str]] = []
        self.listing = False
        self.references_line: int | None = None
        self.left_out: list[SourceLine] = []

    def take(self, row: str, line: int, in_code: bool) -> None:
        first, second = (None, None) if in_code or "#" not in row else (_H1.match(row), _H2.match(row))
        if first:
            self.listing = False
            row = self._level_one(row, (first["text"] or "").strip(), line)
        elif second:
            name = _BLOCK.sub("", second["text"])
            self.listing = bool(pasted_references.HEADING.match(name)) and self.references_line is None
            if self.listing:
                self.references_line = line
                self.listed.append((line, row))
        if self.listing:
            if line != self.references_line:
                self.listed.append((line, row))
            row = ""
        self.parts[-1][2].append(row)

    def body(self) -> Body:
        references, unplaced = _listed(self.listed[1:])
        if self.listed and not references:
            self._put_back()
            unplaced = ()
        parts = [Part(audience, "\n".join(rows), line) for audience, line, rows in self.parts]
        kept = [part for part in parts if part.text.strip()]
        return Body(
            tuple(kept), self.title, self.title_line, references,
            self.references_line if references else None, tuple(self.left_out), unplaced,
        )  # fmt: skip

    def _level_one(self, row: str, text: str, line: int) -> str:
        audience = _AUDIENCE.search(text)
        if audience:
            name = audience["name"].lower()
            if name not in AUDIENCES:
                raise IntakeError(f"“{name[:60]}” isn't an audience; use {', '.join(AUDIENCES)}", line)
            self.parts.append((name, line, []))
            self.left_out.append(SourceLine(line, row.strip(), f"Starts the text for “{name}”"))
            return ""
        if not self.title and not self.wanted and text:
            self.title, self.title_line = text, line
            return ""
        if self.wanted and not self.title and " ".join(text.split()) == self.wanted:
            self.title = text
            return ""
        return f"## {text}"

    def _put_back(self) -> None:
        for number, row in self.listed:
            for _, line, rows in self.parts:
                if line <= number < line + len(rows):
                    rows[number - line] = row


def _listed(
    rows: Sequence[tuple[int, str]],
) -> tuple[tuple[ManuscriptReference, ...], tuple[SourceLine, ...]]:
    """Read a References section; a bold line or a level-three heading in it may say Guideline or Research."""
    if not rows:
        return (), ()
    offset = rows[0][0] - 1
    plain: list[str] = []
    for _, row in rows:
        label = _EMPHASIS.match(row.strip()) if len(row) < 80 else None
        plain.append(label["text"] if label and pasted_references.kind_of_label(label["text"]) else row)
    lines = [_unmarked(replace(line, number=line.number + offset)) for line in lines_of("\n".join(plain))]
    silent = [line for line in lines if not any(map(str.isalnum, line.text))]
    references, unplaced = pasted_references.read([line for line in lines if line not in silent])
    return references, (
        *unplaced,
        *(SourceLine(line.number, line.source, "A line without words") for line in silent),
    )


def _unmarked(line: Line) -> Line:
    """Emphasis inside an entry (``*Lancet*``) is dropped; the asterisks carry no words."""
    if "*" not in line.text:
        return line
    return replace(line, text=line.text.replace("*", "").strip(), content=line.content.replace("*", "").strip())


def _with_code(rows: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each row and whether it belongs to a fenced code block."""
    fence = ""
    for row in rows:
        mark = _FENCE.match(row)
        if fence:
            yield row, True
            if mark and mark["mark"].startswith(fence) and not row.strip().strip(fence[0]):
                fence = ""
        else:
            fence = mark["mark"] if mark else ""
            yield row, bool(fence)


def _cited(
    row: str, line: int, keys: dict[int, str], numbers: dict[str, int], limit: int, markers: list[Marker]
) -> str:
    parts: list[str] = []
    position = 0
    code = _code_spans(row)
    for start, end, marker, written in sorted(_found(row, line, keys, numbers, limit), key=lambda item: item[0]):
        if start >= position and not any(left < end and start < right for left, right in code):
            parts += [row[position:start], written]
            position = end
            markers.append(marker)
    return "".join([*parts, row[position:]])


def _found(
    row: str, line: int, keys: dict[int, str], numbers: dict[str, int], limit: int
) -> Iterator[tuple[int, int, Marker, str]]:
    for match in _KEYED.finditer(row):
        if row[max(0, match.start() - 1) : match.start()] != "\\":
            named = tuple(key.strip().removeprefix("@") for key in match["keys"].split(";"))
            counted = tuple(numbers[key] for key in named if key in numbers)
            marker = Marker(counted, named, citations.around(row, *match.span()), True, line)
            yield match.start(), match.end(), marker, match.group()
    for found in citations.bracketed(row):
        if max(found.numbers) <= limit:
            _, written = citations.marker(found.numbers, keys)
            yield found.start, found.end, citations.as_marker(row, found, keys, line), written


def _code_spans(row: str) -> list[tuple[int, int]]:
    """Spans between backtick runs of equal length."""
    runs = [match.span() for match in _TICKS.finditer(row)]
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(runs):
        same = later[runs[index][1] - runs[index][0]]
        while same and same[-1] <= index:
            same.pop()
        if same:
            spans.append((runs[index][0], runs[same[-1]][1]))
            index = same[-1]
        index += 1
    return spans
