"""What people do with a seat: answer, give back, recuse; release, extend, add."""

from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock, outbox
from editorial.conditions import Refused
from editorial.models import BoardMember, User
from editorial.verbs import record, verb
from reviews import conditions, matching, seat_conditions
from reviews.models import ReviewAssignment
from reviews.states import SEATED, SeatKind
from reviews.workflow.passing import vacate
from reviews.workflow.seating import due_day, fresh, seat, tell_editor

__all__ = ["accept", "add_seat", "extend", "fresh", "recuse", "release", "step_aside", "tell_editor"]


@verb
def accept(article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment) -> ReviewAssignment:
    """Answer yes, where the policy asks for an answer."""
    assignment = fresh(assignment, article)
    seat_conditions.may_accept(assignment, actor).enforce()
    accepted(assignment)
    assignment.save(update_fields=["state"])
    return assignment


def accepted(assignment: ReviewAssignment) -> None:
    """Move an invited seat; the caller saves it."""
    assignment._accept()
    record("assignment.accepted", assignment.subject)


@verb
def step_aside(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """Decline, or “Not this one”: the member gives the seat back without a conflict."""
    assignment = fresh(assignment, article)
    seat_conditions.may_step_aside(assignment, actor).enforce()
    return vacate(assignment, "decline", reason=reason, actor=actor, now=now)


@verb
def recuse(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """A conflict found at any time before signing: access ends, and the member isn't asked for this article again."""
    assignment = fresh(assignment, article)
    seat_conditions.may_recuse(assignment, actor).enforce()
    return vacate(assignment, "recuse", reason=reason, actor=actor, now=now)


@verb
def release(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """An editor frees a seat whose member won't review any more."""
    assignment = fresh(assignment, article)
    conditions.may_release(assignment, actor).enforce()
    return vacate(assignment, "release", reason=reason, actor=actor, now=now)


@verb
def extend(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    reason: str,
    review_on: date | None = None,
    respond_on: date | None = None,
) -> ReviewAssignment:
    """New due days ahead. What was planned for the old ones counts no more: the due version goes up."""
    assignment = fresh(assignment, article)
    seat_conditions.may_extend(assignment, actor).enforce()
    today = clock.day_in(assignment.member.user.zone, now)
    seat_conditions.later_days(assignment, review_on=review_on, respond_on=respond_on, today=today).enforce()
    assignment.review_on = review_on or assignment.review_on
    assignment.respond_on = respond_on or assignment.respond_on
    assignment.due_version += 1
    assignment.save(update_fields=["review_on", "respond_on", "due_version"])
    record(
        "assignment.extended",
        assignment.subject,
        reason=reason,
        review_on=assignment.review_on,
        respond_on=assignment.respond_on,
        due_version=assignment.due_version,
    )
    days = {"title": article.title, "day": clock.shown(assignment.review_on)}
    text = _("Your review of “%(title)s” is now due on %(day)s.") % days
    if respond_on is not None:
        text += " " + _("Please answer by %(day)s.") % {"day": clock.shown(respond_on)}
    outbox.write(
        "extended",
        assignment.member.user,
        now=now,
        text=text,
        path=assignment.get_absolute_url(),
        assignment=assignment.pk,
        due_version=assignment.due_version,
    )
    return assignment


@verb
def add_seat(
    article: Article, *, actor: User, now: datetime, member: BoardMember, kind: str = SeatKind.REQUIRED
) -> ReviewAssignment:
    """One more member on the panel of the round that runs; a new alternate stands last in line.

    Raises Refused saying why the member may not sit.
    """
    seat_conditions.may_add_seat(article, actor).enforce()
    round = conditions.open_round_of(article)
    round.article = article
    held = ReviewAssignment.objects.filter(round=round, state__in=sorted(SEATED))
    if held.filter(member=member).exists():
        raise Refused(_("%(member)s is on this panel already.") % {"member": member})
    due = due_day(now.date(), round.rule["review_days"])
    found = matching.matches(article, rule=round.rule, due=due, now=now, members=[member.pk])
    if not found or not found[0].eligible:
        reasons = ", ".join(found[0].reasons_against) if found else _("not on the board")
        raise Refused(_("Not eligible: %(member)s: %(reasons)s.") % {"member": member, "reasons": reasons})
    rank = (held.aggregate(last=Max("rank"))["last"] or 0) + 1 if kind == SeatKind.ALTERNATE else 0
    return seat(article, round, found[0].member, by=actor, now=now, kind=SeatKind(kind), rank=rank)
