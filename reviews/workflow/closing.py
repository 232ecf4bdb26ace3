"""What a closed period does to reviews that are due in it: nothing, until somebody moves them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock, outbox
from editorial.conditions import Refused
from editorial.models import ClosedPeriod, User
from editorial.roles import is_chief
from editorial.verbs import record, verb
from reviews import deadlines
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState
from reviews.workflow.seating import fresh

CHIEFS_ALONE = _("Only a chief editor moves the board's due days.")


def due_in(period: ClosedPeriod) -> list[ReviewAssignment]:
    """Open seats whose review, or whose answer where one is waited for, falls due in the period."""
    days = (period.first_day, period.last_day)
    answer = Q(state=AssignmentState.INVITED, respond_on__range=days)
    rows = ReviewAssignment.objects.owed().filter(Q(review_on__range=days) | answer)
    return list(rows.select_related("round__article", "member__user").order_by("round__article", "pk"))


@verb
def move_due_days(period: ClosedPeriod, *, actor: User, now: datetime) -> int:
    """Move every due day that lies in the period behind it, and tell the members. Returns how many seats moved.

    The days that were left before the period are given back after it.
    """
    if not is_chief(actor):
        raise Refused(CHIEFS_ALONE)
    others = _periods(ClosedPeriod.objects.exclude(pk=period.pk))
    moved = 0
    for seat in due_in(period):
        moved += _moved_beyond(seat.round.article, actor=actor, now=now, assignment=seat, period=period, others=others)
    record("closedperiod.moved_due_days", period.subject, seats=moved)
    return moved


@verb
def _moved_beyond(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    period: ClosedPeriod,
    others: list[tuple[object, object]],
) -> bool:
    """One seat, read again under its article's lock: it may have been signed or moved meanwhile."""
    assignment = fresh(assignment, article)
    days = (period.first_day, period.last_day)
    review_on = deadlines.moved_beyond(assignment.review_on, days, closed=others)
    respond_on = deadlines.moved_beyond(assignment.respond_on, days, closed=others)
    if not assignment.is_open or (review_on, respond_on) == (assignment.review_on, assignment.respond_on):
        return False
    later = review_on != assignment.review_on
    assignment.review_on, assignment.respond_on = review_on, respond_on
    assignment.due_version += 1
    assignment.save(update_fields=["review_on", "respond_on", "due_version"])
    record(
        "assignment.extended",
        assignment.subject,
        review_on=review_on.isoformat(),
        respond_on=respond_on.isoformat(),
        due_version=assignment.due_version,
        closed_period=period.pk,
    )
    if later:
        text = _("Your review of “%(title)s” is due on %(day)s now: the board is closed before that (%(name)s).")
        values = {"title": article.title, "day": clock.shown(review_on), "name": period.name}
        outbox.write("news", assignment.member.user, now=now, text=text % values, path=assignment.get_absolute_url())
    return True


def _periods(rows: Iterable[ClosedPeriod]) -> list[tuple[object, object]]:
    return [(row.first_day, row.last_day) for row in rows]
