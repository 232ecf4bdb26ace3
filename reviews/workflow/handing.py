"""How an article passes from one editor's hands into another's, in whatever state it is."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import outbox
from editorial.models import User
from editorial.verbs import record, save, verb
from reviews import decisions, handing_conditions


@verb
def hand_over(article: Article, *, actor: User, now: datetime, handling_editor: User) -> Article:
    """Name another handling editor. State, text and round stay as they are; whoever takes over is told.

    Raises Refused for whoever is no editor of this article, and for a new editor who couldn't be one.
    """
    handing_conditions.may_hand_over(article, actor).enforce()
    handing_conditions.may_take_over(article, handling_editor).enforce()
    before, article.handling_editor = article.handling_editor, handling_editor
    save(article, actor=actor, reason="handed over")
    record(
        "article.handed_over",
        article.subject,
        before=before.uuid if before else "",
        handling_editor=handling_editor.uuid,
    )
    if handling_editor.pk != actor.pk:
        text = _("%(who)s handed “%(title)s” over to you.") % {"who": actor.shown_name, "title": article.title}
        outbox.write("news", handling_editor, now=now, text=text, path=decisions.article_path(article))
    return article
