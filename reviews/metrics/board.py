"""Whether reviews come on time, and what each member carries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Min
from django.utils.translation import gettext as _

from editorial.models import BoardMember, ReviewRule
from editorial.models.policy import EditorialPolicy
from reviews.metrics import charts, rows
from reviews.metrics.arithmetic import (
    SeatLine,
    Share,
    Spread,
    answered,
    answered_at,
    days_between,
    on_time,
    share,
    spread,
)
from reviews.metrics.charts import Value
from reviews.metrics.figures import Figure, Words, counted, days, of_shares
from reviews.metrics.scopes import Scope
from reviews.metrics.tables import Rows, Table

DRAWN = 6
"""Members whose load is drawn, the busiest first; the table names all."""

READ = (
    *("load_limit", "joined_on", "left_on"),
    *("user__username", "user__first_name", "user__last_name", "user__is_active"),
)
"""Of a member, who may be one of thousands."""


@dataclass(frozen=True)
class MemberLine:
    """One member's part. ``limit`` is how many open reviews they take at once, where anybody set one."""

    name: str
    limit: int | None
    serving: bool
    seats: list[SeatLine] = field(default_factory=list)


def figures(scope: Scope) -> list[Figure]:
    seats = rows.seats(scope)
    members = _members(scope, seats)
    over_time = [punctuality(seats, scope), _answers(seats, scope), _reminders(seats, scope)]
    return [*over_time, _load(members), _table(members, scope)]


def due_ones(seats: Iterable[SeatLine], scope: Scope) -> list[tuple[SeatLine, bool]]:
    """Reviews whose due day lies in the period, each with whether it was kept."""
    judged = ((seat, on_time(seat, now=scope.now)) for seat in seats if scope.period.has(seat.review_on))
    return [(seat, kept) for seat, kept in judged if kept is not None]


def punctuality(seats: Sequence[SeatLine], scope: Scope) -> Figure:
    due = due_ones(seats, scope)
    parts = scope.period.sorted_out((seat.review_on, kept) for seat, kept in due)
    total = share(kept for _seat, kept in due)
    sentence = _("of the reviews that fell due were signed by the end of their day (%(cases)s).")
    return of_shares(
        "on-time",
        _("Reviews on time"),
        period=scope.period,
        total=total,
        parts=[share(part) for part in parts],
        words=Words(
            whole=_("Fell due"),
            part=_("On time"),
            sentence=sentence % {"cases": _cases(total, "%(n)s review", "%(n)s reviews")},
            described=_("the part on time in solid columns, all that fell due behind them in light ones"),
            empty=_("No review fell due in this period."),
            note=_("In per cent, each by the time zone of its member. One that was never signed is late."),
        ),
    )


def _members(scope: Scope, seats: Sequence[SeatLine]) -> list[MemberLine]:
    """Whoever is on the board, and whoever held one of these seats; the busiest first."""
    held: dict[int, list[SeatLine]] = defaultdict(list)
    for seat in seats:
        held[seat.member].append(seat)
    policy = EditorialPolicy.begun(scope.today).values("pk")[:1]
    usual = ReviewRule.objects.filter(policy__in=policy).aggregate(limit=Min("load_limit"))["limit"]
    people = BoardMember.objects.select_related("user").only(*READ)
    found = []
    for member in people.order_by("user__last_name", "user__first_name", "pk"):
        serving = member.is_serving(scope.today)
        if serving or member.pk in held:
            limit = usual if member.load_limit is None else member.load_limit
            found.append(MemberLine(member.user.shown_name, limit, serving, held.get(member.pk, [])))
    return sorted(found, key=lambda line: -_open(line.seats))


def _open(seats: Iterable[SeatLine]) -> int:
    return sum(seat.is_open for seat in seats)


def _load(members: Sequence[MemberLine]) -> Figure:
    table = Table(
        "load",
        (_("Member"), _("Open reviews"), _("Takes at once")),
        Rows(members, lambda line: (line.name, _open(line.seats), line.limit)),
    )
    title, total = _("Open reviews today"), sum(_open(line.seats) for line in members)
    if not members:
        return Figure(title, table, empty=_("Nobody is on the board yet."))
    drawn = members[:DRAWN]
    values = [
        Value(
            label=line.name,
            value=float(_open(line.seats)),
            wide=float(line.limit or 0),
            shown=_of(_open(line.seats), line.limit),
            tone="bad" if line.limit is not None and _open(line.seats) > line.limit else "",
        )
        for line in drawn
    ]
    return Figure(
        title,
        table,
        chart=charts.bars(values, bullet=True),
        big=f"{total:,}",
        sentence=_("on the desks of the board, each member's beside what they take at once."),
        described=_("A thin bar for each member's open reviews in front of what they take at once."),
        note=_names(table) % {"n": len(drawn)} if len(members) > len(drawn) else "",
    )


