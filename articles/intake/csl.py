"""References of the front matter: CSL-JSON mappings, or entries written out as strings. Pure.

A mapping takes the variables of CSL-JSON 1.0 plus ``kind`` (guideline, research, other); ``year``,
``doi``, ``pmid``, ``url``, ``journal`` and ``authors`` are understood too. Its ``id`` is the key
that ``[@key]`` cites.
"""

import re
from typing import Any

from articles.intake import references
from articles.intake.front_matter import Node
from articles.intake.manuscript import IntakeError, ManuscriptReference, SourceLine
from articles.intake.vocabulary import words

KINDS = ("guideline", "research", "other")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s?)", re.IGNORECASE)
_HTTP = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_ALIASES = {
    "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "issn": "ISSN", "url": "URL",
    "journal": "container-title", "year": "issued", "authors": "author", "pages": "page",
}  # fmt: skip
_IDENTIFIERS = ("DOI", "PMID", "PMCID", "ISBN", "URL")
_DATES = words(
    """
    accessed available-date event-date issued original-date submitted
    """
)
_NAMES = words(
    """
    author chair collection-editor compiler composer container-author contributor curator director
    editor editorial-director executive-producer guest host illustrator interviewer narrator
    organizer original-author performer producer recipient reviewed-author script-writer
    series-creator translator
    """
)
_STRINGS = words(
    """
    abstract annote archive archive_collection archive_location archive-place authority call-number
    chapter-number citation-key citation-label collection-number collection-title container-title
    container-title-short dimensions division DOI edition event event-title event-place
    first-reference-note-number genre ISBN ISSN issue journalAbbreviation jurisdiction keyword
    language locator medium note number number-of-pages number-of-volumes original-publisher
    original-publisher-place original-title page page-first part part-title PMCID PMID printing
    publisher publisher-place references reviewed-genre reviewed-title scale section shortTitle
    source status supplement title title-short type URL version volume volume-title
    volume-title-short year-suffix
    """
)
_TYPES = words(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
    """
)
_NAME_PARTS = words(
    """
    family given literal suffix dropping-particle non-dropping-particle
    """
)


def read(node: Node) -> tuple[tuple[ManuscriptReference, ...], tuple[SourceLine, ...]]:
    """The ``references`` field. Raises IntakeError with the line of an entry that can't be read."""
    if node.value is None:
        return (), ()
    if not isinstance(node.value, list):
        raise IntakeError("“references” must be a list: each entry starts with a hyphen", node.line)
    if len(node.value) > references.MAX_REFERENCES:
        raise IntakeError(f"“references” has more than {references.MAX_REFERENCES} entries", node.line)
    built: list[ManuscriptReference] = []
    unplaced: list[SourceLine] = []
    seen: dict[str, int] = {}
    for number, entry in enumerate(node.value, 1):
        reference = _entry(entry, number, unplaced)
        if reference.key in seen:
            raise IntakeError(f"Two references have the id “{reference.key}”; each needs its own", entry.line)
        seen[reference.key] = entry.line
        built.append(reference)
    return tuple(built), tuple(unplaced)


def plain(node: Node) -> Any:
    """A node without its lines; true, false and null become text."""
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return node.value if isinstance(node.value, int) and not isinstance(node.value, bool) else node.text


def _entry(node: Node, number: int, unplaced: list[SourceLine]) -> ManuscriptReference:
    if isinstance(node.value, str) and node.value.strip():
        return references.from_string(re.sub(r"^\[?\d{1,3}[\].)]\s+", "", node.value.strip()), number)
    if not isinstance(node.value, dict):
        raise IntakeError(f"Reference {number} must be a CSL-JSON mapping or a line of text", node.line)
    fields = {_ALIASES.get(name, name): value for name, value in node.value.items()}
    if len(fields) < len(node.value):
        raise IntakeError(f"Reference {number} gives one field under two names; keep one", node.line)
    key = fields["id"].text.strip() if "id" in fields else f"ref{number}"
    if not KEY.fullmatch(key) or len(key) > 100:
        raise IntakeError(
            f"The id “{key[:60]}” can't be cited; use letters, digits, “_”, “.” and “-”",
            fields.get("id", node).line,
        )
    csl: dict[str, Any] = {"id": key, "type": "article-journal"}
    for name, value in fields.items():
        if name not in ("id", "kind"):
            _place(csl, name, value, unplaced)
    if not str(csl.get("title", "")).strip():
        raise IntakeError(f"Reference “{key}” has no title", node.line)
    return _reference(key, number, _kind(fields.get("kind"), csl), csl)


def _place(csl: dict[str, Any], name: str, node: Node, unplaced: list[SourceLine]) -> None:
    if node.value is None:
        return
    if name in _DATES:
        csl[name] = _date(name, node)
    elif name in _NAMES:
        csl[name] = _names(name, node)
    elif name in _STRINGS:
        csl[name] = _string(name, node)
    else:
        unplaced.append(SourceLine(node.line, f"{name}: {_shown(node)}", "Not a field of CSL-JSON"))


def _string(name: str, node: Node) -> str:
    value = node.value[0] if isinstance(node.value, list) and len(node.value) == 1 else node
    if isinstance(value.value, (list, dict)):
        raise IntakeError(f"“{name}” of a reference must be text", node.line)
    text = " ".join(value.text.split())
    if name == "type" and text not in _TYPES:
        raise IntakeError(f"“{text[:60]}” isn't a CSL type; use article-journal, report, book or webpage", node.line)
    if name == "URL" and not _HTTP.fullmatch(text):
        raise IntakeError("The URL of a reference must start with http:// or https://", node.line)
    return _PREFIX.sub("", text) if name == "DOI" else text


def _date(name: str, node: Node) -> dict[str, Any]:
    value = plain(node)
    if isinstance(value, dict) and "date-parts" in value:
        value = value["date-parts"]
        value = value[0] if isinstance(value, list) and value and isinstance(value[0], list) else value
    elif isinstance(value, dict):
        for part in ("raw", "literal"):
            if isinstance(value.get(part), (str, int)):
                return (
                    {"literal": str(value[part])} if not _ISO.fullmatch(str(value[part])) else _parts(str(value[part]))
                )
        value = [value[part] for part in ("year", "month", "day") if part in value]
    if isinstance(value, (int, str)):
        text = str(value).strip()
        return _parts(text) if _ISO.fullmatch(text) else {"literal": text}
    if (
        isinstance(value, list)
        and 1 <= len(value) <= 6
        and all(str(part).isascii() and str(part).isdigit() for part in value)
    ):
        return {"date-parts": [[int(str(part)[:9]) for part in value]]}
    raise IntakeError(
        f"“{name}” of a reference must be a date such as 2015-11-26 or {{date-parts: [[2015, 11, 26]]}}",
        node.line,
    )


def _parts(text: str) -> dict[str, Any]:
    match = _ISO.fullmatch(text)
    return {"date-parts": [[int(part) for part in match.groups() if part]]} if match else {"literal": text}


def _names(name: str, node: Node) -> list[dict[str, str]]:
    if isinstance(node.value, str):
        return references.authors(node.value)
    if not isinstance(node.value, list):
        raise IntakeError(f"“{name}” of a reference must be a list of names", node.line)
    found: list[dict[str, str]] = []
    for item in node.value:
        if isinstance(item.value, dict) and item.value and item.value.keys() <= _NAME_PARTS:
            found.append({part: " ".join(value.text.split()) for part, value in item.value.items()})
        elif isinstance(item.value, str):
            family, comma, given = (part.strip() for part in item.value.partition(","))
            found.append({"family": family, "given": given} if comma and given else {"literal": item.value.strip()})
        else:
            raise IntakeError(f"A name in “{name}” must have family and given, or literal", item.line)
    return found


def _kind(node: Node | None, csl: dict[str, Any]) -> str:
    if node is not None and node.value is not None:
        kind = node.text.strip().lower()
        if kind not in KINDS:
            raise IntakeError(f"“kind” of a reference is guideline, research or other, not “{kind[:60]}”", node.line)
        return kind
    if references.kind_of(csl["title"], "", {}) == "guideline":
        return "guideline"
    return "research" if csl["type"] in ("article-journal", "article", "paper-conference", "review") else "other"


def _reference(key: str, number: int, kind: str, csl: dict[str, Any]) -> ManuscriptReference:
    date = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    source = csl.get("container-title") or csl.get("publisher", "")
    ids = {name: csl[name] for name in _IDENTIFIERS if csl.get(name)}
    return ManuscriptReference(key, number, kind, csl["title"], source, date, ids, csl)


def _shown(node: Node) -> str:
    value = plain(node)
    return " ".join(value.split()) if isinstance(value, str) else str(value)
