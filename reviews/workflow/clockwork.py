"""What the clock does with seats: silence expires them, and absence passes them on. Named acts of the system."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import verb
from reviews import deadlines
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState
from reviews.workflow.passing import cover, vacate
from reviews.workflow.seating import closed_periods, fresh

log = logging.getLogger(__name__)

EXPIRES_AFTER_DAYS = 14
"""Open days after the due day on which a review that nobody began to write is given up."""


@verb
def expire(article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment) -> ReviewAssignment:
    """Let a seat go whose member kept silent; does nothing while there is still time.

    Raises Refused for people: they release a seat, with a reason.
    """
    if actor.kind != User.Kind.SYSTEM:
        raise Refused(_("Only the clock lets a seat expire. Release it, and say why."))
    assignment = fresh(assignment, article)
    reason = why_expired(assignment, now=now)
    return vacate(assignment, "expire", reason=reason, actor=actor, now=now) if reason else assignment


def why_expired(assignment: ReviewAssignment, *, now: datetime) -> str:
    """Why the seat is given up by now; empty while it isn't.

    Closed periods and the member's absences don't count, and what is saved as a draft is never given up.
    """
    if not assignment.is_open or assignment.is_waiting_alternate or hasattr(assignment, "draft"):
        return ""
    today = clock.day_in(ZoneInfo(assignment.time_zone), now)
    away = [(absence.first_day, absence.last_day) for absence in assignment.member.absences.all()]
    closed = [*away, *closed_periods(min(assignment.respond_on, assignment.review_on))]
    unanswered = assignment.state == AssignmentState.INVITED
    if unanswered and deadlines.days_late(assignment.respond_on, today, closed=closed) >= 1:
        return f"no answer by {clock.shown(assignment.respond_on)}"
    if deadlines.days_late(assignment.review_on, today, closed=closed) >= EXPIRES_AFTER_DAYS:
        return f"no review {EXPIRES_AFTER_DAYS} days after {clock.shown(assignment.review_on)}"
    return ""


def look_after_seats(*, now: datetime) -> int:
    """Cover who is away, then let expire what nobody answered. One seat that fails never stops the others.

    Catch-up and idempotent: each seat is judged again under its article's lock. Returns how many were looked at.
    """
    system = User.system()
    looked_at = 0
    for act, waiting in ((cover, _away()), (expire, _late(now))):
        for seat in waiting.select_related("round__article").distinct():
            looked_at += 1
            try:
                act(seat.round.article, actor=system, now=now, assignment=seat)
            except Exception:
                log.exception("seat %s couldn't be looked after", seat.pk)
    return looked_at


def _away():
    return ReviewAssignment.objects.owed().filter(
        member__absences__first_day__lte=F("review_on"), member__absences__last_day__gte=F("review_on")
    )


def _late(now: datetime):
    """Seats that may have expired by now in some time zone."""
    latest = (now + timedelta(days=1)).date()
    silent = Q(state=AssignmentState.INVITED, respond_on__lt=latest)
    late = Q(review_on__lte=latest - timedelta(days=EXPIRES_AFTER_DAYS))
    return ReviewAssignment.objects.owed().filter(silent | late, draft=None)
