"""Whose signatures stand under a publication, for the pages of the board's members."""

from collections.abc import Collection

from articles.models import Publication
from articles.signers import Signer
from reviews.models import Signature


def of(publication: Publication) -> dict[int, Signer]:
    """The members who signed a verdict that wasn't withdrawn, by the signature's number. An erased person is nobody."""
    shown = [signature["id"] for signature in publication.evidence["signatures"] if signature["verdict"]]
    rows = Signature.objects.filter(
        pk__in=shown, voided=None, signer__erased_at=None, signer__board_member__isnull=False
    )
    found = rows.values_list("pk", "signer__uuid", "signer__board_member__slug")
    return {pk: Signer(uuid, slug) for pk, uuid, slug in found}


def signed(users: Collection[int]) -> set[int]:
    """Which of these accounts ever signed a review."""
    rows = Signature.objects.filter(signer__in=users).exclude(review=None)
    return set(rows.values_list("signer", flat=True).distinct())
