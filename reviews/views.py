"""The calendar feed, without sign-in: its secret address is the proof, and a new one makes the old one dead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from editorial import calendar_address, clock
from reviews import calendar as calendars


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    user = calendar_address.user_of(token)
    if user is None:
        raise Http404
    response = HttpResponse(calendars.feed(user, now=clock.now()), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="reviews.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
