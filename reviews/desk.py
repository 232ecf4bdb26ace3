"""Whose turn is it: the editors' views on the queue, each a query of its own."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Publication
from articles.states import ArticleState, PublicationStatus
from editorial.models import User
from reviews.models import Objection, ReviewAssignment, ReviewRound
from reviews.states import AssignmentState, SeatKind

_open_round = ReviewRound.objects.filter(article=OuterRef("pk"), closed_at=None)
_owed = ReviewAssignment.objects.owed().filter(round__article=OuterRef("pk"), seat=SeatKind.REQUIRED)
_unanswered = _owed.filter(state=AssignmentState.INVITED)


def needs_triage() -> QuerySet[Article]:
    return _articles().filter(state=ArticleState.SUBMITTED, triaged_at=None)


def needs_panel() -> QuerySet[Article]:
    return _articles().filter(state=ArticleState.SUBMITTED).exclude(triaged_at=None)


def waiting_for_answers() -> QuerySet[Article]:
    """Somebody on the panel was asked whether they can review, and hasn't said so yet."""
    return _articles().filter(Exists(_unanswered), state=ArticleState.UNDER_REVIEW)


def waiting_for_reviews() -> QuerySet[Article]:
    """Everybody asked has said yes, and a required seat hasn't signed."""
    return _articles().filter(Exists(_owed), ~Exists(_unanswered), state=ArticleState.UNDER_REVIEW)


def ready_to_decide() -> QuerySet[Article]:
    """Every required seat has spoken, and the records alone don't end the round."""
    return _articles().filter(~Exists(_owed), Exists(_open_round), state=ArticleState.UNDER_REVIEW)


def objection_open() -> QuerySet[Article]:
    standing = Objection.objects.still_open().filter(article=OuterRef("pk"))
    return _articles().filter(Exists(standing))


def with_author() -> QuerySet[Article]:
    return _articles().filter(state=ArticleState.CHANGES_REQUESTED)


def drafts() -> QuerySet[Article]:
    return _articles().filter(state=ArticleState.DRAFT)


def on_hold() -> QuerySet[Article]:
    held = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.ON_HOLD)
    return _articles().filter(Exists(held))


def overdue_reviews(now: datetime) -> list[ReviewAssignment]:
    """Seats whose due day has passed in their member's own time zone."""
    early = now.date()
    rows = ReviewAssignment.objects.owed().filter(review_on__lte=early)
    rows = rows.select_related("round__article", "member__user").order_by("review_on")[:200]
    return [row for row in rows if row.is_overdue(now)]


def reviews_of(user: User) -> QuerySet[ReviewAssignment]:
    """What a member still owes."""
    return (
        ReviewAssignment.objects.owed()
        .filter(member__user=user)
        .select_related("round__article")
        .order_by("review_on", "pk")
    )


def adjudications_for(user: User) -> QuerySet[Objection]:
    """Open objections that wait for an adjudication by somebody in this member's specialties."""
    member = getattr(user, "board_member", None)
    if member is None:
        return Objection.objects.none()
    panels = Q(round__article=OuterRef("article"), round__closed_at=None) | Q(round=OuterRef("review__round"))
    seated = ReviewAssignment.objects.filter(panels, member=member)
    return (
        Objection.objects.still_open()
        .exclude(steps__kind="adjudicated")
        .filter(~Exists(seated), specialty__in=member.credentials.values("specialty"))
        .exclude(member=member)
        .select_related("article", "specialty", "member__user")
    )


def _articles() -> QuerySet[Article]:
    return Article.objects.kept().only("id", "title", "state", "state_since", "risk_tier").order_by("state_since")
