"""Identifiers of references in one normal form: DOI, PMID, PMCID, ISBN and web addresses. Pure.

Each function takes what people paste, with its prefix or as a link, and raises IdentifierError in words.
"""

import re
from urllib.parse import unquote, urlsplit

from stdnum import isbn
from stdnum.exceptions import ValidationError


class IdentifierError(ValueError):
    """The text isn't the identifier it should be; the message says what one looks like."""


_LONGEST = 2000
_DOI_URL = re.compile(r"^(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"^(?:urn:|info:)?doi\s*[:/]?\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f]+")
_PMID_PREFIX = re.compile(
    r"^(?:pmid\s*:?\s*|(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed/))",
    re.IGNORECASE,
)
_PMCID_PREFIX = re.compile(
    r"^(?:pmcid\s*:?\s*|(?:https?://)?(?:pmc|www)\.ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/)", re.IGNORECASE
)
_ISBN_PREFIX = re.compile(r"^isbn(?:-1[03])?\s*:?\s*", re.IGNORECASE)
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def normal_doi(text: str) -> str:
    """The DOI in lower case without prefix or link; parentheses and ``<>;`` belong to it.

    DOIs ignore the case of ASCII letters alone (DOI Handbook 2.4). A full stop or comma at the end is taken
    for the sentence's.
    """
    given = _trimmed(text)
    if _DOI_URL.match(given):
        body = unquote(re.split(r"[?#]", _DOI_URL.sub("", given), maxsplit=1)[0])
    else:
        body = _DOI_PREFIX.sub("", given)
    body = body.rstrip(".,")
    if not _DOI.fullmatch(body):
        raise IdentifierError(f"“{_shown(text)}” isn't a DOI; one looks like 10.1056/NEJMoa1511939")
    return body.translate(_LOWER)


def normal_pmid(text: str) -> str:
    """The PubMed number, up to 8 digits without leading zeros."""
    body = _PMID_PREFIX.sub("", _trimmed(text)).rstrip("/").lstrip("0")
    if not re.fullmatch(r"[0-9]{1,8}", body):
        raise IdentifierError(f"“{_shown(text)}” isn't a PMID; one is a number of up to 8 digits, such as 26551272")
    return body


def normal_pmcid(text: str) -> str:
    """The PubMed Central number as ``PMC`` and digits."""
    body = _PMCID_PREFIX.sub("", _trimmed(text)).rstrip("/").upper()
    if not re.fullmatch(r"PMC[1-9][0-9]{0,9}", body):
        raise IdentifierError(f"“{_shown(text)}” isn't a PMCID; one is PMC and digits, such as PMC4689591")
    return body


def normal_isbn(text: str) -> str:
    """The ISBN as 13 digits, its check digit verified."""
    try:
        return str(isbn.validate(_ISBN_PREFIX.sub("", _trimmed(text)), convert=True))
    except ValidationError:
        raise IdentifierError(
            f"“{_shown(text)}” isn't an ISBN; check its 10 or 13 digits, the last one is a check digit"
        ) from None


def normal_url(text: str) -> str:
    """An http or https address with scheme and host in lower case, otherwise as given."""
    given = text.strip()
    try:
        parts = urlsplit(given)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    wrong = parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc
    if wrong or len(given) > _LONGEST or re.search(r"[\s\x00-\x1f\x7f<>\"]", given):
        raise IdentifierError(f"“{_shown(text)}” isn't a web address; one starts with https:// and has no spaces")
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _trimmed(text: str) -> str:
    """Without space around it, and without brackets that enclose all of it."""
    given = text.strip() if len(text) <= _LONGEST else ""
    for opening, closing in (("<", ">"), ("(", ")"), ("[", "]")):
        if given.startswith(opening):
            given = given[1:].removesuffix(closing).strip()
    return given


def _shown(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 80 else f"{short[:79]}…"
