"""What the articles are about."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models import PublicPage, PublicTopic
from articles.reader import answers, listing, shell

LISTED = 500


def with_articles() -> QuerySet[PublicTopic]:
    """Topics that a page on the site is about, by name."""
    pages = PublicPage.in_topics.through.objects.filter(publictopic=OuterRef("pk"))
    return PublicTopic.objects.filter(Exists(pages)).order_by("name")


@answers.reading
def topics(request: HttpRequest) -> HttpResponse:
    main = render_to_string("articles/reader/topics.html", {"topics": with_articles()[:LISTED]})
    return answers.page(shell.document(main, title=_("Topics"), path="/topics/"))


@answers.reading
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on the site about one topic; a topic about which nothing is there is like one that doesn't exist."""
    row = PublicTopic.objects.filter(slug=slug).first()
    if row is None:
        return answers.not_found(request)
    articles = listing.of(row.pages.all(), request)
    if not articles.entries and not row.pages.exists():
        return answers.not_found(request)
    main = render_to_string("articles/reader/topic.html", {"topic": row, "articles": articles})
    return answers.page(shell.document(main, title=row.name, path=f"/topics/{slug}/", index=articles.is_first))
