"""Who may pass an article into another editor's hands, and into whose."""

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles.models import Article
from articles.states import ArticleState
from editorial.conditions import Condition, unless
from editorial.models import User
from reviews import conditions
from reviews.models import ReviewAssignment


def may_hand_over(article: Article, user: User) -> Condition:
    return unless(
        article.abandoned_at is None and article.state != ArticleState.REJECTED,
        _("It is closed: reopen it first."),
    ) & conditions.editor_of(article, user)


def may_take_over(article: Article, editor: User) -> Condition:
    """A new handling editor is an editor, no author of the article, not on its open panel, and not its editor now."""
    seats = ReviewAssignment.objects.held_by(editor).filter(round__article=article)
    name = {"name": editor.shown_name}
    return (
        article_conditions.may_handle(article, editor)
        & unless(not seats.exists(), _("%(name)s is on this article's panel; name another editor.") % name)
        & unless(article.handling_editor_id != editor.pk, _("%(name)s handles it already.") % name)
    )
