"""What the figures are made of: rounds and seats that the period touched, one query each.

Both lists are bounded by the period, two years at most: what a board can review in two years, and what is open now.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
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
    first: datetime | None = None
    last: datetime | None = None
    returned: datetime | None = None

    @property
    def decided(self) -> datetime | None:
        return self.closed if self.outcome in DECIDED else None


def rounds(scope: Scope) -> list[RoundLine]:
    """Every round that was open at some time in the period."""
    signed = Review.objects.filter(round=OuterRef("pk"), carried_from=None).order_by("signed_at").values("signed_at")
    before = ReviewRound.objects.filter(
        article=OuterRef("article"), number=OuterRef("number") - 1, outcome=RoundOutcome.CHANGES_REQUESTED
    ).order_by()
    rows = _rounds(scope).annotate(
        first=Subquery(signed[:1]),
        last=Subquery(signed.order_by("-signed_at")[:1]),
        returned=Subquery(before.values("closed_at")[:1]),
    )
    names = ("opened_at", "closed_at", "outcome", "submitted", "first", "last", "returned")
    return [RoundLine(*line) for line in rows.values_list(*names)]


def decided(scope: Scope) -> list[RoundLine]:
    """Rounds that were decided on in the period, with the instants of their submission and decision."""
    rows = _rounds(scope).filter(outcome__in=sorted(DECIDED), closed_at__gte=scope.period.start)
    rows = rows.filter(closed_at__lt=scope.period.end)
    names = ("opened_at", "closed_at", "outcome", "submitted")
    return [RoundLine(*line) for line in rows.values_list(*names)]


def _rounds(scope: Scope) -> QuerySet[ReviewRound]:
    """``submitted`` is what the article's row said just before the round was opened, where it was a submission."""
    period = scope.period
    submitted = Case(When(state=ArticleState.SUBMITTED, then=F("submitted_at")), output_field=DateTimeField())
    was = Article.history.filter(id=OuterRef("article_id"), history_date__lt=OuterRef("opened_at"))
    was = was.order_by("-history_date", "-history_id").values(submission=submitted)[:1]
    rows = ReviewRound.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=period.start), scope.articles("article__"), opened_at__lt=period.end
    )
    return rows.order_by().annotate(submitted=Subquery(was, output_field=DateTimeField()))


def seats(scope: Scope) -> list[SeatLine]:
    """Seats that were given out, ended or fell due in the period, and all that are open now."""
    period = scope.period
    touched = Q(ended_at=None) | Q(ended_at__gte=period.start) | Q(review_on__gte=period.first)
    rows = _seats(scope).filter(Q(state__in=sorted(OPEN)) | Q(assigned_at__lt=period.end) & touched)
    accepted = AuditEvent.objects.filter(subject=OuterRef("subject"), kind="assignment.accepted").order_by("sequence")
    asks = Q(round__rule__acceptance=Acceptance.ANSWER)  # nobody else accepts, so nobody else's is looked for
    rows = rows.alias(
        subject=Concat(Value("assignment:"), Cast("pk", CharField()), output_field=CharField()),
    ).annotate(
        asked=Coalesce("replaces__ended_at", "assigned_at"),
        accepted=Case(When(asks, then=Subquery(accepted.values("at")[:1])), output_field=DateTimeField()),
        answers=Case(When(asks, then=True), default=False),
        reminded=_reminded(),
    )
    names = (
        *("member_id", "state", "asked", "respond_on", "review_on", "time_zone", "answers"),
        *("opened_at", "accepted", "signed", "ended_at", "reminded"),
    )
    return [SeatLine(*line) for line in rows.values_list(*names)]


def due(scope: Scope) -> list[SeatLine]:
    """Seats that fell due in the period, with what tells who was on time and no more."""
    rows = _seats(scope).filter(review_on__range=(scope.period.first, scope.period.last))
    names = ("member_id", "state", "assigned_at", "respond_on", "review_on", "time_zone", "signed", "ended_at")
    return [SeatLine(*line, signed_at=signed, ended_at=ended) for *line, signed, ended in rows.values_list(*names)]


def _seats(scope: Scope) -> QuerySet[ReviewAssignment]:
    """Without alternates who stand by, of whom nothing is asked, without seats that a carried signature filled, and
    without those on what the reader wrote: authors don't learn who reviews their text.
    """
    reviews = Review.objects.filter(assignment=OuterRef("pk"))
    written = ReviewRound.objects.filter(article__authors=scope.reader).values("pk")
    rows = ReviewAssignment.objects.filter(
        scope.articles("round__article__"), ~Exists(reviews.exclude(carried_from=None))
    )
    rows = rows.exclude(seat=SeatKind.ALTERNATE).exclude(round__in=written).order_by()
    return rows.annotate(signed=Subquery(reviews.order_by("signed_at").values("signed_at")[:1]))


def _reminded() -> Combinable:
    """How often a seat's member was reminded of it, by the clock or by a person; escalations to editors don't count."""
    return _count(BY_CLOCK) + _count(ManualReminder.objects.filter(assignment=OuterRef("pk")))


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("assignment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
