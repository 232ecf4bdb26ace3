"""The prose of a pasted page into Markdown: headings with their kind, lists, paragraphs, markers. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles import sections
from articles.intake import citations, escape
from articles.intake.lines import Line
from articles.intake.manuscript import ManuscriptReference, Marker, SourceLine
from articles.intake.vocabulary import words

_CONTAINER = re.compile(
    r"^from (?:the )?(?:\w+ )?(?:guidelines?|research|evidence|literature|studies|trials)\b", re.IGNORECASE
)
_TOP = re.compile(
    r"^(?:key (?:points?|messages?|takeaways?|considerations?|findings|recommendations|facts)"
    r"|recommendations?\b|"
    r"(?:clinical |practical |treatment |practice )recommendations?|limitations?\b|future directions"
    r"|background|introduction|"
    r"overview|conclusions?|summary|bottom line|clinical (?:bottom line|implications|practice"
    r"|considerations|application)|"
    r"(?:important )?(?:caveats|pitfalls|considerations)|common pitfalls|what (?:to do|is not known)"
    r"|uncertaint|strength of evidence|"
    r"(?:answer|discussion|methods|results)$)",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|should|may|can|must|will|does|do|did|shows?|suggests?)\b")
_SMALL = words(
    """
    a an and as at but by for from in into nor of on or per the to vs via with without versus
    """
)
_MAX_HEADING = 110
_MAX_HEADING_WORDS = 14
_MAX_DEPTH = 3


@dataclass
class Body:
    """What came of the prose. ``unplaced`` are short lines that are neither heading nor text."""

    markdown: str = ""
    markers: tuple[Marker, ...] = ()
    unplaced: list[SourceLine] = field(default_factory=list)


def compose(lines: Sequence[Line], references: Sequence[ManuscriptReference]) -> Body:
    """Write the Markdown of a page's prose and list every citation in it."""
    keys = {reference.number: reference.key for reference in references}
    flags: list[bool] = []
    for position in range(len(lines)):
        flags.append(_is_heading(lines, position, under_heading=bool(flags) and flags[-1]))
    prose = [line.text for line, heading in zip(lines, flags, strict=True) if not heading]
    writer = _Writer(keys, citations.bound_of(prose, max(keys, default=0)))
    for position, line in enumerate(lines):
        if not flags[position] or _reads_as_text(lines, position):
            writer.text(line)
        elif _has_text_below(lines, position):
            writer.heading(line)
        else:
            writer.unplaced.append(SourceLine(line.number, line.source, "Neither a heading nor a sentence"))
    return Body("\n".join(writer.rows).strip("\n") + "\n", tuple(writer.markers), writer.unplaced)


class _Writer:
    def __init__(self, keys: dict[int, str], bound: int) -> None:
        self.keys = keys
        self.bound = bound
        self.rows: list[str] = []
        self.markers: list[Marker] = []
        self.unplaced: list[SourceLine] = []
        self.above: Line | None = None
        self.items: list[tuple[int, int, bool]] = []  # of each open list: indent, width of its mark, numbered
        self.level = 0
        self.bare = False  # nothing but a heading stands below the last section heading

    def heading(self, line: Line) -> None:
        text = " ".join(line.text.split()).removesuffix(":").rstrip()
        self.level = self._level(text)
        shown = escape.inline(text)
        if self.level == 2:
            shown = sections.heading_line(sections.Section(shown, sections.infer_kind(text)))
            self.bare = True
        else:
            shown = f"### {shown}"
        self.rows += ["", shown]
        self.above, self.items = None, []

    def text(self, line: Line) -> None:
        self.bare = False
        if line.bullet:
            self._item(line)
        elif self._goes_on(line):
            self.rows.append(" " * sum(width for _, width, _ in self.items) + self._marked(line, line.text))
        else:
            self.rows += ["", self._marked(line, line.text)]
            self.items = []
        self.above = line

    def _level(self, text: str) -> int:
        if _CONTAINER.match(text):
            return 2
        if self.bare:
            return 3
        return 3 if self.level == 3 and not _TOP.match(text) else 2

    def _item(self, line: Line) -> None:
        mark = f"{line.bullet[:-1]}." if line.ordered else "-"
        indent = line.indent + (2 if line.inner else 0)
        fresh = not self.items
        while self.items and indent < self.items[-1][0]:
            self.items.pop()
        if self.items and indent < self.items[-1][0] + 2:
            fresh = fresh or self.items[-1][2] != line.ordered
            self.items.pop()
        elif len(self.items) == _MAX_DEPTH:
            self.items.pop()
        if fresh:
            self.rows.append("")
        pad = " " * sum(width for _, width, _ in self.items)
        self.items.append((indent, len(mark) + 1, line.ordered))
        self.rows.append(f"{pad}{mark} {self._marked(line, line.content)}")

    def _goes_on(self, line: Line) -> bool:
        """Whether a line is the wrapped rest of the one above."""
        if self.above is None or line.after_blank:
            return False
        return not self.items or line.text[:1].islower() or self.above.text[-1:] not in ".?!:;"

    def _marked(self, line: Line, text: str) -> str:
        parts: list[str] = []
        position = 0
        for found in citations.find(text, self.bound):
            _, written = citations.marker(found.numbers, self.keys)
            parts += [escape.inline(text[position : found.start]), written]
            position = found.end
            self.markers.append(citations.as_marker(text, found, self.keys, line.number))
        parts.append(escape.inline(text[position:]))
        return escape.at_start(text, "".join(parts))


def _is_heading(lines: Sequence[Line], position: int, *, under_heading: bool) -> bool:
    line = lines[position]
    text = line.text
    if line.bullet or len(text) > _MAX_HEADING or len(text.split()) > _MAX_HEADING_WORDS:
        return False
    known = _CONTAINER.match(text) or _TOP.match(text)
    if text[-1] in ".;,!…" or (text[-1] == ":" and not (known and _title_case(text))):
        return False
    if not (text[0].isupper() or text[0].isdigit()) or citations.find(text, 0):
        return False
    if not (under_heading or (known and _title_case(text)) or _stands_apart(lines, position)):
        return False
    return text[-1] == "?" or _title_case(text) or not _VERB.search(text)


def _stands_apart(lines: Sequence[Line], position: int) -> bool:
    """Whether a line can't be the wrapped rest of the one above."""
    line = lines[position]
    if line.after_blank or position == 0 or line.index > lines[position - 1].index + 1:
        return True
    return lines[position - 1].text[-1:] in ".?!:" or bool(lines[position - 1].bullet)


def _has_text_below(lines: Sequence[Line], position: int) -> bool:
    """Whether the very next line of the page belongs to the article too."""
    return position + 1 < len(lines) and lines[position + 1].index == lines[position].index + 1


def _reads_as_text(lines: Sequence[Line], position: int) -> bool:
    """Whether a line with nothing below it is a last sentence without its full stop."""
    text = lines[position].text
    return not _has_text_below(lines, position) and len(text.split()) > 5 and not _title_case(text)


def _title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if word.lower() not in _SMALL]
    return bool(words) and all(word[0].isupper() for word in words)
