"""The audit chain in a dossier: the events about the article, and the links between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from editorial.models import AuditEvent, AuditHead

SMALL = 200_000
"""Up to so many events the whole chain's links are exported; of a longer one those from the first event concerned."""


@dataclass
class Links:
    """The links to export, and where they ended once they were."""

    first: int
    last: int
    hash: str = AuditEvent.GENESIS

    @property
    def complete(self) -> bool:
        return self.first <= 1


def links(numbers: list[int], *, whole: bool) -> Links:
    """Which links a dossier needs whose events have these numbers."""
    head = AuditHead.objects.get(pk=1)
    if whole or head.sequence <= SMALL or not numbers:
        return Links(first=1, last=head.sequence, hash=head.hash)
    last = AuditEvent.objects.get(sequence=numbers[-1])
    return Links(first=numbers[0], last=last.sequence, hash=last.hash)


def lines(span: Links) -> Iterator[str]:
    """Number, previous hash and hash of each event, and not a word of what it says."""
    rows = AuditEvent.objects.filter(sequence__gte=span.first, sequence__lte=span.last).order_by("sequence")
    for row in rows.values_list("sequence", "previous_hash", "hash").iterator(chunk_size=5000):
        yield "\t".join(map(str, row)) + "\n"
