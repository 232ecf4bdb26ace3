"""A snapshot as the rules read it: references, and each variant's sentences with the markers in them. Pure.

A snapshot under repair may lack fields or hold wrong types; they read as empty here, never as an error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from articles import citations
from articles.preflight.findings import Facts
from articles.sections import Section, SectionError, SectionKind, infer_kind, parse_heading, split_block
from articles.vancouver import field


@dataclass(frozen=True)
class Reference:
    """``name`` is how messages speak of it: its number where the key is ``refN``, and its title."""

    key: str
    kind: str
    csl: Mapping[str, Any]
    cited_because_retracted: bool
    rationale: str

    @cached_property
    def title(self) -> str:
        return field(self.csl, "title")

    @property
    def name(self) -> str:
        title = f", “{shortened(self.title)}”," if self.title else ""
        return f"Reference {spoken(self.key)}{title}"


@dataclass(frozen=True)
class MarkedAt:
    """Keys cited at one place of a sentence, neighbouring markers taken together."""

    offset: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """Plain text without markup and markers; ``marks`` say where the markers stood."""

    text: str
    marks: tuple[MarkedAt, ...]


@dataclass(frozen=True)
class SectionText:
    """A section with its sentences; ``error`` says why its block can't be read. The lead has no heading."""

    section: Section
    sentences: tuple[Sentence, ...]
    keys: tuple[str, ...]
    error: str = ""
    starts: bool = True


@dataclass(frozen=True)
class Variant:
    audience: str
    markdown: str
    markers: citations.Markers
    sections: tuple[SectionText, ...]
    first_level_headings: int
    stored_order: tuple[str, ...] | None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for section in self.sections for sentence in section.sentences)


@dataclass(frozen=True)
class Document:
    snapshot: Mapping[str, Any]
    facts: Facts
    variants: tuple[Variant, ...]
    references: tuple[Reference, ...]

    @cached_property
    def by_key(self) -> dict[str, Reference]:
        return {reference.key: reference for reference in self.references}

    @cached_property
    def cited(self) -> set[str]:
        return {key for variant in self.variants for key in variant.markers.order}


def read(snapshot: Mapping[str, Any], facts: Facts) -> Document:
    """Take a snapshot apart once for all rules."""
    return Document(
        snapshot=snapshot,
        facts=facts,
        variants=tuple(_variant(item) for item in rows(snapshot, "variants")),
        references=tuple(_reference(item) for item in rows(snapshot, "citations")),
    )


def rows(snapshot: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The mappings in a list field; anything else in it is passed over."""
    value = snapshot.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, (list, tuple)) else []


def spoken(key: str) -> str:
    """The number of a key such as ``ref4``, else the key in quotation marks."""
    match = re.fullmatch(r"ref([1-9][0-9]*)", key)
    return match.group(1) if match else f"“{key}”"


def listed(items: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def shortened(text: str, limit: int = 90) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _reference(item: Mapping[str, Any]) -> Reference:
    csl = item.get("csl")
    return Reference(
        key=field(item, "key"),
        kind=field(item, "kind"),
        csl=csl if isinstance(csl, Mapping) else {},
        cited_because_retracted=item.get("cited_because_retracted") is True,
        rationale=field(item, "rationale"),
    )


def _variant(item: Mapping[str, Any]) -> Variant:
    given = item.get("markdown")
    markdown = given if isinstance(given, str) else ""
    tokens = citations.PARSER.parse(markdown)
    order = item.get("citations")
    return Variant(
        audience=field(item, "audience"),
        markdown=markdown,
        markers=citations.extract(markdown),
        sections=tuple(_sections(tokens)),
        first_level_headings=sum(token.type == "heading_open" and token.tag == "h1" for token in tokens),
        stored_order=tuple(map(str, order)) if isinstance(order, (list, tuple)) else None,
    )


def _sections(tokens: list[Token]) -> Iterator[SectionText]:
    starts = [place for place, token in enumerate(tokens) if "raw" in token.meta]
    lead = tokens[: starts[0] if starts else None]
    if lead:
        yield _section_text(Section("", SectionKind.OTHER), lead, starts=False)
    for start, end in pairwise([*starts, len(tokens)]):
        raw = tokens[start].meta["raw"]
        try:
            yield _section_text(parse_heading(raw), tokens[start:end])
        except SectionError as error:
            heading = split_block(raw)[0]
            yield _section_text(Section(heading, infer_kind(heading)), tokens[start:end], error=str(error))


def _section_text(section: Section, tokens: list[Token], *, error: str = "", starts: bool = True) -> SectionText:
    sentences: list[Sentence] = []
    keys: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            text, marks = _plain(token)
            keys += [key for mark in marks for key in mark.keys]
            if before is None or before.type != "heading_open":
                sentences += _sentences(text, marks)
    return SectionText(section, tuple(sentences), tuple(dict.fromkeys(keys)), error, starts)


def _plain(inline: Token) -> tuple[str, list[MarkedAt]]:
    text = ""
    marks: list[MarkedAt] = []
    for child in inline.children or []:
        if child.type == "citation":
            keys = tuple(child.meta["keys"])
            if marks and not text[marks[-1].offset :].strip(" ,;"):
                marks[-1] = MarkedAt(marks[-1].offset, marks[-1].keys + keys)
            else:
                marks.append(MarkedAt(len(text), keys))
        elif child.type in ("softbreak", "hardbreak"):
            text += " "
        else:
            text += child.content
    return text, marks


_ENDS = re.compile(r"[.!?][”\")’]?\s+(?=[“\"(]?[A-Z0-9])")
_SHORT = re.compile(r"(?:\b(?:vs|al|Dr|Prof|Mr|Mrs|Ms|St|No|approx|ca|Fig|e\.g|i\.e|cf)|\b[A-Z])\.\s+$")


def _sentences(text: str, marks: list[MarkedAt]) -> Iterator[Sentence]:
    """Split plain text; a marker right after a full stop belongs to the sentence it closes."""
    starts = [0]
    for match in _ENDS.finditer(text):
        if not _SHORT.search(text, max(0, match.end() - 12), match.end()):
            starts.append(match.end())
    place = 0
    for start, end in pairwise([*starts, len(text)]):
        own: list[MarkedAt] = []
        while place < len(marks) and (marks[place].offset <= end):
            own.append(MarkedAt(marks[place].offset - start, marks[place].keys))
            place += 1
        if text[start:end].strip():
            yield Sentence(text[start:end].rstrip(), tuple(own))
