"""The audit chain in a dossier: the events about the article, and the links between them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from editorial import anchors
from editorial.anchor_lines import key_id, public_of
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


def links(numbers: list[int], *, whole: bool, upto: int = 0) -> Links:
    """Which links a dossier needs whose events have these numbers, and whose last anchor names event ``upto``."""
    head = AuditHead.objects.get(pk=1)
    if whole or head.sequence <= SMALL or not numbers:
        return Links(first=1, last=head.sequence, hash=head.hash)
    last = AuditEvent.objects.get(sequence=max(numbers[-1], upto))
    return Links(first=numbers[0], last=last.sequence, hash=last.hash)


def lines(span: Links) -> Iterator[str]:
    """Number, previous hash and hash of each event, and not a word of what it says."""
    rows = AuditEvent.objects.filter(sequence__gte=span.first, sequence__lte=span.last).order_by("sequence")
    for row in rows.values_list("sequence", "previous_hash", "hash").iterator(chunk_size=5000):
        yield "\t".join(map(str, row)) + "\n"


@dataclass(frozen=True)
class Anchored:
    """The signed ends of the chain that cover a dossier's events, and the key that signed them. Empty: none here."""

    lines: list[str]
    key: str = ""
    public_key: str = ""
    last: int = 0
    """The event that the last line names."""


def anchored(numbers: list[int]) -> Anchored:
    """Where this process can't read key or file the dossier has no anchors, and says so: the worker's host has them."""
    try:
        lines = anchors.around(numbers) if not anchors.lacking() else []
        public = public_of(anchors.private_key()) if lines else b""
    except (anchors.Unusable, OSError):
        return Anchored([])
    last = json.loads(lines[-1])["sequence"] if lines else 0
    return Anchored(lines, key_id(public), public.hex(), last) if lines else Anchored([])
