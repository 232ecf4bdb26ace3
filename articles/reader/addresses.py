"""Which article an address leads to: each keeps every address that it ever had, and leads on to the newest."""

import re

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from articles.models import PublicPage
from articles.models.article import Audience
from articles.reader import answers

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,120}")


class Number:
    """A version's number in an address, in one spelling only."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def slug_in(text: str) -> str:
    """An article's slug that somebody gave in a query; nothing of what can't be one."""
    return text if _SLUG.fullmatch(text) else ""


def versions_at(slug: str) -> QuerySet[PublicPage]:
    """All versions of the article that has, or had, this address; each says where the article is ``now_at``."""
    known = PublicPage.objects.filter(slug=slug).values("article_uuid")
    newest = PublicPage.objects.filter(article_uuid=OuterRef("article_uuid"), is_current=True).order_by()
    rows = PublicPage.objects.filter(article_uuid__in=known).annotate(now_at=Subquery(newest.values("slug")[:1]))
    return rows.exclude(now_at=None)


def leads_on(request: HttpRequest, path: str) -> HttpResponse:
    """To where the article is now, in the reader's audience."""
    audience = request.GET.get("for", "")
    response = HttpResponsePermanentRedirect(f"{path}?for={audience}" if audience in Audience.values else path)
    response["Cache-Control"] = answers.FRESH
    return response
