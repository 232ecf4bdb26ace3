"""Who is who to an article, and what of its story somebody may know: one query for its panels, one for its authors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from articles import conditions
from articles.models import Article
from editorial import registry
from editorial.models import User
from editorial.once import once
from editorial.roles import is_editor
from reviews.models import ReviewRound
from reviews.states import SEATED, AssignmentState, SeatKind

_COLUMNS = (
    *("pk", "number", "closed_at", "assignments__pk", "assignments__state", "assignments__seat"),
    *("assignments__reason", "assignments__member_id", "assignments__member__user_id"),
    *("assignments__member__user__username", "assignments__member__user__first_name"),
    *("assignments__member__user__last_name", "assignments__specialty__name"),
)


@dataclass(frozen=True)
class Seat:
    """One seat of any round, and as which number of that round its member is known to the authors."""

    pk: int
    round: int
    user: int
    name: str
    specialty: str
    number: int
    state: str
    kind: str
    reason: str
    at_work: bool

    @property
    def masked(self) -> str:
        """“Reviewer 2, rheumatology”."""
        if not self.specialty:
            return _("Reviewer %(number)s") % {"number": self.number}
        return _("Reviewer %(number)s, %(specialty)s") % {"number": self.number, "specialty": self.specialty.lower()}


@dataclass
class Case:
    """An article's rounds (numbers by key), its seats, its authors, as ``user`` looks at them."""

    article: Article
    user: User
    authors: frozenset[int]
    rounds: dict[int, int] = field(default_factory=dict)
    seats: dict[int, Seat] = field(default_factory=dict)

    @property
    def own_seat(self) -> Seat | None:
        """The seat that the user holds on the open panel."""
        return next((seat for seat in self.seats.values() if seat.at_work and seat.user == self.user.pk), None)

    @property
    def edits(self) -> bool:
        """An editor who neither wrote the text nor judges it."""
        return is_editor(self.user) and self.user.pk not in self.authors and self.own_seat is None

    @property
    def is_named(self) -> bool:
        """Whether the user may know who reviews it, and how. An editor on the panel once they signed."""
        seat = self.own_seat
        signed = seat is not None and seat.state == AssignmentState.COMPLETED
        return self.edits or (signed and is_editor(self.user) and self.user.pk not in self.authors)

    @property
    def hidden(self) -> frozenset[str]:
        """Subjects of events that whoever judges the text doesn't see before they sign."""
        return registry.hidden_from(self.user).subjects if self.own_seat else frozenset()

    def seat_of(self, user: int, round: int | None = None) -> Seat | None:
        """Where somebody sits, in this round if they do, else in the latest."""
        held = [seat for seat in self.seats.values() if seat.user == user]
        return next((seat for seat in held if seat.round == round), held[-1] if held else None)

    def shown(self, user: User, *, round: int | None = None, edits: bool = False) -> str:
        """How somebody is called here. ``edits``: they hold an editor's role, which isn't a secret."""
        if user.pk == self.user.pk:
            return _("You")
        if user.kind == User.Kind.SYSTEM:
            return _("Automatically")
        if self.is_named or user.pk in self.authors:
            return user.shown_name
        seat = self.seat_of(user.pk, round)
        if seat is not None:
            return seat.masked if seat.round == round else _("A reviewer")
        return user.shown_name if edits else _("Somebody of the board")

    def sits(self, seat: Seat) -> str:
        """Who holds a seat, as the user may know it."""
        if seat.user == self.user.pk:
            return _("You")
        return seat.name if self.is_named else seat.masked


@once
def case_of(article: Article, user: User) -> Case:
    authors = conditions.authors_of(article)
    rows = ReviewRound.objects.filter(article=article).order_by("pk", "assignments__pk").values_list(*_COLUMNS)
    case = Case(article=article, user=user, authors=authors)
    numbers: dict[tuple[int, int], int] = {}
    for row in rows:
        round, number, closed_at = row[:3]
        case.rounds[round] = number
        if row[3] is not None:
            place = (round, row[7])
            numbers.setdefault(place, 1 + sum(of == round for of, _member in numbers))
            case.seats[row[3]] = _seat(round, numbers[place], closed_at is None, row[3:])
    return case


def _seat(round: int, number: int, is_open: bool, row: Iterable[Any]) -> Seat:
    pk, state, kind, reason, _member, user, username, first, last, specialty = row
    return Seat(
        pk=pk,
        round=round,
        user=user,
        name=f"{first} {last}".strip() or username,
        specialty=specialty or "",
        number=number,
        state=state,
        kind=kind,
        reason=reason,
        at_work=is_open and state in SEATED,
    )


def stands_by(seat: Seat) -> bool:
    return seat.kind == SeatKind.ALTERNATE
