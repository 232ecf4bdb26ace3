"""Who may do what with a seat, with the reason when not."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.conditions import YES, Condition, no, unless
from editorial.models import User
from reviews import conditions, reminded
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState

QUIET = timedelta(days=2)
"""For so long a reminder by hand is enough, unless an editor says otherwise; the clock's own rules have their days."""


def may_accept(assignment: ReviewAssignment, user: User) -> Condition:
    return conditions.may_answer(assignment, user) & unless(
        assignment.state == AssignmentState.INVITED, _("You have accepted this seat already.")
    )


def may_step_aside(assignment: ReviewAssignment, user: User) -> Condition:
    return conditions.may_answer(assignment, user) & unless(
        assignment.is_open, _("You have signed already; sign again if you changed your mind.")
    )


def may_recuse(assignment: ReviewAssignment, user: User) -> Condition:
    return conditions.may_answer(assignment, user) & unless(
        assignment.is_open, _("You have signed this text already. Tell the editor of the conflict at once.")
    )


def may_extend(assignment: ReviewAssignment, user: User) -> Condition:
    return conditions.may_release(assignment, user) & unless(
        not assignment.is_waiting_alternate, _("An alternate who stands by has no due day yet.")
    )


def may_add_seat(article: Article, user: User) -> Condition:
    opened = article.state == ArticleState.UNDER_REVIEW and conditions.open_round_of(article)
    return conditions.editor_of(article, user) & unless(opened, _("There is no open round."))


def may_remind(
    assignment: ReviewAssignment,
    user: User,
    *,
    now: datetime,
    again: bool = False,
    facts: reminded.Facts | None = None,
) -> Condition:
    """An editor asks a member who can answer. ``again``: although somebody did so a short while ago.

    ``facts`` are of this seat and others, read at once; without them they are read here.
    """
    facts = facts or reminded.facts_of([assignment], user)
    article, round = assignment.round.article, assignment.round
    return (
        edits(article, user, facts)
        & unless(
            round.is_open and article.state == ArticleState.UNDER_REVIEW,
            _("This round is closed: there is nobody to remind."),
        )
        & unless(not conditions.has_signed(assignment), _("This review is signed already: there is nobody to remind."))
        & unless(assignment.is_open, _("This seat isn't waiting for anybody: there is nobody to remind."))
        & unless(not assignment.is_waiting_alternate, _("An alternate who stands by owes nothing yet."))
        & _reachable(assignment, facts, now)
        & (YES if again else not_just_reminded(assignment, user, facts, now))
    )


def edits(article: Article, user: User, facts: reminded.Facts) -> Condition:
    """As ``conditions.editor_of``, of facts that were read for many articles at once."""
    return (
        article_conditions.editor_only(user)
        & article_conditions.no_author(wrote=article.pk in facts.wrote)
        & conditions.no_member(sits=article.pk in facts.sits)
    )


def not_just_reminded(assignment: ReviewAssignment, user: User, facts: reminded.Facts, now: datetime) -> Condition:
    """By the clock of ``user``, who reads it."""
    last = facts.last.by_hand.get(assignment.pk)
    if last is None or now - last.sent_at >= QUIET:
        return YES
    local = last.sent_at.astimezone(user.zone)
    said = {
        "who": assignment.member.user.shown_name,
        "by": last.sent_by.shown_name,
        "day": clock.shown(local.date()),
        "at": f"{local:%H:%M}",
    }
    return no(_("%(by)s reminded %(who)s on %(day)s at %(at)s.") % said)


def _reachable(assignment: ReviewAssignment, facts: reminded.Facts, now: datetime) -> Condition:
    user = assignment.member.user
    name = {"who": user.shown_name}
    if not user.is_active:
        return no(_("The account of %(who)s is disabled. Release the seat.") % name)
    if not user.email:
        return no(_("%(who)s has no mail address. Add one to their account, or release the seat.") % name)
    absence = facts.absence(assignment.member_id, clock.day_in(user.zone, now))
    if absence is None:
        return YES
    said = {**name, "day": clock.shown(absence.last_day), "cover": str(absence.cover or "")}
    if absence.cover:
        return no(_("%(who)s is away until %(day)s; %(cover)s covers. Extend the seat, or release it.") % said)
    return no(_("%(who)s is away until %(day)s, and nobody covers. Extend the seat, or release it.") % said)


def later_days(
    assignment: ReviewAssignment, *, review_on: date | None, respond_on: date | None, today: date
) -> Condition:
    """New due days lie ahead, and the answer isn't due after the review."""
    review, respond = review_on or assignment.review_on, respond_on or assignment.respond_on
    given = [day for day in (review_on, respond_on) if day is not None]
    return (
        unless(given, _("Give a new day."))
        & unless(all(day > today for day in given), _("A due day has to lie ahead."))
        & unless(
            respond_on is None or assignment.state == AssignmentState.INVITED,
            _("This seat was accepted already: only the review has a due day."),
        )
        & unless(
            assignment.state != AssignmentState.INVITED or respond <= review,
            _("The answer can't be due after the review."),
        )
    )
