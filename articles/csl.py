"""References as CSL-JSON items and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from articles.models import Reference

_PLAIN = {
    "type": "csl_type",
    "title": "title",
    "container-title": "container_title",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "DOI": "doi",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "ISBN": "isbn",
    "URL": "url",
}
"""CSL properties that are a column each."""


def csl_of(reference: Reference) -> dict[str, Any]:
    """The reference as a CSL-JSON item without its id; empty properties are left out."""
    item: dict[str, Any] = {**reference.extra, **{name: getattr(reference, f) for name, f in _PLAIN.items()}}
    item["author"] = [_name(line) for line in reference.authors.splitlines() if line.strip()]
    if reference.year and _parts(item.get("issued"))[:1] != [reference.year]:
        item["issued"] = {"date-parts": [[reference.year]]}
    if reference.accessed_on:
        day = reference.accessed_on
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    return {key: value for key, value in item.items() if value not in ("", [], None)}


def fields_of(item: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The columns of a Reference that says what ``item`` says; properties without a column go to ``extra``."""
    fields: dict[str, Any] = {f: _text(item.get(name)) for name, f in _PLAIN.items()}
    fields["csl_type"] = fields["csl_type"] or "article-journal"
    fields["kind"] = kind
    fields["authors"] = "\n".join(_line(author) for author in item.get("author", []))
    issued = _parts(item.get("issued"))
    fields["year"] = issued[0] if issued else None
    accessed = _parts(item.get("accessed"))
    fields["accessed_on"] = _day(accessed)
    known = {*_PLAIN, "id", "author", "accessed", "kind"}
    fields["extra"] = {
        key: value for key, value in item.items() if key not in known and not (key == "issued" and len(issued) == 1)
    }
    return fields


def _name(line: str) -> dict[str, str]:
    family, _, given = (part.strip() for part in line.partition(","))
    return {"family": family, "given": given} if family and given else {"literal": family or given}


def _line(author: Any) -> str:
    if not isinstance(author, Mapping):
        return _text(author)
    if author.get("literal"):
        return _text(author["literal"]).replace(",", " ")
    return ", ".join(part for part in (_text(author.get("family")), _text(author.get("given"))) if part)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _parts(value: Any) -> list[int]:
    try:
        return [int(part) for part in value["date-parts"][0]]
    except (KeyError, IndexError, TypeError, ValueError):
        return []


def _day(parts: list[int]) -> date | None:
    try:
        return date(*parts) if len(parts) == 3 else None
    except ValueError:
        return None
