"""The reference list of a pasted page: a label, a title, then "source, year"; or numbered entries. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.intake import references
from articles.intake.lines import Line
from articles.intake.manuscript import IntakeError, ManuscriptReference, SourceLine

HEADING = re.compile(
    r"^(?:(?:selected|key|cited|further)\s)?(?:references|bibliography|works cited|reference list"
    r"|literature cited|sources|citations)"
    r"(?:\s?\(\d{1,3}\))?\s?:?$",
    re.IGNORECASE,
)

_LABEL = re.compile(
    r"^(?:\[?\d{1,3}[\].)]?\s+)?(?P<label>(?:clinical |practice |clinical practice )?guidelines?|research"
    r"|original research|research articles?|"
    r"(?:systematic )?reviews?|meta-analys[ie]s|(?:clinical )?trials?|stud(?:y|ies)|(?:journal "
    r")?articles?|others?|"
    r"books?|websites?|web pages?|reports?|news|(?:drug|fda) labels?|textbooks?)\s?:?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:\[(\d{1,3})\]|(\d{1,3})[.)])(?:\s+(?P<rest>.*))?$")
_OTHER = re.compile(r"^(?:other|book|website|web|report|news|drug|fda|textbook)", re.IGNORECASE)


@dataclass
class _Entry:
    kind: str
    number: int | None = None
    whole: bool = False
    labelled: bool = False
    rows: list[str] = field(default_factory=list)
    line: int = 0

    @property
    def doubtful(self) -> bool:
        """A lone line without label, number, year or identifier."""
        lone = not (self.labelled or self.whole or self.number is not None or len(self.rows) > 1)
        return lone and not references.names_a_source(" ".join(self.rows))


def kind_of_label(text: str) -> str | None:
    """The kind a label line gives to what follows; None when the line is no label."""
    match = _LABEL.match(text) if len(text) < 60 else None
    if match is None:
        return None
    label = match["label"].lower()
    if "guideline" in label:
        return "guideline"
    return "other" if _OTHER.match(label) else "research"


def read(lines: Sequence[Line]) -> tuple[tuple[ManuscriptReference, ...], tuple[SourceLine, ...]]:
    """Every entry in order, and the lines that belong to none. Raises IntakeError over the limit."""
    entries: list[_Entry] = []
    unplaced: list[SourceLine] = []
    label: Line | None = None
    kind = ""
    for line in lines:
        named = kind_of_label(line.text)
        if named is None:
            _take(entries, line, kind, fresh=label is not None)
            label = None
        else:
            unplaced += _bare(label)
            kind, label = named, line
        if len(entries) > references.MAX_REFERENCES:
            raise IntakeError(
                f"The reference list has more than {references.MAX_REFERENCES} entries; split the article", line.number
            )
    unplaced += _bare(label)
    doubtful = [entry for entry in entries if entry.doubtful] if any(not entry.doubtful for entry in entries) else []
    unplaced += [SourceLine(entry.line, " ".join(entry.rows), "Not a reference") for entry in doubtful]
    entries = [entry for entry in entries if entry not in doubtful]
    explicit = [entry.number for entry in entries]
    keep = None not in explicit and len(set(explicit)) == len(explicit)
    built = [_built(entry, entry.number if keep and entry.number else place) for place, entry in enumerate(entries, 1)]
    return tuple(built), tuple(unplaced)


def _bare(label: Line | None) -> list[SourceLine]:
    why = "A reference label with no reference under it"
    return [] if label is None else [SourceLine(label.number, label.source, why)]


def _take(entries: list[_Entry], line: Line, kind: str, *, fresh: bool) -> None:
    text = line.text
    numbered = _NUMBERED.match(text)
    if numbered and not re.match(r"(?:18|19|20)\d\d\b", text):
        number = int(numbered[1] or numbered[2])
        rest = (numbered["rest"] or "").strip()
        entries.append(_Entry(kind, number or None, whole=bool(rest), labelled=fresh, line=line.number))
        if rest:
            entries[-1].rows.append(rest)
        return
    if line.bullet:
        entries.append(_Entry(kind, whole=True, labelled=fresh, rows=[line.content], line=line.number))
        return
    if fresh or not entries or not _continues(entries[-1], line):
        entries.append(_Entry(kind, whole=references.looks_whole(text), labelled=fresh, rows=[text], line=line.number))
        return
    entries[-1].rows.append(text)


def _continues(entry: _Entry, line: Line) -> bool:
    """Whether a line belongs to the entry above: its source, its identifiers, or a wrapped rest."""
    if not entry.rows:
        return True
    rest, ids = references.take_identifiers(line.text) if len(line.text) <= references.MAX_ENTRY else (line.text, {})
    if ids and len(rest) < 30:
        return len(entry.rows) < 12
    if entry.whole:
        return not line.after_blank and len(entry.rows) < 12
    has_source = any(references.source_and_year(row)[1] for row in entry.rows[1:])
    if has_source:
        return False
    return len(entry.rows) < 2 or (len(entry.rows) < 4 and references.source_and_year(line.text)[1] is not None)


def _built(entry: _Entry, number: int) -> ManuscriptReference:
    written = " ".join(entry.rows)
    if (
        len(written) > references.MAX_ENTRY
        or (entry.whole and len(entry.rows) == 1)
        or (entry.whole and not _stacked(entry))
    ):
        return references.from_string(written, number, entry.kind)
    rows, identifiers = [], {}
    for row in entry.rows:
        rest, found = references.take_identifiers(row)
        identifiers.update(found)
        if rest.strip(" .,;:"):
            rows.append(rest)
    title, source, year, extra = rows[0] if rows else written, "", None, {}
    for row in rows[1:]:
        if references.looks_like_authors(row) and "author" not in extra and not references.source_and_year(row)[1]:
            extra["author"] = references.authors(row)
        elif not source:
            source, year = references.source_and_year(row)
        elif year is None and references.source_and_year(row)[1]:
            title, (source, year) = f"{title} {source}", references.source_and_year(row)
    return references.build(
        number,
        kind=entry.kind,
        title=title,
        source=source,
        year=year,
        identifiers=identifiers,
        extra=extra,
        written=written,
    )


def _stacked(entry: _Entry) -> bool:
    """A number, then title, source and identifiers on lines of their own."""
    return (
        len(entry.rows) > 1
        and not references.looks_whole(entry.rows[0])
        and references.source_and_year(entry.rows[1])[1] is not None
    )
