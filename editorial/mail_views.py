"""The page behind a mail's unsubscribe link, without sign-in. A GET changes nothing: mail scanners follow links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from editorial import habits, unsubscribing

ONE_CLICK = ("List-Unsubscribe", "One-Click")
BY_HAND = ("stop", "weekly")


@csrf_exempt  # why: the mail provider that sends RFC 8058's POST has no cookie; the signed address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Says what the button does; the button, or a provider's one-click POST, switches the weekly summary off."""
    user = unsubscribing.user_of(token)
    if user is None:
        raise Http404
    asked = any(request.POST.get(name) == value for name, value in (ONE_CLICK, BY_HAND))
    if asked:
        habits.stop_weekly(user, actor=user)
    status = 422 if request.method == "POST" and not asked else 200
    context = {"weekly": habits.of(user).weekly}
    response = TemplateResponse(request, "editorial/unsubscribe.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
