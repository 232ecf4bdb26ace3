"""Who may say what about a text under review, with the reason when not."""

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles.models import Article
from editorial.conditions import YES, Condition, no, unless
from editorial.models import User
from editorial.roles import is_board
from reviews.models import ReviewAssignment, ReviewComment
from reviews.states import APPROVING, AssignmentState

Kind = ReviewComment.Kind

OPENING = (Kind.MUST_FIX, Kind.SUGGESTION, Kind.QUESTION)
"""Kinds that a person may choose; the others follow from what was done."""

SEATED = (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)


def seat_of(article: Article, user: User) -> ReviewAssignment | None:
    """The seat from which this person takes part in the article's open round, if they have one."""
    if not is_board(user):
        return None
    rows = ReviewAssignment.objects.filter(
        round__article=article, round__closed_at=None, member__user=user, state__in=SEATED
    )
    seat = rows.select_related("round", "declaration").first()
    return None if seat is None or seat.is_waiting_alternate else seat


def may_comment(article: Article, user: User) -> Condition:
    """Members of the open round who declared no conflict, and editors who aren't its authors."""
    if not article.rounds.filter(closed_at=None).exists():
        return no(_("Comments are made while a review round is open."))
    if article_conditions.editor_of(article, user):
        return YES
    seat = seat_of(article, user)
    if seat is None:
        return no(_("Only the round's reviewers and the editors comment on this text."))
    declared = getattr(seat, "declaration", None)
    return unless(declared and not declared.has_conflict, _("Declare your interests first; “none” is an answer."))


def may_see(comment: ReviewComment, user: User) -> bool:
    """Editors and authors see all; a member their own and, once they signed or where the policy shows them, others'."""
    article = comment.article
    if article_conditions.editor_of(article, user) or article_conditions.authored_by(article, user):
        return True
    seat = seat_of(article, user)
    if seat is None:
        return False
    own = user.pk in (comment.author_id, comment.parent.author_id if comment.parent else None)
    return own or (comment.kind != Kind.LATE and sees_others(seat))


def sees_others(seat: ReviewAssignment) -> bool:
    """Others' comments stay hidden until one's own signature, where the round's policy hides reviews."""
    return not seat.round.rule.get("hide_reviews", True) or seat.state == AssignmentState.COMPLETED


def may_reply(comment: ReviewComment, user: User) -> Condition:
    return (
        unless(comment.parent_id is None, _("Reply to the comment itself."))
        & unless(comment.is_open, _("It is resolved. Reopen it first."))
        & _takes_part(comment, user)
    )


def may_resolve(comment: ReviewComment, user: User) -> Condition:
    """A must-fix is resolved by its maker, or by an editor who says why; the rest by authors too."""
    if comment.parent_id is not None or comment.kind == Kind.LATE:
        return no(_("Only a comment that asks for something can be resolved."))
    open_ = unless(comment.is_open, _("It is resolved already."))
    if comment.author_id == user.pk or article_conditions.editor_of(comment.article, user):
        return open_ & _takes_part(comment, user)
    if comment.kind == Kind.MUST_FIX:
        return open_ & no(_("A must-fix is resolved by whoever made it, or by an editor. Reply to say what you did."))
    return open_ & unless(
        article_conditions.authored_by(comment.article, user),
        _("Only its maker, an author or an editor resolves a comment."),
    )


def may_reopen(comment: ReviewComment, user: User) -> Condition:
    mine = comment.author_id == user.pk or bool(article_conditions.editor_of(comment.article, user))
    return (
        unless(not comment.is_open, _("It isn't resolved."))
        & unless(
            comment.body or comment.replacement is not None, _("It was withdrawn by its maker. Make a new comment.")
        )
        & unless(comment.applied_at is None, _("This change was applied to the text. Make a new comment."))
        & unless(mine, _("Only its maker or an editor reopens a comment."))
        & _takes_part(comment, user)
    )


def may_downgrade(comment: ReviewComment, user: User) -> Condition:
    return (
        unless(comment.kind == Kind.MUST_FIX, _("It isn't a must-fix."))
        & unless(comment.is_open, _("It is resolved already."))
        & unless(comment.author_id == user.pk, _("Only its maker makes a suggestion of a must-fix."))
        & _takes_part(comment, user)
    )


def may_withdraw(comment: ReviewComment, user: User) -> Condition:
    return (
        unless(comment.author_id == user.pk, _("Only its maker withdraws a comment."))
        & unless(comment.is_open, _("It is resolved already."))
        & unless(comment.kind != Kind.LATE, _("A late review is kept."))
        & _takes_part(comment, user)
    )


def may_apply(comment: ReviewComment, user: User) -> Condition:
    """Authors and editors, while the text is open: applying makes them contributors, not the comment's maker."""
    return (
        unless(comment.parent_id is None and comment.replacement is not None, _("It suggests no change."))
        & unless(comment.is_open, _("It is resolved already."))
        & article_conditions.author_or_editor(comment.article, user)
        & article_conditions.may_edit(comment.article, user)
    )


def no_must_fix(article: Article, user: User, *, verdict: str) -> Condition:
    """A maker's own open must-fix can't go with approval."""
    if verdict not in APPROVING:
        return YES
    open_ = article.review_comments.filter(author=user, kind=Kind.MUST_FIX, resolved_at=None, parent=None).count()
    return unless(
        not open_,
        _("Must-fix can't go with approval, and %(count)s of yours is open. Resolve it, or make a suggestion of it.")
        % {"count": open_},
    )


def _takes_part(comment: ReviewComment, user: User) -> Condition:
    """Sees it, and the text is still being worked on."""
    article = comment.article
    working = article.is_editable or article.rounds.filter(closed_at=None).exists()
    return unless(may_see(comment, user), _("This comment isn't shown to you.")) & unless(
        working, _("The text isn't being worked on at the moment.")
    )
