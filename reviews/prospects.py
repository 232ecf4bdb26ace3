"""Whether a round can still get its approvals, and who could help when its panel can't. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from editorial.pairing import unmatched
from reviews import quorum


@dataclass(frozen=True)
class Person:
    """Somebody who may approve. ``specialties`` are those of credentials that are valid today."""

    member: int
    name: str
    specialties: frozenset[str]


@dataclass(frozen=True)
class Barred:
    """Somebody in an open seat who can't sign any more. A required seat then waits for a verdict that never comes."""

    name: str
    reasons: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True)
class Panel:
    """What a round has and may still get: approvals that stand (their signers' specialties at signing), the
    people in open seats and waiting alternates who can sign, and those in open seats who can't.
    """

    approved: tuple[frozenset[str], ...] = ()
    able: tuple[Person, ...] = ()
    barred: tuple[Barred, ...] = ()

    def people(self) -> list[frozenset[str]]:
        return [*self.approved, *(person.specialties for person in self.able)]


@dataclass(frozen=True)
class Prospect:
    """``lacking`` is empty when the panel can still satisfy the rule. ``helpers`` are the fewest who could be added."""

    lacking: tuple[str, ...] = ()
    helpers: tuple[Person, ...] = ()
    hopeless: bool = False

    @property
    def satisfiable(self) -> bool:
        return not self.lacking

    def reason(self) -> str:
        """What is lacking and what would help, in words; empty when nothing is."""
        if not self.lacking:
            return ""
        if self.hopeless:
            return f"{_sentence(self.lacking)}, and nobody on the board could be added."
        if self.helpers:
            return f"{_sentence(self.lacking)}; {_listed([p.name for p in self.helpers])} could be added."
        return f"{_sentence(self.lacking)}."


def prospect(
    rule: quorum.Rule, panel: Panel, board: Sequence[Person] = (), *, names: Mapping[str, str] | None = None
) -> Prospect:
    """Judge a round's panel against its rule. ``board`` are the eligible others, the best first.

    ``names`` are those of specialties. The helpers are as few as possible. Nobody helps against a barred seat
    alone: it has to be released.
    """
    people = panel.people()
    short = _shortfall(rule, people, names or {})
    lacking = (*short, *(_barred(seat) for seat in panel.barred if seat.required))
    if not short:
        return Prospect(lacking)
    if quorum.can_satisfy(rule, [*people, *(person.specialties for person in board)]):
        return Prospect(lacking, hopeless=True)
    return Prospect(lacking, helpers=_fewest(rule, people, board))


def _fewest(rule: quorum.Rule, people: list[frozenset[str]], board: Sequence[Person]) -> tuple[Person, ...]:
    """Whoever fills a specialty that nobody fills; then whoever comes first, until the number is reached."""
    chosen: list[Person] = []
    having = list(people)
    wanted = set(rule.specialties)
    open_wants = len(unmatched(rule.specialties, having))
    for person in board:
        if not open_wants:
            break
        if person.specialties & wanted:
            left = len(unmatched(rule.specialties, [*having, person.specialties]))
            if left < open_wants:
                chosen.append(person)
                having.append(person.specialties)
                open_wants = left
    others = (person for person in board if person not in chosen)
    chosen.extend(person for person, _needed in zip(others, range(rule.approvals - len(having)), strict=False))
    return tuple(chosen)


def _shortfall(rule: quorum.Rule, people: list[frozenset[str]], names: Mapping[str, str]) -> list[str]:
    """Too few people are named only where the specialties that nobody fills don't say it already."""
    found = []
    unfilled = unmatched(rule.specialties, people)
    if rule.approvals - len(people) > len(unfilled):
        found.append(f"the panel can bring {len(people)} of the {rule.approvals} approvals that are needed")
    held = frozenset().union(*people)
    for specialty, count in Counter(unfilled).items():
        name = names.get(specialty, specialty)
        if specialty in held:
            found.append(f"{count} more approver{'s' if count > 1 else ''} in {name} would be needed")
        else:
            found.append(f"nobody in {name} is left on the panel")
    return found


def _barred(seat: Barred) -> str:
    return f"{seat.name} holds a seat and can't sign ({', '.join(seat.reasons)}): release it"


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
