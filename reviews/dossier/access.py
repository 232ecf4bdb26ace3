"""Who may take a dossier along."""

from django.utils.translation import gettext as _

from articles import conditions
from articles.models import Article
from articles.publishing import was_shown
from articles.states import PublicationStatus
from editorial.conditions import Condition, unless
from editorial.models import User
from editorial.roles import is_editor
from reviews.conditions import editor_of, not_seated


def may_export(article: Article, user: User, *, redacted: bool) -> Condition:
    """In full for editors who aren't its authors, and for the operator. Redacted for its authors as well, once
    readers have had a version: before that they'd learn who reviews it. Never for whoever sits on its open panel.
    """
    if not redacted:
        operator = user.kind == User.Kind.SYSTEM
        return Condition() if operator else editor_of(article, user)
    allowed = user.kind == User.Kind.SYSTEM or is_editor(user) or conditions.authored_by(article, user)
    return (
        unless(allowed, _("Only an author of this article or an editor may do this."))
        & not_seated(article, user)
        & unless(
            readers_had(article),
            _("Readers never had a version of this article, so there is nothing to show outsiders."),
        )
    )


def readers_had(article: Article) -> bool:
    versions = conditions.versions_of(article)
    return any(was_shown(version) for version in versions if version.status != PublicationStatus.SCHEDULED)
