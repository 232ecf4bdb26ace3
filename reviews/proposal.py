"""Which members to propose for a panel. Pure: ranked people in, a choice of indexes out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reviews.quorum import Rule, can_satisfy

ALTERNATES = 2


@dataclass(frozen=True)
class Choice:
    """Indexes into the people asked about. ``lacking``: in words, what even the best panel couldn't bring."""

    required: tuple[int, ...]
    alternates: tuple[int, ...]
    lacking: tuple[str, ...]


def choose(rule: Rule, people: Sequence[frozenset[str]], *, keep: Collection[int] = ()) -> Choice:
    """The panel for ``rule`` from ``people``, each the specialties of one who may sit, the best ranked first.

    Whoever is in ``keep`` gets a seat before everybody else. Satisfies the rule whenever any choice could.
    """
    order = [*(i for i in range(len(people)) if i in keep), *(i for i in range(len(people)) if i not in keep)]
    seated = set(keep) | _one_for_each_specialty(rule.specialties, people, order)
    for index in order:
        if len(seated) >= rule.approvals:
            break
        seated.add(index)
    required = tuple(index for index in order if index in seated)
    lacking = can_satisfy(rule, [people[index] for index in required])
    alternates = () if lacking else _alternates(rule, people, required)
    return Choice(required, alternates, lacking)


def _one_for_each_specialty(wanted: Sequence[str], people: Sequence[frozenset[str]], order: Sequence[int]) -> set[int]:
    """The earliest people in ``order`` who together, one each, cover as many of the specialties as can be."""
    holder: dict[int, int] = {}

    def place(person: int, tried: set[int]) -> bool:
        for want, specialty in enumerate(wanted):
            if specialty in people[person] and want not in tried:
                tried.add(want)
                if want not in holder or place(holder[want], tried):
                    holder[want] = person
                    return True
        return False

    for person in order:
        if len(holder) == len(wanted):
            break
        place(person, set())
    return set(holder.values())


def _alternates(rule: Rule, people: Sequence[frozenset[str]], required: Sequence[int]) -> tuple[int, ...]:
    """Those who could take the most seats over, seats that no alternate before them could take first."""
    chosen: list[int] = []
    covered: set[int] = set()
    replaces = {index: _could_replace(rule, people, required, index) for index in _few_of_a_kind(people, required)}
    for _place in range(ALTERNATES):
        left = [index for index in replaces if index not in chosen and replaces[index]]
        if not left:
            break
        best = min(left, key=lambda index: (-len(replaces[index] - covered), -len(replaces[index]), index))
        chosen.append(best)
        covered |= replaces[best]
    return tuple(chosen)


def _few_of_a_kind(people: Sequence[frozenset[str]], required: Sequence[int]) -> list[int]:
    """Of those with the very same specialties the best ranked are enough to look at."""
    seen: dict[frozenset[str], int] = {}
    found = []
    for index, specialties in enumerate(people):
        if index not in required and seen.get(specialties, 0) < ALTERNATES:
            seen[specialties] = seen.get(specialties, 0) + 1
            found.append(index)
    return found


def _could_replace(rule: Rule, people: Sequence[frozenset[str]], required: Sequence[int], index: int) -> set[int]:
    """The seats whose place this person could take so that the panel still satisfies the rule."""
    return {
        seat
        for seat in required
        if not can_satisfy(rule, [people[index if other == seat else other] for other in required])
    }
