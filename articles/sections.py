"""Sections of a variant's Markdown: where they start, what kind they are, how their evidence is graded. Pure.

A level-two heading starts a section and may carry its kind and GRADE in a trailing block::

    ## From the guidelines {.guideline certainty=moderate strength=conditional}

A rationale is quoted; a quotation mark or backslash inside it is written with a backslash before it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from markdown_it import MarkdownIt

_T = TypeVar("_T", bound=StrEnum)

MAX_NESTING = 20


class SectionKind(StrEnum):
    GUIDELINE = "guideline"
    RESEARCH = "research"
    KEY_POINTS = "key_points"
    RECOMMENDATIONS = "recommendations"
    LIMITATIONS = "limitations"
    BACKGROUND = "background"
    OTHER = "other"


class Certainty(StrEnum):
    """Certainty of evidence in the four levels of GRADE."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class Strength(StrEnum):
    """Strength of recommendation in the two levels of GRADE."""

    STRONG = "strong"
    CONDITIONAL = "conditional"


class SectionError(ValueError):
    """A heading's attribute block can't be read; the message says what it may hold."""


@dataclass(frozen=True)
class Section:
    heading: str
    kind: SectionKind
    certainty: Certainty | None = None
    strength: Strength | None = None
    rationale: str = ""


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_BLOCK = re.compile(rf'\{{((?:[^{{}}"\n]|{_QUOTED})*)\}}$')
_OPEN_BLOCK = re.compile(r"\{[^{}\n]*\}$")
_ATTRIBUTE = re.compile(
    rf"""\s*(?:\.(?P<kind>[\w-]+)|(?P<name>[\w-]+)=(?:(?P<quoted>{_QUOTED})|(?P<bare>[^\s"]+)))\s*"""
)

_WORDS = (
    (SectionKind.LIMITATIONS, ("limitation", "future direction", "uncertaint", "what is not known")),
    (SectionKind.GUIDELINE, ("guideline",)),
    (SectionKind.RECOMMENDATIONS, ("recommendation", "what to do", "for clinical practice")),
    (
        SectionKind.KEY_POINTS,
        ("key point", "key message", "key consideration", "key takeaway", "at a glance", "conclusion"),
    ),
    (SectionKind.RESEARCH, ("research", "evidence", "efficacy", "trials", "studies", "safety of")),
    (SectionKind.BACKGROUND, ("background", "overview", "introduction", "what is")),
)


def infer_kind(heading: str) -> SectionKind:
    """Guess a section's kind from its heading; ``other`` when no known word is in it."""
    lowered = heading.casefold()
    return next((kind for kind, words in _WORDS if any(word in lowered for word in words)), SectionKind.OTHER)


def split_block(text: str) -> tuple[str, str | None]:
    """A heading's words and the inside of its trailing ``{…}``; None where it has no block."""
    text = text.strip()
    if not text.endswith("}"):
        return text, None
    block = _BLOCK.search(text) or _OPEN_BLOCK.search(text)
    return (text, None) if block is None else (text[: block.start()].rstrip(), block.group(0)[1:-1])


def parse_heading(text: str) -> Section:
    """Read ``Heading {.kind certainty=… strength=… rationale="…"}``.

    Without a block the kind is inferred. Raises SectionError for an unknown kind, name or level.
    """
    heading, block = split_block(text)
    if block is None:
        return Section(heading=heading, kind=infer_kind(heading))
    values = _attributes(block)
    return Section(
        heading=heading,
        kind=_level(SectionKind, values["kind"], "kind") if "kind" in values else infer_kind(heading),
        certainty=_level(Certainty, values["certainty"], "certainty") if "certainty" in values else None,
        strength=_level(Strength, values["strength"], "strength") if "strength" in values else None,
        rationale=values.get("rationale", ""),
    )


def heading_line(section: Section) -> str:
    """The Markdown line that ``parse_heading`` reads back as ``section``, line breaks become spaces."""
    parts = [f".{section.kind}"]
    if section.certainty:
        parts.append(f"certainty={section.certainty}")
    if section.strength:
        parts.append(f"strength={section.strength}")
    if section.rationale:
        escaped = " ".join(section.rationale.split()).replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'rationale="{escaped}"')
    return f"## {' '.join(section.heading.split())} {{{' '.join(parts)}}}"


def sections_of(markdown: str) -> list[Section]:
    """Every section of a variant in order, as ``heading_texts`` finds them. Raises SectionError."""
    return [parse_heading(text) for text in heading_texts(markdown)]


def heading_texts(markdown: str) -> list[str]:
    """The raw text, block included, of each heading that starts a section; none in code, lists or quotes."""
    tokens = _BLOCKS.parse(markdown)
    return [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0
    ]


def markdown_parser() -> MarkdownIt:
    """The one dialect of articles: CommonMark with tables and strikethrough, without raw HTML."""
    options = {"html": False, "linkify": False, "typographer": False, "maxNesting": MAX_NESTING}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def _blocks_only() -> MarkdownIt:
    parser = markdown_parser()
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_BLOCKS = _blocks_only()


def _attributes(block: str) -> dict[str, str]:
    values: dict[str, str] = {}
    position = 0
    while position < len(block):
        match = _ATTRIBUTE.match(block, position)
        if match is None:
            if not block[position:].strip():
                break
            raise SectionError(f"“{{{block}}}” isn't a section block; write {{.guideline certainty=moderate}}")
        name = "kind" if match["kind"] else match["name"]
        if name not in ("kind", "certainty", "strength", "rationale") or (name == "kind" and not match["kind"]):
            raise SectionError(f"“{name}” isn't known; a section takes certainty, strength and rationale")
        if name in values:
            raise SectionError(f"“{{{block}}}” gives its {name} twice; keep one")
        values[name] = match["kind"] or match["bare"] or re.sub(r"\\(.)", r"\1", match["quoted"][1:-1])
        position = match.end()
    return values


def _level(levels: type[_T], value: str, what: str) -> _T:
    try:
        return levels(value)
    except ValueError:
        raise SectionError(f"“{value}” isn't a {what}; it takes {', '.join(levels)}") from None
