"""What every intake format turns its bytes into. Pure values; nothing here knows the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class IntakeError(Exception):
    """A file that can't be taken in. One sentence that says what is wrong, and the line where known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class ManuscriptReference:
    """One entry of the source's reference list. ``number`` is its place in that list, from 1."""

    key: str
    number: int
    kind: str
    title: str
    source: str = ""
    year: int | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    csl: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Marker:
    """One citation marker as it stands in the text; ``confirmed`` is False where its brackets were restored."""

    numbers: tuple[int, ...]
    keys: tuple[str, ...]
    text: str
    confirmed: bool
    line: int


@dataclass(frozen=True)
class SourceLine:
    """A line of the source that isn't in the article: left out on purpose (with why) or not placed."""

    line: int
    text: str
    why: str = ""


@dataclass(frozen=True)
class ManuscriptVariant:
    """One audience's text as Markdown with ``[@key]`` markers and section blocks."""

    audience: str
    markdown: str


@dataclass(frozen=True)
class Contribution:
    tool: str
    version: str = ""
    use: str = ""
    prompts: str = ""


@dataclass(frozen=True)
class Manuscript:
    title: str
    variants: tuple[ManuscriptVariant, ...]
    short_answer: str = ""
    language: str = "en"
    region: str = ""
    byline: tuple[Mapping[str, str], ...] = ()
    topics: tuple[str, ...] = ()
    funding: str = ""
    origin: str = "human"
    ai_contributions: tuple[Contribution, ...] = ()
    references: tuple[ManuscriptReference, ...] = ()
    markers: tuple[Marker, ...] = ()
    left_out: tuple[SourceLine, ...] = ()
    unplaced: tuple[SourceLine, ...] = ()
