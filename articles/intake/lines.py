"""The non-blank lines of a pasted page, cleaned of what pasting leaves behind. Pure."""

import re
from dataclasses import dataclass

_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\u00ad\ufeff]")
_BULLET = re.compile(r"^(?P<glyph>[•◦▪▫●○‣⁃∙·■□➢➤✓✔*+–—-])(?:\s+(?P<content>\S.*))?$")
_TIGHT = re.compile(r"^(?P<glyph>[•◦▪●○‣■])(?P<content>\S.*)$")
_ORDERED = re.compile(r"^(?P<glyph>\d{1,3}[.)])\s+(?P<content>\S.*)$")
_INNER = frozenset("◦○▫")


@dataclass(frozen=True)
class Line:
    """One line: its number in the file, its place among the non-blank lines, and its parts.

    ``bullet`` is the glyph or number of a list item, ``content`` what follows it.
    """

    number: int
    index: int
    source: str
    text: str
    indent: int
    after_blank: bool
    bullet: str = ""
    content: str = ""

    @property
    def ordered(self) -> bool:
        return self.bullet[:1].isdigit()

    @property
    def inner(self) -> bool:
        return self.bullet in _INNER

    @property
    def lone_bullet(self) -> bool:
        return bool(self.bullet) and not self.content


def lines_of(text: str) -> list[Line]:
    """Every non-blank line; a bullet on a line of its own is joined to the text below it."""
    found: list[Line] = []
    after_blank = True
    for number, raw in enumerate(text.split("\n"), 1):
        clean = _INVISIBLE.sub("", _SPACES.sub(" ", raw))
        shown = " ".join(clean.split())
        if not shown:
            after_blank = True
            continue
        line = _line(number, len(found), raw.strip(), shown, len(clean) - len(clean.lstrip()), after_blank)
        if found and found[-1].lone_bullet and not line.bullet:
            above = found.pop()
            line = _joined(above, line)
        found.append(line)
        after_blank = False
    return found


def _line(number: int, index: int, source: str, shown: str, indent: int, after_blank: bool) -> Line:
    match = _BULLET.match(shown) or _TIGHT.match(shown) or _ORDERED.match(shown)
    bullet, content = (match["glyph"], match["content"] or "") if match else ("", "")
    return Line(number, index, source, shown, indent, after_blank, bullet, content)


def _joined(above: Line, line: Line) -> Line:
    text = f"{above.bullet} {line.text}"
    source = f"{above.source} {line.source}"
    return Line(line.number, above.index, source, text, above.indent, above.after_blank, above.bullet, line.text)
