"""When seats were last reminded, and what decides whether they may be: for any number of seats in a few queries.

What an editor sent and what the clock sent are kept apart: neither stands for the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock
from editorial.models import Absence, User
from reviews.models import ManualReminder, ReminderDispatch, ReminderRule, ReviewAssignment

BY_CLOCK = ReminderDispatch.objects.filter(
    assignment=OuterRef("pk"), rule__audience=ReminderRule.Audience.MEMBER, state=ReminderDispatch.State.DONE
)
"""Of a seat: the clock's reminders to its member. What it told editors about the seat reminded nobody."""

LAST_BY_CLOCK = Subquery(BY_CLOCK.order_by("-done_at").values("done_at")[:1])


@dataclass(frozen=True)
class Last:
    """The last reminder by hand and the last one of the clock, for each seat that had one."""

    by_hand: dict[int, ManualReminder] = field(default_factory=dict)
    by_clock: dict[int, datetime] = field(default_factory=dict)

    def words(self, pk: int, zone: ZoneInfo) -> str:
        """What became of one seat, with days in ``zone``; empty while nobody was reminded."""
        hand, automatic = self.by_hand.get(pk), self.by_clock.get(pk)
        parts = []
        if hand is not None:
            said = {"by": hand.sent_by.shown_name, "day": clock.shown(clock.day_in(zone, hand.sent_at))}
            parts.append(_("reminded by %(by)s on %(day)s") % said)
        if automatic is not None:
            day = {"day": clock.shown(clock.day_in(zone, automatic))}
            parts.append(_("reminded automatically on %(day)s") % day)
        return "; ".join(parts)


@dataclass(frozen=True)
class Facts:
    """What is known of some seats, and of one editor's own part in their articles (``wrote``, ``sits``: articles)."""

    last: Last
    wrote: frozenset[int]
    sits: frozenset[int]
    absences: dict[int, list[Absence]]

    def absence(self, member: int, day: date) -> Absence | None:
        """The absence that holds on ``day``."""
        rows = self.absences.get(member, ())
        return next((row for row in rows if row.first_day <= day <= row.last_day), None)


def facts_of(seats: Iterable[ReviewAssignment], user: User) -> Facts:
    """``seats`` come with their rounds."""
    seats = list(seats)
    articles = {seat.round.article_id for seat in seats}
    authored = Article.authors.through.objects.filter(article__in=articles, user=user)
    held = ReviewAssignment.objects.held_by(user).filter(round__article__in=articles)
    absences: dict[int, list[Absence]] = {}
    for row in Absence.objects.filter(member__in={seat.member_id for seat in seats}).select_related("cover__user"):
        absences.setdefault(row.member_id, []).append(row)
    return Facts(
        last=last_of(seat.pk for seat in seats),
        wrote=frozenset(authored.values_list("article_id", flat=True)),
        sits=frozenset(held.values_list("round__article_id", flat=True)),
        absences=absences,
    )


def last_of(pks: Iterable[int]) -> Last:
    """Of these seats."""
    pks = list(pks)
    seats = ReviewAssignment.objects.filter(pk__in=pks).order_by()
    return Last(
        by_hand=latest_by_hand(pks),
        by_clock=dict(seats.annotate(at=LAST_BY_CLOCK).exclude(at=None).values_list("pk", "at")),
    )


def latest_by_hand(pks: Iterable[int]) -> dict[int, ManualReminder]:
    """The last one of each seat, with who sent it."""
    rows = ManualReminder.objects.filter(assignment__in=list(pks)).select_related("sent_by")
    return {row.assignment_id: row for row in rows.order_by("sent_at", "pk")}
