"""What the articles are about."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.reader import answers, listing, shell

LISTED = 500


@answers.reading
def topics(request: HttpRequest) -> HttpResponse:
    main = render_to_string("articles/reader/topics.html", {"topics": listing.topics()[:LISTED]})
    return answers.page(shell.document(main, title=_("Topics"), path="/topics/"))


@answers.reading
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on the site about one topic; a topic about which nothing is there is like one that doesn't exist."""
    row = listing.topics().filter(slug=slug).first()
    if row is None:
        return answers.not_found(request)
    articles = listing.about(row, request)
    main = render_to_string("articles/reader/topic.html", {"topic": row, "articles": articles})
    return answers.page(shell.document(main, title=row.name, path=f"/topics/{slug}/", index=articles.is_first))