def _names(table: Table) -> str:
    if table.is_cut:
        return _("The busiest %(n)s; the file names everyone.")
    return _("The busiest %(n)s; the table names everyone.")


def _of(number: int, limit: int | None) -> str:
    return f"{number:,}" if limit is None else _("%(number)s of %(limit)s") % {"number": number, "limit": limit}


def _answers(seats: Sequence[SeatLine], scope: Scope) -> Figure:
    judged = ((seat, answered(seat, now=scope.now)) for seat in _asked(seats, scope))
    known = [(scope.period.day_of(seat.asked_at), found) for seat, found in judged if found is not None]
    total, took = answers(seats, scope)
    sentence = _("of those who were asked gave an answer (%(cases)s).")
    if took:
        sentence += " " + _("Half did so within %(median)s, four in five within %(eightieth)s.")
    values = {"median": days(took.median), "eightieth": days(took.eightieth)} if took else {}
    return of_shares(
        "answers",
        _("Answers to invitations"),
        period=scope.period,
        total=total,
        parts=[share(part) for part in scope.period.sorted_out(known)],
        words=Words(
            whole=_("Asked"),
            part=_("Answered"),
            sentence=sentence % {"cases": _cases(total, "%(n)s invitation", "%(n)s invitations"), **values},
            described=_("the part that was answered in solid columns, all who were asked behind them in light ones"),
            empty=_("Nobody was asked for a review in this period."),
            note=_("A yes, a no or a signature is an answer; on a standing board, opening the text counts too."),
        ),
    )


def _cases(total: Share | None, one: str, many: str) -> str:
    return counted(total.whole if total else 0, one, many)


def _asked(seats: Iterable[SeatLine], scope: Scope) -> list[SeatLine]:
    return [seat for seat in seats if scope.period.holds(seat.asked_at)]


def answers(seats: Iterable[SeatLine], scope: Scope) -> tuple[Share | None, Spread | None]:
    """Of the invitations of the period: how many were answered, and in how many days."""
    asked = _asked(seats, scope)
    rate = share(found for seat in asked if (found := answered(seat, now=scope.now)) is not None)
    times = ((seat.asked_at, answered_at(seat)) for seat in asked)
    return rate, spread(days_between(start, end) for start, end in times if end is not None)


def _reminders(seats: Sequence[SeatLine], scope: Scope) -> Figure:
    done = [seat for seat in seats if scope.period.holds(seat.signed_at)]
    total = sum(seat.reminders for seat in done)
    each = [sum(seat.reminders == number for seat in done) for number in range(3)]
    each.append(len(done) - sum(each))
    labels = (_("None"), _("1"), _("2"), _("3 or more"))
    table = Table("reminders", (_("Reminders"), _("Completed reviews")), list(zip(labels, each, strict=True)))
    title = _("Reminders for each completed review")
    if not done:
        return Figure(title, table, empty=_("No review was signed in this period."))
    values = [
        Value(label=label, value=float(number), shown=f"{number:,}") for label, number in zip(labels, each, strict=True)
    ]
    return Figure(
        title,
        table,
        chart=charts.columns(values),
        big=f"{total / len(done):.1f}",
        sentence=_("on average, by the clock or by a person (%(cases)s).")
        % {"cases": counted(len(done), "%(n)s review", "%(n)s reviews")},
        described=_("A column for the reviews signed after none, one, two, or three and more reminders."),
    )


def _table(members: Sequence[MemberLine], scope: Scope) -> Figure:
    columns = (
        *(_("Member"), _("Open reviews"), _("Takes at once"), _("Signed"), _("Fell due"), _("On time, %"), _("Asked")),
        *(_("Answered, %"), _("Median days to answer"), _("Reminders a review")),
    )
    table = Table("members", columns, Rows(members, lambda line: _member_row(line, scope)))
    return Figure(
        _("Member by member"),
        table,
        sentence=_("Rates from few reviews are mostly chance: read each with the number beside it."),
        empty="" if members else _("Nobody is on the board yet."),
    )


def _member_row(line: MemberLine, scope: Scope) -> tuple[str | int | float | None, ...]:
    seats = line.seats
    done = [seat for seat in seats if scope.period.holds(seat.signed_at)]
    kept = share(kept for _seat, kept in due_ones(seats, scope))
    rate, took = answers(seats, scope)
    return (
        *(line.name, _open(seats), line.limit, len(done)),
        *(kept.whole if kept else 0, round(kept.percent, 1) if kept else None),
        *(rate.whole if rate else 0, round(rate.percent, 1) if rate else None),
        round(took.median, 1) if took else None,
        round(sum(seat.reminders for seat in done) / len(done), 1) if done else None,
    )
