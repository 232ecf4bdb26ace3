"""Which members' signatures stand under a publication, and so where the names on its page lead."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from articles.models import Publication
from editorial.once import once


class Signer(NamedTuple):
    """Whose signature it is, and where the member's page stands."""

    uuid: UUID
    slug: str

    @property
    def url(self) -> str:
        return f"/board/{self.slug}/"


_finders: list[Callable[[Publication], Mapping[int, Signer]]] = []


def add(finder: Callable[[Publication], Mapping[int, Signer]]) -> None:
    """Have pages ask ``finder`` which members' signatures stand under a publication, by the signature's number."""
    if finder not in _finders:
        _finders.append(finder)


@once
def of(publication: Publication) -> dict[int, Signer]:
    """The members whose signatures stand under the publication, by the signature's number."""
    return {pk: signer for finder in _finders for pk, signer in finder(publication).items()}


def led(
    people: Sequence[Mapping[str, str]], signatures: Sequence[Mapping[str, Any]], signers: Mapping[int, Signer]
) -> list[dict[str, str]]:
    """Each reviewer with where their name leads: nowhere for who was erased, nor where two share name and letters."""
    found: dict[tuple[str, str], set[str]] = {}
    for signature in signatures:
        if signature["id"] in signers:
            shown = (signature["name"], signature["credentials"])
            found.setdefault(shown, set()).add(signers[signature["id"]].url)
    urls = {shown: addresses.pop() for shown, addresses in found.items() if len(addresses) == 1}
    return [{**person, "url": urls.get((person["name"], person["credentials"]), "")} for person in people]
