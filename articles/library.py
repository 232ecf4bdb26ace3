"""Finding a reference in the library by words, or by a DOI or PMID as people paste it; never on another site."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from articles import identifiers, keys
from articles.models import Reference
from editorial.text import clean

MOST = 8
LONGEST = 300
"""Characters of a search; a pasted address is shorter."""
_FIELDS = ("title", "authors", "container_title", "doi", "pmid")


@dataclass(frozen=True)
class Found:
    """``identifier`` names the field that the search was an identifier of, ``value`` its normal form."""

    references: list[Reference]
    more: bool = False
    identifier: str = ""
    value: str = ""

    @property
    def identifier_label(self) -> str:
        return self.identifier.upper()


def find(query: str) -> Found:
    """Up to ``MOST`` references. Raises ValidationError for text that no database could look for."""
    query = clean(query.strip(), limit=4 * LONGEST)[:LONGEST]
    if not query:
        return Found([])
    identifier, value = identified(query)
    if identifier:
        return Found(list(Reference.objects.filter(**{identifier: value})[:MOST]), identifier=identifier, value=value)
    rows = Reference.objects.all()
    for word in query.split()[:8]:
        rows = rows.filter(_anywhere(word))
    found = list(rows[: MOST + 1])
    return Found(found[:MOST], more=len(found) > MOST)


def identified(query: str) -> tuple[str, str]:
    """The field and the normal form of a DOI or PMID; two empty texts for words. A year is a word."""
    for field, normal in (("doi", identifiers.normal_doi), ("pmid", identifiers.normal_pmid)):
        if field == "pmid" and query.isdecimal() and len(query) < 5:
            continue
        try:
            return field, normal(query)
        except identifiers.IdentifierError:
            continue  # words may be meant
    return "", ""


def key_for(reference: Reference, taken: Iterable[str]) -> str:
    return keys.propose(authors=reference.authors, title=reference.title, year=reference.year, taken=frozenset(taken))


def _anywhere(word: str) -> Q:
    """The word in any of the fields; a year only where it is the reference's own."""
    found = Q()
    for field in _FIELDS:
        found |= Q(**{f"{field}__icontains": word})
    if word.isascii() and word.isdecimal() and len(word) == 4:
        found |= Q(year=int(word))
    return found
