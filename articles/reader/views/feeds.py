"""What feed readers ask for."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from articles.models import PublicPage, PublicTopic
from articles.reader import answers, feeds


@answers.reading
def articles(request: HttpRequest) -> HttpResponse:
    return _answer(request, _("New and updated articles"), feeds.changed(PublicPage.objects.all()))


@answers.reading
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a topic that something on the site is about: the name of one that hasn't might tell of what isn't there."""
    found = PublicTopic.objects.filter(slug=slug, pages__isnull=False).first()
    if found is None:
        return answers.not_found(request)
    return _answer(
        request, found.name, feeds.changed(PublicPage.objects.filter(under__publictopic=found), by="under__")
    )


@answers.reading
def corrections(request: HttpRequest) -> HttpResponse:
    return _answer(request, _("Corrections and retractions"), feeds.corrections())


def _answer(request: HttpRequest, title: str, entries: list[feeds.Entry]) -> HttpResponse:
    """304 by the ETag alone: an article that was taken off leaves the feed without a newer date in it."""
    text, etag, newest = feeds.atom(request.path, title, entries)
    response = answers.unless_known(request, etag, lambda: HttpResponse(text, content_type=feeds.Feed.content_type))
    return _dated(response, newest)


def _dated(response: HttpResponse, newest: datetime) -> HttpResponse:
    response["Last-Modified"] = http_date(newest.timestamp())
    return response
