"""Who may say what about a text under review, with the reason when not.

Who somebody is to an article is found out once (``viewer_of``), so that a page with many comments asks nothing more.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles.models import Article
from editorial.conditions import YES, Condition, no, unless
from editorial.models import User
from editorial.once import once
from editorial.roles import is_board
from reviews import conditions
from reviews.models import ReviewAssignment, ReviewComment, ReviewRound
from reviews.states import APPROVING, AssignmentState

Kind = ReviewComment.Kind

OPENING = (Kind.MUST_FIX, Kind.SUGGESTION, Kind.QUESTION)
"""Kinds that a person may choose; the others follow from what was done."""

SEATED = (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)


@dataclass(frozen=True)
class Viewer:
    """What a person is to an article: its editor, its author, or the holder of ``seat`` in ``round``, the open one.

    An editor who holds a seat there is no editor of it.
    """

    user: User
    editor: bool
    author: bool
    seat: ReviewAssignment | None
    round: ReviewRound | None
    may_edit: Condition

    @property
    def sees_others(self) -> bool:
        """Others' comments stay hidden until one's own signature, where the round's policy hides reviews."""
        if self.editor or self.author:
            return True
        if self.seat is None:
            return False
        return self.seat.state == AssignmentState.COMPLETED or not self.seat.round.rule.get("hide_reviews", True)


@once
def viewer_of(article: Article, user: User) -> Viewer:
    round = conditions.open_round_of(article)
    return Viewer(
        user=user,
        editor=bool(conditions.editor_of(article, user)),
        author=article_conditions.authored_by(article, user),
        seat=_seat(round, user),
        round=round,
        may_edit=article_conditions.may_edit(article, user),
    )


def may_comment(viewer: Viewer) -> Condition:
    """Members of the open round who declared no conflict, and editors who aren't its authors."""
    if viewer.round is None:
        return no(_("Comments are made while a review round is open."))
    if viewer.editor:
        return YES
    if viewer.seat is None:
        return no(_("Only the round's reviewers and the editors comment on this text."))
    declared = getattr(viewer.seat, "declaration", None)
    return unless(declared and not declared.has_conflict, _("Declare your interests first; “none” is an answer."))


def may_see(comment: ReviewComment, viewer: Viewer) -> bool:
    """Editors and authors see all; a member their own and, once they signed or where the policy shows them, others'."""
    if viewer.editor or viewer.author:
        return True
    if viewer.seat is None:
        return False
    own = viewer.user.pk in (comment.author_id, comment.parent.author_id if comment.parent else None)
    return own or (comment.kind != Kind.LATE and viewer.sees_others)


def may_reply(comment: ReviewComment, viewer: Viewer) -> Condition:
    return (
        unless(comment.parent_id is None, _("Reply to the comment itself."))
        & unless(comment.is_open, _("It is resolved. Reopen it first."))
        & _takes_part(comment, viewer)
    )


def may_resolve(comment: ReviewComment, viewer: Viewer) -> Condition:
    """A must-fix is resolved by its maker, or by an editor who says why; the rest by authors too."""
    if comment.parent_id is not None or comment.kind == Kind.LATE:
        return no(_("Only a comment that asks for something can be resolved."))
    if not comment.is_open:
        return no(_("It is resolved already."))
    if comment.author_id != viewer.user.pk and not viewer.editor:
        if comment.kind == Kind.MUST_FIX:
            return no(_("A must-fix is resolved by its maker, or by an editor. Reply to say what you did."))
        if not viewer.author:
            return no(_("Only its maker, an author or an editor resolves a comment."))
    return _takes_part(comment, viewer)


def may_reopen(comment: ReviewComment, viewer: Viewer) -> Condition:
    return (
        unless(not comment.is_open, _("It isn't resolved."))
        & unless(not is_withdrawn(comment), _("It was withdrawn. Make a new comment."))
        & unless(comment.applied_at is None, _("This change was applied to the text. Make a new comment."))
        & unless(
            comment.author_id == viewer.user.pk or viewer.editor, _("Only its maker or an editor reopens a comment.")
        )
        & _takes_part(comment, viewer)
    )


def may_downgrade(comment: ReviewComment, viewer: Viewer) -> Condition:
    return (
        unless(comment.kind == Kind.MUST_FIX, _("It isn't a must-fix."))
        & unless(comment.is_open, _("It is resolved already."))
        & unless(comment.author_id == viewer.user.pk, _("Only its maker makes a suggestion of a must-fix."))
        & _takes_part(comment, viewer)
    )


def may_withdraw(comment: ReviewComment, viewer: Viewer) -> Condition:
    return (
        unless(comment.author_id == viewer.user.pk, _("Only its maker withdraws a comment."))
        & unless(comment.is_open, _("It is resolved already."))
        & unless(comment.kind != Kind.LATE, _("A late review is kept."))
        & _takes_part(comment, viewer)
    )


def may_apply(comment: ReviewComment, viewer: Viewer) -> Condition:
    """Authors and editors, while the text is open: applying makes them contributors, not the comment's maker."""
    return (
        unless(comment.parent_id is None and comment.replacement is not None, _("It suggests no change."))
        & unless(comment.is_open, _("It is resolved already."))
        & viewer.may_edit
    )


def no_must_fix(article: Article, user: User, *, verdict: str) -> Condition:
    """A maker's own open must-fix can't go with approval."""
    open_ = open_must_fixes(article, user) if verdict in APPROVING else 0
    return unless(
        not open_,
        _("Must-fix can't go with approval, and %(count)s of yours is open. Resolve it, or make a suggestion of it.")
        % {"count": open_},
    )


def open_must_fixes(article: Article, user: User) -> int:
    rows = article.review_comments.filter(author=user, kind=Kind.MUST_FIX, resolved_at=None, parent=None)
    return rows.count()


def is_withdrawn(comment: ReviewComment) -> bool:
    """Its words were erased by its maker."""
    return not comment.body and comment.replacement is None


def _seat(round: ReviewRound | None, user: User) -> ReviewAssignment | None:
    if round is None or not is_board(user):
        return None
    rows = ReviewAssignment.objects.filter(round=round, member__user=user, state__in=SEATED)
    seat = rows.select_related("round", "declaration").first()
    return None if seat is None or seat.is_waiting_alternate else seat


def _takes_part(comment: ReviewComment, viewer: Viewer) -> Condition:
    """Sees it, and the text is still being worked on."""
    working = comment.article.is_editable or viewer.round is not None
    return unless(may_see(comment, viewer), _("This comment isn't shown to you.")) & unless(
        working, _("The text isn't being worked on at the moment.")
    )
