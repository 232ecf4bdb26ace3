"""What spans apps registers here, downwards: verbs, cards of the home page, verification."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from editorial.audit import Problem
from editorial.capacity import Year
from editorial.conditions import Condition
from editorial.models import User


@dataclass(frozen=True)
class VerbSpec:
    """How the desk offers one verb.

    ``condition(row, user)`` answers the button; ``run(row, *, actor, now, request, expected, **cleaned)``
    acts; ``form(row, user)`` gives the form class of its confirmation page; ``visible(row, user)`` says
    whether this person should see the button at all. ``then(row, user)`` may give the page that leads on from
    what was done, where one step nearly always follows.
    """

    name: str
    label: Any
    condition: Callable[[Any, User], Condition]
    run: Callable[..., Any]
    form: Callable[[Any, User], type]
    visible: Callable[[Any, User], bool]
    consequences: Callable[[Any], list[str]] = lambda row: []
    findings: Callable[[Any], list[Any]] = lambda row: []
    then: Callable[[Any, User], str] = lambda row, user: ""
    danger: bool = False
    needs_proof: bool = False
    weight: int = 100


@dataclass(frozen=True)
class Card:
    """One card of the desk's home page. ``foot`` is an address and what its button at the card's foot says.

    ``name`` is what links to it in the page are called.
    """

    title: Any
    items: Iterable[dict[str, Any]]
    count: int | str | None = None
    url: str = ""
    empty: Any = ""
    weight: int = 100
    foot: tuple[str, Any] | tuple[()] = ()
    name: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the desk that belongs to no model's admin. ``view(request, …)``; sign-in is checked around it.

    ``signed_out(request, …)`` gets a form that came after its sender's session had ended, before sign-in is asked for.
    """

    route: str
    view: Callable[..., Any]
    name: str
    signed_out: Callable[..., None] | None = None


@dataclass(frozen=True)
class Panel:
    """A part of the article's page for staff that another app brings: a template and what it takes."""

    template: str
    context: dict[str, Any]
    rank: int = 50
    """Where it stands among the others: what stops everything first, what is only taken along last."""


@dataclass(frozen=True)
class Action:
    """What another app does with several rows that were ticked in a list. ``run(modeladmin, request, queryset)``."""

    name: str
    label: Any
    run: Callable[[Any, Any, Any], Any]
    visible: Callable[[User], bool]


@dataclass(frozen=True)
class Outcome:
    """What a verb did, for whoever used it. ``moved`` is the state before and after, empty where it stayed the same.

    ``told`` says line by line who is written to and when; ``turn`` what comes next and whose turn it is.
    """

    lines: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    turn: str = ""
    yours: bool = False


_pages: dict[str, Page] = {}
_actions: dict[str, dict[str, Action]] = {}
_panels: list[Callable[[Any, User], Iterable[Panel]]] = []
_verbs: dict[str, dict[str, VerbSpec]] = {}
_cards: list[Callable[[User], Iterable[Card]]] = []
_setups: dict[str, Callable[[], str]] = {}
_checks: dict[str, Callable[[], Iterable[Problem]]] = {}
_notes: dict[str, Callable[[], str]] = {}
_examinations: dict[str, tuple[Callable[[], Iterable[Any]], str]] = {}
_gauges: dict[str, tuple[str, Callable[[datetime], float]]] = {}
_years: list[Callable[[date], Year]] = []
_hides: list[Callable[[User], "Hidden"]] = []
_tells: list[Callable[[Any, User, datetime], "Outcome | None"]] = []
_turns: list[Callable[[Any, User, datetime], str]] = []


def add_page(page: Page) -> None:
    _pages[page.name] = page


def pages() -> list[Page]:
    return list(_pages.values())


def add_panels(maker: Callable[[Any, User], Iterable[Panel]]) -> None:
    if maker not in _panels:
        _panels.append(maker)


def panel_makers() -> list[Callable[[Any, User], Iterable[Panel]]]:
    return list(_panels)


def add_action(model_label: str, action: Action) -> None:
    _actions.setdefault(model_label, {})[action.name] = action


def actions_for(model_label: str) -> list[Action]:
    return list(_actions.get(model_label, {}).values())


def add_verb(model_label: str, spec: VerbSpec) -> None:
    _verbs.setdefault(model_label, {})[spec.name] = spec


def verbs_for(model_label: str) -> list[VerbSpec]:
    return sorted(_verbs.get(model_label, {}).values(), key=lambda spec: spec.weight)


def find_verb(model_label: str, name: str) -> VerbSpec | None:
    return _verbs.get(model_label, {}).get(name)


def add_cards(maker: Callable[[User], Iterable[Card]]) -> None:
    if maker not in _cards:
        _cards.append(maker)


def cards_for(user: User) -> list[Card]:
    return sorted((card for maker in _cards for card in maker(user)), key=lambda card: card.weight)


