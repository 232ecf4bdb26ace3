"""Whose signatures stand under a publication, for the pages of the board's members."""

from collections.abc import Collection, Sequence

from articles.models import Publication
from articles.signers import Signer
from editorial.once import once
from reviews.models import Signature


@once
def of(publication: Publication) -> dict[int, Signer]:
    """The members who signed a verdict that wasn't withdrawn, by the signature's number. An erased person is nobody."""
    return of_each([publication])[0]


def of_each(publications: Sequence[Publication]) -> list[dict[int, Signer]]:
    """The same for several, in one query."""
    shown = [[s["id"] for s in each.evidence["signatures"] if s["verdict"]] for each in publications]
    rows = Signature.objects.filter(
        pk__in={pk for pks in shown for pk in pks},
        voided=None,
        signer__erased_at=None,
        signer__board_member__isnull=False,
    )
    found = rows.values_list("pk", "signer__uuid", "signer__board_member__slug")
    by_pk = {pk: Signer(uuid, slug) for pk, uuid, slug in found}
    return [{pk: by_pk[pk] for pk in pks if pk in by_pk} for pks in shown]


def signed(users: Collection[int]) -> set[int]:
    """Which of these accounts ever signed a review."""
    rows = Signature.objects.filter(signer__in=users).exclude(review=None)
    return set(rows.values_list("signer", flat=True).distinct())
