"""What an article's page tells editors of others that likely ask the same, once the text is frozen."""

from collections.abc import Iterable

from articles import questions
from articles.models import Article
from editorial.models import User
from editorial.registry import Panel, add_panels
from editorial.roles import is_editor


def asked_panel(article: Article, user: User) -> Iterable[Panel]:
    """For editors alone: of what isn't published an author learns nothing, nor who else writes."""
    if not is_editor(user) or article.is_editable or article.state not in questions.UNFINISHED:
        return
    alike = questions.of([article.pk])[article.pk]
    if alike:
        yield Panel("admin/articles/article/asked_panel.html", {"alike": alike})


add_panels(asked_panel)
