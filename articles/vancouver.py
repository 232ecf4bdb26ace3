"""References in Vancouver style (NLM, Citing Medicine) from CSL-JSON items. Pure.

CSL comes from people and files: a field of the wrong type counts as missing, nothing here raises.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from articles.identifiers import IdentifierError, normal_doi, normal_pmcid, normal_pmid, normal_url

AUTHORS_SHOWN = 6
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BOOKS = ("book", "report", "thesis", "chapter")
_ONLINE = ("webpage", "post", "post-weblog", "website", "dataset")

MOST_INITIALS = 4
"""A given name in capitals up to this length stands for initials already: JJV."""


def text(csl: Mapping[str, Any]) -> str:
    """One line of plain text; authors up to six, then “et al.”. Identifiers are in ``links``."""
    online = field(csl, "type") in _ONLINE
    title = field(csl, "title") + (" [Internet]" if online and field(csl, "title") else "")
    parts = [authors(csl), title, _edition(csl), _place(csl)]
    return " ".join(_closed(part) for part in parts if part)


def links(csl: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Labels and encoded addresses for DOI, PubMed, PubMed Central and web page; malformed ones left out."""
    found = [
        ("DOI", _address(csl, "DOI", normal_doi, "https://doi.org/")),
        ("PubMed", _address(csl, "PMID", normal_pmid, "https://pubmed.ncbi.nlm.nih.gov/", "/")),
        (
            "PubMed Central",
            _address(csl, "PMCID", normal_pmcid, "https://pmc.ncbi.nlm.nih.gov/articles/", "/"),
        ),
        ("Web page", _web_address(csl)),
    ]
    result: list[tuple[str, str]] = []
    for label, address in found:
        if address and _plain(address) not in [_plain(known) for _, known in result]:
            result.append((label, address))
    return result


def authors(csl: Mapping[str, Any]) -> str:
    """Family names with initials, six at most; a group's name as it stands."""
    given = csl.get("author")
    names = [name for name in map(_name, given if isinstance(given, (list, tuple)) else ()) if name]
    shown = names[:AUTHORS_SHOWN] + (["et al"] if len(names) > AUTHORS_SHOWN else [])
    return ", ".join(shown)


def year(csl: Mapping[str, Any], name: str = "issued") -> int | None:
    """The year of a CSL date, None where it has none."""
    parts = _date_parts(csl, name)
    return parts[0] if parts else None


def earliest_day(csl: Mapping[str, Any], name: str) -> date | None:
    """The first day that a CSL date may mean; None where it is missing or no date of the calendar."""
    parts = [*_date_parts(csl, name), 1, 1]
    try:
        return date(*parts[:3]) if len(parts) > 2 else None
    except (ValueError, OverflowError):
        return None


def field(csl: Mapping[str, Any], name: str) -> str:
    """A field as text on one line; a number as its digits, anything else as nothing."""
    value = csl.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return " ".join(str(value).split())


def _name(author: Any) -> str:
    if not isinstance(author, Mapping):
        return ""
    family = " ".join(filter(None, (field(author, "non-dropping-particle"), field(author, "family"))))
    if not family:
        return field(author, "literal")
    words = re.findall(r"[^\W\d_]+", field(author, "given"))
    initials = "".join(word if word.isupper() and len(word) <= MOST_INITIALS else word[0].upper() for word in words)
    return " ".join(filter(None, (family, initials, field(author, "suffix"))))


def _edition(csl: Mapping[str, Any]) -> str:
    edition = field(csl, "edition")
    return f"{edition} ed" if edition.isdigit() else edition


def _place(csl: Mapping[str, Any]) -> str:
    container, publisher = field(csl, "container-title"), field(csl, "publisher")
    kind = field(csl, "type")
    when = _when(csl, month=kind not in (*_BOOKS, "article-journal"))
    if kind in _BOOKS or kind in _ONLINE or not container:
        where = f"In: {container}. {publisher}" if container and kind == "chapter" else publisher or container
        return "; ".join(filter(None, (where.strip(" ."), when + _cited(csl)))) + _pages(csl)
    numbers = (when + _issue(csl) + _pages(csl)).lstrip(";:")
    return " ".join(filter(None, (_closed(container), numbers)))


def _issue(csl: Mapping[str, Any]) -> str:
    volume, issue = field(csl, "volume"), field(csl, "issue")
    numbered = volume + (f"({issue})" if issue else "")
    return f";{numbered}" if numbered else ""


def _pages(csl: Mapping[str, Any]) -> str:
    pages = re.sub(r"(?<=\w)\s*(?:--?|–)\s*(?=\w)", "–", field(csl, "page") or field(csl, "number"))
    return f":{pages}" if pages else ""


def _when(csl: Mapping[str, Any], *, month: bool) -> str:
    return _shown(_date_parts(csl, "issued")[: None if month else 1])


def _cited(csl: Mapping[str, Any]) -> str:
    accessed = _shown(_date_parts(csl, "accessed"))
    return f" [cited {accessed}]" if accessed else ""


def _shown(parts: list[int]) -> str:
    if len(parts) > 1 and 1 <= parts[1] <= len(_MONTHS):
        return " ".join([str(parts[0]), _MONTHS[parts[1] - 1], *map(str, parts[2:3])])
    return str(parts[0]) if parts else ""


def _date_parts(csl: Mapping[str, Any], name: str) -> list[int]:
    value = csl.get(name)
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    first = parts[0] if isinstance(parts, (list, tuple)) and parts else None
    numbers: list[int] = []
    for part in first if isinstance(first, (list, tuple)) else ():
        digits = str(part).strip()
        if not re.fullmatch(r"[0-9]{1,6}", digits):
            break
        numbers.append(int(digits))
    return numbers


def _closed(part: str) -> str:
    return part if part.endswith((".", "?", "!")) else f"{part}."


def _address(csl: Mapping[str, Any], name: str, normal: Callable[[str], str], before: str, after: str = "") -> str:
    try:
        return f"{before}{quote(normal(field(csl, name)), safe='/()')}{after}" if field(csl, name) else ""
    except IdentifierError:
        return ""


def _plain(address: str) -> str:
    return unquote(address).rstrip("/").casefold()


def _web_address(csl: Mapping[str, Any]) -> str:
    try:
        return quote(normal_url(field(csl, "URL")), safe="%/:?#[]@!$&'()*+,;=~") if field(csl, "URL") else ""
    except IdentifierError:
        return ""
