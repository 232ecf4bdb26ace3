"""What the sidebar shows of the content: articles, references, versions."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import conditions
from articles.models import Article, Publication, ReaderMessage, Reference
from editorial import tallies
from editorial.admin.places import of_list, of_page
from editorial.models import User
from editorial.navigation import Place, add_places
from editorial.prepared import Rows
from editorial.roles import is_editor

READERS = "readers"


def _tally(user: User, now: datetime) -> Rows:
    return {READERS: ReaderMessage.objects.filter(handled_at=None).order_by()} if is_editor(user) else {}


def _places(request: HttpRequest, counts: Mapping[str, int]) -> Iterator[Place]:
    label = _("All articles") if is_editor(request.user) else _("Your articles")
    yield from of_list(request, "articles", label, Article, "page", within=("/admin/articles/",), weight=10)
    if conditions.may_create(request.user):
        yield of_page("articles", _("Write an article"), "articles_article_add", "plus", weight=20)
        yield of_page("articles", _("Import a manuscript"), "upload", "import", weight=30)
    if is_editor(request.user):
        sent = tallies.beside(counts[READERS])
        yield from of_list(request, "articles", _("From readers"), ReaderMessage, "letter", count=sent, weight=35)
    yield from of_list(request, "articles", _("References"), Reference, "book", weight=40)
    yield from of_list(request, "articles", _("Published versions"), Publication, "layers", weight=50)


tallies.add_tallies(_tally)
add_places(_places)