@dataclass(frozen=True)
class Hidden:
    """What of the records one person doesn't see for now: events by subject, mail by the page that it links to.

    ``signed`` are subjects of which only the events about signatures are hidden.
    """

    subjects: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()


def hide_with(hides: Callable[[User], Hidden], paths: Callable[[User], frozenset[str]]) -> None:
    """Have the record's pages leave out what ``hides(user)`` names; ``paths(user)`` gives its paths alone, for less."""
    _hides[:] = [(hides, paths)]


def hidden_from(user: User) -> Hidden:
    return _hides[0][0](user) if _hides else Hidden()


def paths_hidden_from(user: User) -> frozenset[str]:
    return _hides[0][1](user) if _hides else frozenset()


def tell_with(tells: Callable[[Any, User, datetime], Outcome | None]) -> None:
    """Have the page after a verb say what it did: ``tells(row, user, now)``, with the row as it was before."""
    _tells[:] = [tells]


def outcome_of(row: Any, user: User, now: datetime) -> Outcome | None:
    """What was done at ``now`` to ``row``; nothing where nobody knows, or nothing was recorded."""
    return _tells[0](row, user, now) if _tells else None


def say_turn_with(says: Callable[[Any, User, datetime], str]) -> None:
    """Have a row's page say whose turn it is: ``says(row, user, now)``."""
    _turns[:] = [says]


def turn_of(row: Any, user: User, now: datetime) -> str:
    """Whose turn it is and for what, as ``user`` may know it; empty where nobody knows."""
    return _turns[0](row, user, now) if _turns else ""


def add_setup(name: str, setup: Callable[[], str]) -> None:
    """Have `manage.py setup_roles` run ``setup`` too; it changes nothing the second time and says what it did."""
    _setups[name] = setup


def setups() -> dict[str, Callable[[], str]]:
    return dict(_setups)


def add_check(name: str, check: Callable[[], Iterable[Problem]]) -> None:
    """Have `manage.py verify` run ``check``; each Problem it yields fails the run."""
    _checks[name] = check


def checks() -> dict[str, Callable[[], Iterable[Problem]]]:
    return dict(_checks)


def add_note(name: str, note: Callable[[], str]) -> None:
    """Have `manage.py verify` say what it can't check here: ``note()`` gives a sentence, or nothing."""
    _notes[name] = note


def notes() -> dict[str, str]:
    """By check, what can't be checked here and why."""
    return {name: said for name, note in _notes.items() if (said := note())}


def add_examination(name: str, examine: Callable[[], Iterable[Any]], *, needs: str = "") -> None:
    """Have `manage.py doctor` look at a part of the deployment: ``examine()`` yields ``editorial.doctor.Finding``.

    ``needs`` names an examination without whose success this one isn't begun, such as ``database``.
    """
    _examinations[name] = (examine, needs)


def examinations() -> dict[str, tuple[Callable[[], Iterable[Any]], str]]:
    return dict(_examinations)


def add_gauge(name: str, help: str, measure: Callable[[datetime], float]) -> None:
    """Have ``/metrics`` and ``/readyz`` show ``measure(now)``; NaN says that there is nothing to measure yet."""
    _gauges[name] = (help, measure)


def gauges() -> dict[str, tuple[str, Callable[[datetime], float]]]:
    return dict(_gauges)


def count_years_with(counts: Callable[[date], Year]) -> None:
    """Have the policy's form say what a year here asks of the board: ``counts(today)``."""
    _years[:] = [counts]


def year_until(today: date) -> Year:
    """What happened in the twelve months until ``today``; nothing where nobody counts."""
    return _years[0](today) if _years else Year()


@dataclass(frozen=True)
class PeopleHooks:
    """What another app has to do when somebody leaves. All run in the caller's transaction.

    ``pass_on(user, *, reason, actor, now)`` frees the open seats of somebody whose role ends; it locks articles,
    so it runs before the person's own rows are locked. ``ties(user)`` says in sentences what somebody must hand over
    before they can be erased; ``erase(user, *, now)`` wipes what is personal in the app's own rows.
    """

    pass_on: Callable[..., None]
    ties: Callable[[User], Iterable[str]]
    erase: Callable[..., None]


_people: dict[str, PeopleHooks] = {}


def add_people_hooks(name: str, hooks: PeopleHooks) -> None:
    _people[name] = hooks


def pass_on(user: User, *, reason: str, actor: User, now: datetime) -> None:
    for hooks in _people.values():
        hooks.pass_on(user, reason=reason, actor=actor, now=now)


def ties_of(user: User) -> list[str]:
    return [sentence for hooks in _people.values() for sentence in hooks.ties(user)]


def erase_elsewhere(user: User, *, now: datetime) -> None:
    for hooks in _people.values():
        hooks.erase(user, now=now)
