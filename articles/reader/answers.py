"""How the public site answers: what it may be asked, how long an answer is fresh, and the one 404."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.reader import shell

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

READING = ("GET", "HEAD")
FORMS = frozenset({"report", "ask_send"})
"""The public addresses that a form may be sent to. Nothing checks a cookie there: articles.reader.receiving does."""
FRESH = "public, max-age=60"
"""Shared caches keep a page for a minute: within it a hold is seen by every reader."""
NOT_KEPT = "public, max-age=0, must-revalidate"


def reading(view: View[P]) -> View[P]:
    """A page that can only be read: any other method is refused before anything is looked up."""

    @wraps(view)
    def only_read(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method in READING else not_taken()

    return only_read


def writing(view: View[P]) -> View[P]:
    """A page with a form that readers send; only those that ``FORMS`` names get that far."""

    @wraps(view)
    def read_or_sent(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        known = (*READING, "POST")
        return view(request, *args, **kwargs) if request.method in known else not_taken(known)

    return read_or_sent


def not_taken(allowed: tuple[str, ...] = READING) -> HttpResponse:
    text = _("This page can only be read.")
    response = HttpResponse(text, status=405, content_type="text/plain; charset=utf-8")
    response["Allow"] = ", ".join(allowed)
    return response


def page(text: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = FRESH if status == 200 else NOT_KEPT
    return response


def unless_known(request: HttpRequest, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``make`` makes, or 304 to whoever has it already. ``etag``: with its quotes."""
    return if_known(request, etag) or _tagged(make(), etag)


def if_known(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 to whoever has it already; None to everybody else."""
    return _tagged(HttpResponseNotModified(), etag) if etag in _tags(request) else None


def _tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = FRESH
    return response


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """The one answer for whatever isn't published. It depends on nothing of the request."""
    return page(shell.document(shell.static("not_found.html"), title=_("Not found"), index=False), status=404)


def today() -> date:
    """The day in the publisher's time zone."""
    return timezone.localdate()


def _tags(request: HttpRequest) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in request.META.get("HTTP_IF_NONE_MATCH", "").split(",")}
