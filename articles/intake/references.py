"""One reference out of a line or two of text: title, source, year, identifiers, CSL-JSON. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from articles.intake.manuscript import ManuscriptReference

MAX_ENTRY = 4000
MAX_REFERENCES = 999

_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:?\s*(?:https?://(?:dx\.)?doi\.org/)?)?\b(10\.\d{4,9}/[^\s\"”]+)",
    re.I,
)
_PUBMED = re.compile(
    r"(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})/?", re.I
)
_PMID = re.compile(r"\b(?:PMID|PubMed(?:\s+ID)?)\s?[:#]?\s?(\d{1,8})\b", re.I)
_PMCID = re.compile(r"\b(?:PMCID\s?:?\s?)?(PMC\d{1,9})\b", re.I)
_ISBN = re.compile(r"\bISBN(?:-1[03])?\s?:?\s?([\d-]{9,17}[\dXx])\b")
_URL = re.compile(r"https?://[^\s<>\"”]+", re.I)
_YEAR = re.compile(r"(?<![\d./-])((?:18|19|20)\d\d)(?![\d/])")
_YEAR_AT_END = re.compile(r"(?:^|[\s,;(])(?P<year>(?:18|19|20)\d\d)\)?\.?$")
_PLACE = re.compile(
    r"^[\s;,.:]*(?:[A-Z][a-z]{2}(?:\s\d{1,2})?\s?;)?\s?(?P<volume>[A-Za-z]?\d{1,5})?\s?"
    r"(?:\((?P<issue>[\w .-]{1,20})\))?"
    r"(?:\s?[:,]\s?(?P<page>[A-Za-z]{0,3}\d+(?:\s?[-–]\s?[A-Za-z]{0,2}\d+)?))?"
)
_AUTHORS = re.compile(
    r"^(?:[\w'’-]+(?:\s[\w'’-]+){0,3},?\s(?:[A-Z]\.?-?){1,3}(?:,|;|\.|$|\s(?:and|&)\s)|.{0,300}\bet al\b"
    r"|.{0,120}\b(?:Group|Investigators|"
    r"Collaborat\w+|Committee|Consortium|Task Force|Society|Association|Organi[sz]ation|College|Network"
    r"|Institute)\.?$)"
)
_LIST_NAME = re.compile(r"^(?P<family>[\w'’ -]{2,40}?),?\s(?P<given>(?:[A-Z]\.?[ -]?){1,4})$")
_GUIDELINE = re.compile(
    r"\b(?:guidelines?|consensus statement|position statement|practice parameters?|recommendation statement|"
    r"society recommendations|clinical standards?)\b",
    re.IGNORECASE,
)
_APA = re.compile(r"(?P<authors>[^()]{2,400})\s\((?P<year>(?:18|19|20)\d\d)[^()]{0,20}\)[.,]?\s(?P<rest>.+)")
_WORDS = re.compile(r"\w+")


def kind_of(title: str, source: str, identifiers: Mapping[str, str]) -> str:
    """``guideline``, ``research`` or ``other``, guessed for a reference that carries no label."""
    if _GUIDELINE.search(title):
        return "guideline"
    return "research" if identifiers.keys() & {"DOI", "PMID", "PMCID"} or source else "other"


def take_identifiers(text: str) -> tuple[str, dict[str, str]]:
    """The text without its identifiers, and the identifiers by their CSL name."""
    found: dict[str, str] = {}

    def taking(name: str, pattern: re.Pattern[str], text: str) -> str:
        match = pattern.search(text)
        if match is None:
            return text
        group = match.lastindex or 0
        value = _trimmed(match.group(group))
        found[name] = value.upper() if name == "PMCID" else value
        end = match.start(group) + len(value) if group == match.lastindex and name in ("DOI",) else match.end()
        if name == "URL":
            end = match.start() + len(value)
        return text[: match.start()] + " " + text[end:]

    for name, pattern in (
        ("PMID", _PUBMED),
        ("DOI", _DOI),
        ("PMID", _PMID),
        ("PMCID", _PMCID),
        ("ISBN", _ISBN),
        ("URL", _URL),
    ):
        if name not in found:
            text = taking(name, pattern, text)
    return " ".join(text.split()), found


def source_and_year(line: str) -> tuple[str, int | None]:
    """``HSS journal, 2024`` as its two parts; the year is None when the line doesn't end in one."""
    line = line.strip()
    start = max(0, len(line) - 8)
    match = _YEAR_AT_END.search(line[start:])
    if match is None:
        return line, None
    return line[: start + match.start()].rstrip(" ,;("), int(match["year"])


def build(
    number: int,
    *,
    kind: str,
    title: str,
    source: str = "",
    year: int | None = None,
    identifiers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
    written: str = "",
) -> ManuscriptReference:
    """A reference with key ``refN``. What ``written`` says beyond the fields is kept in the CSL ``note``."""
    ids = dict(identifiers or {})
    title = _unstopped(title)
    kind = kind or kind_of(title, source, ids)
    key = f"ref{number}"
    csl_type = "webpage" if kind == "other" and "URL" in ids else _TYPES[kind]
    csl: dict[str, Any] = {"id": key, "type": csl_type, "title": title, **(extra or {})}
    if source:
        csl["container-title" if kind == "research" else "publisher"] = source
    if year is not None:
        csl["issued"] = {"date-parts": [[year]]}
    csl.update(ids)
    if _left_over(written, csl):
        csl["note"] = written
    return ManuscriptReference(key, number, kind, title, source, year, ids, csl)


