"""Who may sit on a panel, and why somebody may not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Candidate:
    """A member as the rules see them. ``credentials`` are the specialties of those valid that day."""

    user: int
    serves: bool
    credentials: frozenset[str]
    unverified: bool = False
    interests: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    recused_before: bool = False
    load: int = 0
    load_limit: int = 3
    absences: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Subject:
    """What of an article bears on a conflict. Names are case-folded."""

    contributors: frozenset[int]
    names: frozenset[str] = frozenset()
    deciders: frozenset[int] = frozenset()
    """Who decides on it as an editor: handles it, opened its round, gave out its seats."""


def reasons_against(candidate: Candidate, subject: Subject, *, due: date) -> tuple[str, ...]:
    """Every reason why ``candidate`` may not review ``subject`` by ``due``; empty when eligible."""
    found = list(standing_reasons(candidate, subject))
    if candidate.recused_before:
        found.append("recused from this article before")
    if candidate.load >= candidate.load_limit:
        found.append(f"has {candidate.load} open reviews, the limit is {candidate.load_limit}")
    if any(first <= due <= last for first, last in candidate.absences):
        found.append("absent beyond the due date")
    return tuple(found)


def standing_reasons(candidate: Candidate, subject: Subject) -> tuple[str, ...]:
    """The reasons that count at the instant of signing too: they make a signature worthless."""
    found = []
    if not candidate.serves:
        found.append("not an active board member")
    if not candidate.credentials:
        found.append("no verified credential" if candidate.unverified else "no valid credential: it has expired")
    if candidate.user in subject.contributors:
        found.append("contributed to this text")
    if candidate.user in subject.deciders:
        found.append("decides on this article as its editor")
    if shared := sorted(candidate.interests & subject.names):
        found.append(f"declared an interest in {', '.join(shared)}")
    if candidate.people & subject.contributors:
        found.append("declared an interest in one of its contributors")
    return tuple(found)


def reasons_for(candidate: Candidate, specialty: str, *, asked_days_ago: int | None) -> tuple[str, ...]:
    """What speaks for a member, in words, the weightiest first."""
    found = []
    if specialty in candidate.credentials:
        found.append("in the article's specialty")
    found.append(f"{candidate.load} of {candidate.load_limit} reviews open")
    if asked_days_ago is None:
        found.append("not asked before")
    elif asked_days_ago >= 30:
        found.append(f"last asked {asked_days_ago} days ago")
    return tuple(found)


def rank(candidates: Sequence[tuple[Candidate, int | None]], specialty: str) -> list[int]:
    """Indexes of eligible candidates, the best first: specialty, then light load, then longest not asked."""

    def key(index: int) -> tuple[bool, float, int, int]:
        candidate, asked = candidates[index]
        share = candidate.load / candidate.load_limit if candidate.load_limit else 1.0
        return (
            specialty not in candidate.credentials,
            share,
            -(asked if asked is not None else 10_000),
            candidate.user,
        )

    return sorted(range(len(candidates)), key=key)
