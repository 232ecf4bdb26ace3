"""Finding board members on a form: the best ranked first, others by a search."""

from collections.abc import Iterable
from typing import Any

from reviews.matching import Match


def searched(query: Any) -> str:
    return " ".join(str(query or "").split())[:100]


def hits(found: Iterable[Match], query: str, *, most: int) -> list[Match]:
    """The first ``most`` whose name, affiliation or specialty holds every word of the query."""
    wanted = query.casefold().split()
    kept = (match for match in found if all(word in _text(match) for word in wanted))
    return [match for match, _number in zip(kept, range(most), strict=False)]


def described(match: Match) -> str:
    """What stands under a name: where, in which field, and what speaks for them."""
    parts = (match.member.affiliation, *sorted(match.candidate.credentials), *match.reasons_for)
    return " · ".join(part for part in parts if part)


def _text(match: Match) -> str:
    member = match.member
    return f"{member} {member.user.username} {member.affiliation} {' '.join(match.candidate.credentials)}".casefold()