def from_string(text: str, number: int, kind: str = "") -> ManuscriptReference:
    """A whole entry in one string, as in ``Smith J, Roe P. Title. J Med 2020;1(2):3-9. doi:10.1/x``."""
    written = " ".join(text.split())
    rest, ids = take_identifiers(written) if len(written) <= MAX_ENTRY else (written, {})
    parts: dict[str, Any] = _parts(rest) if len(written) <= MAX_ENTRY else {"title": rest}
    extra = {name: parts[name] for name in ("author", "volume", "issue", "page") if parts.get(name)}
    return build(
        number,
        kind=kind,
        title=parts.get("title") or written,
        source=parts.get("source", ""),
        year=parts.get("year"),
        identifiers=ids,
        extra=extra,
        written=written,
    )


def names_a_source(line: str) -> bool:
    """Whether a line holds a year or an identifier."""
    return _YEAR.search(line) is not None or bool(take_identifiers(line[:MAX_ENTRY])[1])


def looks_whole(line: str) -> bool:
    """Whether one line holds an entire entry rather than a title."""
    if _DOI.search(line) or _PMID.search(line):
        return len(line) > 60 and line.count(". ") >= 1
    year = _YEAR.search(line)
    return year is not None and (line.count(". ") >= 2 or re.match(r"\s?[;:]\s?\d", line[year.end() :]) is not None)


def looks_like_authors(line: str) -> bool:
    """Whether a line is a list of names rather than a title or a source."""
    return len(line) <= MAX_ENTRY and _AUTHORS.match(line) is not None


def authors(text: str) -> list[dict[str, str]]:
    """Names as CSL: ``Smith J, Roe P`` as family and given, anything else as one literal."""
    names: list[dict[str, str]] = []
    text = text.strip().removesuffix(".")
    parts = [part.strip() for part in re.split(r"[,;]", text)]
    for part in parts:
        match = _LIST_NAME.match(part) if len(part) <= 60 else None
        if match is None:
            return [{"literal": text}] if text else []
        names.append({"family": match["family"].strip(), "given": match["given"].strip()})
    return names


_TYPES = {"research": "article-journal", "guideline": "report", "other": "document"}


def _year_first(text: str) -> dict[str, Any] | None:
    """``Smith, J. (2021). Title. Journal, 12(3), 1-2.``"""
    match = _APA.match(text)
    if match is None:
        return None
    title, _, rest = match["rest"].partition(". ")
    source = re.split(r",\s?\d", rest, maxsplit=1)[0].strip(" .,;")
    people = [{"literal": match["authors"].strip()}]
    return {"author": people, "year": int(match["year"]), "title": title, "source": source}


def _parts(text: str) -> dict[str, Any]:
    if found := _year_first(text):
        return found
    segments = [part for part in re.split(r"(?<=[.?!])\s+", text) if part.strip(" .,;")]
    at = next((index for index, part in enumerate(segments) if index and _YEAR.search(part)), None)
    parts: dict[str, Any] = {}
    if at is None:
        ended = source_and_year(text)
        if len(segments) == 1 and ended[1]:
            return {"title": ended[0], "year": ended[1]}
        head, source = segments[:1] if len(segments) == 1 else segments[:2], segments[2:3]
        return _titled(head, " ".join(source))
    year = _YEAR.search(segments[at])
    if year is None:
        return {"title": text}
    before = segments[at][: year.start()].strip(" ,;(")
    if before or at == 1:
        head, source_text = segments[:at], before
    else:
        head, source_text = segments[: at - 1], segments[at - 1]
    parts = _titled(head, source_text)
    parts["year"] = int(year.group(1))
    place = _PLACE.match(" ".join([segments[at][year.end() :], *segments[at + 1 :]]))
    if place:
        parts.update({name: value for name, value in place.groupdict().items() if value})
    return parts


def _titled(head: list[str], source: str) -> dict[str, Any]:
    parts: dict[str, Any] = {"source": source.strip(" .,;")}
    if len(head) > 1 and looks_like_authors(head[0]):
        parts["author"] = authors(head[0])
        head = head[1:]
    parts["title"] = " ".join(head)
    return parts


def _left_over(written: str, csl: Mapping[str, Any]) -> bool:
    known = set(_WORDS.findall(str(csl).lower()))
    labels = {
        "doi",
        "pmid",
        "pmcid",
        "isbn",
        "pubmed",
        "https",
        "http",
        "org",
        "dx",
        "www",
        "id",
        "and",
        "et",
        "al",
    }
    return any(word not in known and word not in labels for word in _WORDS.findall(written.lower()))


def _trimmed(value: str) -> str:
    value = value.rstrip(".,;:")
    while value and value[-1] in ")]" and value.count(value[-1]) > value.count("(" if value[-1] == ")" else "["):
        value = value[:-1].rstrip(".,;:")
    return value


def _unstopped(title: str) -> str:
    shown = " ".join(title.split())
    return shown[:-1] if shown.endswith(".") and not shown.endswith("..") else shown
