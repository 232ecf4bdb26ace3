"""Gives each wanted thing somebody of its own. Pure."""

from collections.abc import Sequence


def unmatched(wanted: Sequence[str], people: Sequence[frozenset[str]]) -> list[str]:
    """What of ``wanted`` finds nobody of its own among ``people``, who can each fill one (augmenting paths).

    As much as possible is filled; which of several equals stays open follows from their order.
    """
    holder: dict[int, int] = {}

    def place(want: int, tried: set[int]) -> bool:
        for person, able in enumerate(people):
            if wanted[want] in able and person not in tried:
                tried.add(person)
                if person not in holder or place(holder[person], tried):
                    holder[person] = want
                    return True
        return False

    return [wanted[want] for want in range(len(wanted)) if not place(want, set())]
