"""What a policy asks of a board in a year, against what the board can give. Pure: numbers in, numbers and words out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from editorial.pairing import unmatched

DAYS = 365
NEW, REAFFIRMATION, TYPOGRAPHIC, URGENT = "new", "reaffirmation", "typographic", "urgent"


@dataclass(frozen=True)
class Rule:
    """What the policy asks of one risk tier and change class. ``also`` are specialties beside the article's."""

    tier: str
    change_class: str
    approvals: int
    in_specialty: int = 1
    also: tuple[str, ...] = ()
    chief_confirms: bool = False
    review_days: int = 21
    load_limit: int = 3
    re_review_months: int = 24


@dataclass(frozen=True)
class Year:
    """Rounds opened in the last twelve months by tier and change class, live pages by tier, specialties in use."""

    rounds: Mapping[tuple[str, str], int] = field(default_factory=dict)
    live: Mapping[str, int] = field(default_factory=dict)
    specialties: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Member:
    """Somebody who can sign today: specialties of valid credentials, and a load limit of their own if they set one."""

    specialties: frozenset[str]
    load_limit: int | None = None


@dataclass(frozen=True)
class Balance:
    """Reviews a year. ``covered``: the board gives at least what is asked."""

    needed: int
    given: int

    @property
    def covered(self) -> bool:
        return self.given >= self.needed


def balance(rules: Sequence[Rule], year: Year, board: Sequence[Member], *, closed_days: int = 0) -> Balance:
    """``closed_days`` are those of the coming year on which nobody has to work."""
    wanted = demand(rules, year)
    return Balance(
        needed=_whole(sum(wanted.values())), given=_given(rules, wanted, board, open_days=DAYS - min(DAYS, closed_days))
    )


def demand(rules: Sequence[Rule], year: Year) -> dict[tuple[str, str], float]:
    """Approvals a year by tier and change class: as many rounds as last year, and each live page confirmed in time."""
    found = {}
    for rule in rules:
        key = (rule.tier, rule.change_class)
        if rule.change_class == REAFFIRMATION:
            rounds = year.live.get(rule.tier, 0) * 12 / rule.re_review_months
        else:
            rounds = year.rounds.get(key, 0)
        found[key] = rounds * rule.approvals
    return found


def _given(
    rules: Sequence[Rule], wanted: Mapping[tuple[str, str], float], board: Sequence[Member], *, open_days: int
) -> int:
    """Everybody as busy as their limit allows, each review taking the days that its rule gives for it."""
    asking = [rule for rule in rules if rule.approvals]
    if not asking:
        return 0
    weights = [wanted[(rule.tier, rule.change_class)] for rule in asking]
    if not sum(weights):
        weights = [1.0] * len(asking)
    days = sum(w * rule.review_days for w, rule in zip(weights, asking, strict=True)) / sum(weights)
    limit = min(rule.load_limit for rule in asking)
    places = sum(limit if member.load_limit is None else member.load_limit for member in board)
    return int(places * open_days / days)


def unsatisfiable(rules: Sequence[Rule], year: Year, board: Sequence[Member], *, names: Mapping[str, str]) -> list[str]:
    """Why today's board can't satisfy a rule, in words, each reason once with the rules that it stops."""
    people = [member.specialties for member in board]
    held = Counter(specialty for specialties in people for specialty in specialties)
    stopped: dict[str, dict[str, list[str]]] = {}
    for rule in rules:
        for reason in _lacking(rule, sorted(year.specialties), people, held, names):
            stopped.setdefault(reason, {}).setdefault(rule.tier, []).append(rule.change_class)
    return [f"{reason} ({_where(tiers)})" for reason, tiers in stopped.items()]


def _where(tiers: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{tier} risk: {', '.join(changes)}" for tier, changes in tiers.items())


def _lacking(
    rule: Rule,
    specialties: Iterable[str],
    people: Sequence[frozenset[str]],
    held: Mapping[str, int],
    names: Mapping[str, str],
) -> list[str]:
    if len(people) < rule.approvals:
        return [f"{rule.approvals} approvals are asked, and {_members(len(people))} can sign today"]
    found = []
    for specialty in specialties if rule.in_specialty else [""]:
        wanted = [*[specialty] * rule.in_specialty, *rule.also]
        for lacking, count in Counter(unmatched(wanted, people)).items():
            name, have, asked = names.get(lacking, lacking), held.get(lacking, 0), wanted.count(lacking)
            if not have:
                found.append(f"no member with a valid credential in {name}")
            elif have < asked:
                found.append(f"{_members(have)} with a valid credential in {name}, {asked} asked")
            else:
                more = f"{count} more member{'s' if count > 1 else ''}"
                found.append(f"{more} in {name}, besides those asked for otherwise")
    return list(dict.fromkeys(found))


def missing(rules: Sequence[Rule], *, tiers: Sequence[str], classes: Sequence[str]) -> list[tuple[str, str]]:
    """Tiers and change classes for which there is no rule."""
    there = {(rule.tier, rule.change_class) for rule in rules}
    return [(tier, change) for tier in tiers for change in classes if (tier, change) not in there]


def urgent_without_chief(rules: Sequence[Rule]) -> list[str]:
    """Tiers whose urgent versions no chief editor has to confirm."""
    return [rule.tier for rule in rules if rule.change_class == URGENT and not rule.chief_confirms]


def about(number: int) -> str:
    """As people say it: two figures that count, 1,900 for 1,877; small numbers as they are."""
    if number < 100:
        return str(number)
    step = 10 ** (len(str(number)) - 2)
    return f"{round(number / step) * step:,}"


def _members(count: int) -> str:
    return f"only {count} member{'s' if count != 1 else ''}" if count else "nobody"


def _whole(number: float) -> int:
    return int(-(-number // 1))
