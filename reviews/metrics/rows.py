"""What the figures are made of: rounds and seats that the period touched, one query each.

Both lists are bounded by the period, two years at most: what a board can review in two years, and what is open now.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from articles.models import Article
from articles.states import ArticleState
from editorial.models import AuditEvent
from editorial.models.policy import Acceptance
from reviews.metrics.arithmetic import SeatLine
from reviews.metrics.scopes import Scope
from reviews.models import ManualReminder, Review, ReviewAssignment, ReviewRound
from reviews.reminded import BY_CLOCK
from reviews.states import OPEN, RoundOutcome, SeatKind

DECIDED = frozenset({RoundOutcome.APPROVED, RoundOutcome.CHANGES_REQUESTED, RoundOutcome.REJECTED})
"""Ends of a round that are decisions; one that was withdrawn has none."""


@dataclass(frozen=True)
class RoundLine:
    """One round's instants. ``submitted`` is none where there was no submission: the board was asked to confirm a page.

    ``first`` and ``last`` are of signatures given in this round, not of carried ones. ``returned`` is when the round
    before had sent the article back to its authors.
    """

    opened: datetime
    closed: datetime | None
    outcome: str
    submitted: datetime | None
    first: datetime | None
    last: datetime | None
    returned: datetime | None

    @property
    def decided(self) -> datetime | None:
        return self.closed if self.outcome in DECIDED else None


def rounds(scope: Scope) -> list[RoundLine]:
    """Every round that was open at some time in the period."""
    period = scope.period
    signed = Review.objects.filter(round=OuterRef("pk"), carried_from=None).order_by("signed_at").values("signed_at")
    before = ReviewRound.objects.filter(
        article=OuterRef("article"), number=OuterRef("number") - 1, outcome=RoundOutcome.CHANGES_REQUESTED
    ).order_by()
    rows = ReviewRound.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=period.start), scope.articles("article__"), opened_at__lt=period.end
    )
    rows = rows.annotate(
        submitted=_before_opening("submitted_at", DateTimeField()),
        was=_before_opening("state", CharField()),
        first=Subquery(signed[:1]),
        last=Subquery(signed.order_by("-signed_at")[:1]),
        returned=Subquery(before.values("closed_at")[:1]),
    )
    names = ("opened_at", "closed_at", "outcome", "submitted", "was", "first", "last", "returned")
    return [
        RoundLine(opened, closed, outcome, submitted if was == ArticleState.SUBMITTED else None, *signs)
        for opened, closed, outcome, submitted, was, *signs in rows.order_by().values_list(*names)
    ]


def _before_opening(name: str, field: Field) -> Subquery:
    """What the article's row said just before the round was opened."""
    rows = Article.history.filter(id=OuterRef("article_id"), history_date__lt=OuterRef("opened_at"))
    return Subquery(rows.order_by("-history_date", "-history_id").values(name)[:1], output_field=field)


def seats(scope: Scope, *, with_reminders: bool = True) -> list[SeatLine]:
    """Seats that were given out, ended or fell due in the period, and all that are open now.

    Without alternates who stand by, of whom nothing is asked, without seats that a carried signature filled, and
    without those on what the reader wrote: authors don't learn who reviews their text.
    """
    period = scope.period
    touched = Q(ended_at=None) | Q(ended_at__gte=period.start) | Q(review_on__gte=period.first)
    rows = ReviewAssignment.objects.filter(
        Q(state__in=sorted(OPEN)) | Q(assigned_at__lt=period.end) & touched, scope.articles("round__article__")
    )
    rows = rows.exclude(seat=SeatKind.ALTERNATE).exclude(round__article__authors=scope.reader)
    reviews = Review.objects.filter(assignment=OuterRef("pk"))
    accepted = AuditEvent.objects.filter(subject=OuterRef("subject"), kind="assignment.accepted").order_by("sequence")
    rows = (
        rows.filter(~Exists(reviews.exclude(carried_from=None)))
        .alias(subject=Concat(Value("assignment:"), Cast("pk", CharField()), output_field=CharField()))
        .annotate(
            asked_at=Coalesce("replaces__ended_at", "assigned_at"),
            signed_at=Subquery(reviews.order_by("signed_at").values("signed_at")[:1]),
            accepted_at=Subquery(accepted.values("at")[:1]),
            reminded=_reminded() if with_reminders else Value(0),
        )
    )
    names = (
        *("member_id", "state", "asked_at", "respond_on", "review_on", "time_zone", "round__rule__acceptance"),
        *("opened_at", "accepted_at", "signed_at", "ended_at", "reminded"),
    )
    return [
        SeatLine(*first, acceptance == Acceptance.ANSWER, opened, accepted, signed, ended, count)
        for *first, acceptance, opened, accepted, signed, ended, count in rows.order_by().values_list(*names)
    ]


def _reminded() -> Combinable:
    """How often a seat's member was reminded of it, by the clock or by a person; escalations to editors don't count."""
    return _count(BY_CLOCK) + _count(ManualReminder.objects.filter(assignment=OuterRef("pk")))


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("assignment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
