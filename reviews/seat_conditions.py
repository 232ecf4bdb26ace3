"""Who may do what with a seat, with the reason when not."""

from datetime import date

from django.utils.translation import gettext as _

from articles.models import Article
from articles.states import ArticleState
from editorial.conditions import Condition, unless
from editorial.models import User
from reviews import conditions
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState


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
