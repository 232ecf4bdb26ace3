"""Whose turn is it: the editors' views on the queue, each a query of its own.

Where a view asks about a panel, the database reads what is open of rounds and seats once. Asked for each article in
turn, it looks panels up by the thousand.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Publication
from articles.states import ArticleState, PublicationStatus
from editorial.models import User
from reviews.models import Objection, ReviewAssignment, ReviewRound, WaitingRound
from reviews.states import AssignmentState, SeatKind

MOST_AT_ONCE = 500

_open_rounds = ReviewRound.objects.filter(closed_at=None).order_by()
_owed = ReviewAssignment.objects.owed().filter(seat=SeatKind.REQUIRED).order_by()
_listed = WaitingRound.objects.standing().filter(article=OuterRef("pk")).order_by()
_unanswered = _owed.filter(state=AssignmentState.INVITED)


def needs_triage() -> QuerySet[Article]:
    return articles().filter(state=ArticleState.SUBMITTED, triaged_at=None)


def needs_panel() -> QuerySet[Article]:
    """Triaged, and not waiting for the clock to choose; what it couldn't open is an editor's again."""
    waits = _listed.filter(problem="")
    return articles().filter(~Exists(waits), state=ArticleState.SUBMITTED).exclude(triaged_at=None)


def waiting_for_their_week() -> QuerySet[Article]:
    """On the list from which the clock opens rounds."""
    return articles().filter(Exists(_listed), state=ArticleState.SUBMITTED)


def waiting_for_answers() -> QuerySet[Article]:
    """Somebody on the panel was asked whether they can review, and hasn't said so yet."""
    return articles().filter(pk__in=_unanswered.values("round__article"), state=ArticleState.UNDER_REVIEW)


def waiting_for_reviews() -> QuerySet[Article]:
    """Everybody asked has said yes, and a required seat hasn't signed."""
    answered = _owed.values("round__article").difference(_unanswered.values("round__article"))
    return articles().filter(pk__in=answered, state=ArticleState.UNDER_REVIEW)


def ready_to_decide() -> QuerySet[Article]:
    """Every required seat has spoken, and the records alone don't end the round."""
    spoken = _open_rounds.values("article").difference(_owed.values("round__article"))
    return articles().filter(pk__in=spoken, state=ArticleState.UNDER_REVIEW)


def objection_open() -> QuerySet[Article]:
    return articles().filter(pk__in=Objection.objects.still_open().order_by().values("article"))


def unsatisfiable() -> QuerySet[Article]:
    """Their open panel can't bring its approvals any more."""
    return articles().filter(pk__in=_open_rounds.exclude(unsatisfiable="").values("article"))


def with_author() -> QuerySet[Article]:
    return articles().filter(state=ArticleState.CHANGES_REQUESTED)


def drafts() -> QuerySet[Article]:
    return articles().filter(state=ArticleState.DRAFT)


def on_hold() -> QuerySet[Article]:
    held = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.ON_HOLD)
    return articles().filter(Exists(held))


def quorum_lost() -> QuerySet[Article]:
    """Live on withdrawn signatures: the board has to confirm it before the clock takes it down."""
    live = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.LIVE)
    return articles().filter(Exists(live)).exclude(quorum_lost_at=None)


def full_review_owed() -> QuerySet[Article]:
    """Mended at short notice: the full panel has to review it before the clock takes it down."""
    live = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.LIVE)
    return articles().filter(Exists(live)).exclude(full_review_by=None)


def unfinished() -> QuerySet[Article]:
    """All that waits for somebody: on its way, or published and in trouble.

    Each is found by an index of its own: all in one condition, the database reads every article there is.
    """
    kept = Article.objects.order_by()
    settled = {ArticleState.APPROVED, ArticleState.REJECTED}
    approved = kept.filter(state=ArticleState.APPROVED)
    held = Publication.objects.filter(status=PublicationStatus.ON_HOLD, article__state=ArticleState.APPROVED)
    parts = (
        approved.exclude(quorum_lost_at=None).values("pk"),
        approved.exclude(full_review_by=None).values("pk"),
        held.order_by().values("article"),
    )
    under_way = kept.filter(state__in=sorted(set(ArticleState) - settled)).values("pk")
    return articles().filter(pk__in=under_way.union(*parts, all=True))


def due_for_re_review(latest: date) -> QuerySet[Article]:
    """Live on reviews that get old by ``latest``, and nobody is at it."""
    due = {"publications__status": PublicationStatus.LIVE, "publications__next_review_due__lte": latest}
    return articles().filter(**due, state=ArticleState.APPROVED)  # an article has one live version at most


def overdue(ended: Q) -> QuerySet[Article]:
    """A required seat is open after the last instant of its due day; ``ended`` says which days are over where."""
    return articles().filter(pk__in=_owed.filter(ended).values("round__article"))


def overdue_reviews(now: datetime, *, editor: User | None = None) -> list[ReviewAssignment]:
    """Seats whose due day has passed in their member's own time zone.

    For an ``editor`` without the articles that they wrote, whose reviewers they don't know, or judge.
    """
    rows = ReviewAssignment.objects.owed().late(now)
    if editor is not None:
        judged = ReviewAssignment.objects.held_by(editor).values("round__article")
        rows = rows.exclude(Q(round__article__authors=editor) | Q(round__article__in=judged))
    return list(rows.select_related("round__article", "member__user").order_by("review_on", "pk")[:200])


def late_seats(articles: QuerySet[Article], now: datetime) -> list[ReviewAssignment]:
    """Of these articles, seats whose answer or review is late where their member is; the longest waiting first."""
    unanswered = Q(state=AssignmentState.INVITED, respond_on__lte=now.date())
    rows = ReviewAssignment.objects.owed().filter(unanswered | Q(review_on__lte=now.date()))
    rows = rows.filter(round__article__in=articles.order_by().values("pk")).order_by("review_on", "pk")[:MOST_AT_ONCE]
    return [row for row in rows.select_related("round") if row.days_late(now) > 0]


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


def articles() -> QuerySet[Article]:
    """What the desk's lists need of an article, the longest in its state first."""
    return Article.objects.kept().only("id", "title", "state", "state_since", "risk_tier").order_by("state_since")
