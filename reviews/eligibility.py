"""Who may sit on a panel, and why somebody may not. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from editorial.clock import add_months
from reviews.names import names_person, same_name

INTEREST_MONTHS = 36
"""How long an interest counts after it ended: the ICMJE asks for relationships of the past 36 months
(Disclosure Form of the International Committee of Medical Journal Editors, sections 2 to 13, icmje.org)."""


@dataclass(frozen=True)
class Candidate:
    """A member as the rules see them. ``credentials`` are the specialties of those valid that day.

    ``interests`` and ``people`` hold what counts that day; ``absences`` first and last days.
    """

    user: int
    serves: bool
    credentials: frozenset[str]
    unverified: bool = False
    interests: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    name: str = ""
    recused_before: bool = False
    declined_before: bool = False
    load: int = 0
    load_limit: int = 3
    absences: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Subject:
    """What of an article bears on a conflict. ``names`` are of its topics, products and sponsors."""

    contributors: frozenset[int]
    names: frozenset[str] = frozenset()
    deciders: frozenset[int] = frozenset()
    """Who decides on it as an editor: triaged or handles it, or did, opened its round, gave out its seats."""
    byline: tuple[str, ...] = ()
    """Its lines as readers get them: whoever is named there wrote it, whoever's account it was typed with."""


def interest_counts(since: date, until: date | None, *, today: date) -> bool:
    """While it stands, and for ``INTEREST_MONTHS`` after its last day."""
    return since <= today and (until is None or today <= add_months(until, INTEREST_MONTHS))


def reasons_against(candidate: Candidate, subject: Subject, *, due: date, start: date | None = None) -> tuple[str, ...]:
    """Every reason why ``candidate`` may not review ``subject`` by ``due``; empty when eligible.

    ``start``, where given, is the day on which the seat is given out.
    """
    found = list(standing_reasons(candidate, subject))
    if candidate.recused_before:
        found.append("recused from this article before")
    elif candidate.declined_before:
        found.append("declined this article before")
    if candidate.load >= candidate.load_limit:
        found.append(f"has {candidate.load} open reviews, the limit is {candidate.load_limit}")
    if is_away(due, candidate.absences):
        found.append("absent beyond the due date")
    elif start is not None and _never_there(start, due, candidate.absences):
        found.append("absent for the whole time before the due date")
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
    elif any(names_person(line, candidate.name) for line in subject.byline):
        found.append("is named as an author in the byline")
    if candidate.user in subject.deciders:
        found.append("decides on this article as its editor")
    if shared := shared_names(candidate.interests, subject.names):
        found.append(f"declared an interest in {', '.join(shared)}")
    if candidate.people & subject.contributors:
        found.append("declared an interest in one of its contributors")
    return tuple(found)


def shared_names(interests: Iterable[str], names: Iterable[str]) -> list[str]:
    """The ``names`` that one of the ``interests`` means, as they are written there."""
    declared = list(interests)
    return sorted(name for name in names if any(same_name(interest, name) for interest in declared))


def is_away(day: date, absences: Iterable[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in absences)


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
    """Indexes of the candidates, the best first: specialty, then light load, then longest not asked."""

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


def _never_there(start: date, due: date, absences: Sequence[tuple[date, date]]) -> bool:
    """Away from the day after ``start`` until the eve of ``due``: back only when it is due already."""
    days = [start + timedelta(days=number) for number in range(1, (due - start).days)]
    return bool(days) and all(is_away(day, absences) for day in days)
