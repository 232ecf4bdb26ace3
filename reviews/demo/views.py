"""The demo's mailbox: everybody's mail on one page, so that a reader of the demo sees what its people get.

It exists in the demo alone and answers this machine alone: anywhere else it is the one 404.
"""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from editorial import clock
from editorial.models import User
from editorial.shown_mail import FRAMES, framed
from reviews.demo import hurry, mailbox

A_PAGE = 50
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Headers of a proxy: behind one, every request seems to come from this machine."""


def is_open(request: HttpRequest) -> bool:
    """Whether this is the demo, asked from the machine that it runs on."""
    if settings.MODE != "demo" or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        if not is_open(request):
            raise Http404
        return view(request, **values)

    return guarded


@demo_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All mail, the newest first, or that of one person."""
    everything = mailbox.letters()
    addresses = sorted({address for letter in everything for address in letter.to})
    names = _names(addresses)
    whose = request.GET.get("to", "")
    some = [letter for letter in everything if whose in ("", *letter.to)]
    page = Paginator(some, A_PAGE).get_page(request.GET.get("page"))
    rows = [{"letter": row, "to": ", ".join(names.get(one, one) for one in row.to)} for row in page]
    people = [{"address": one, "name": names.get(one, one)} for one in addresses]
    context = {"rows": rows, "page": page, "people": people, "whose": whose}
    return TemplateResponse(request, "demo/mailbox.html", context)


@demo_only
@require_safe
@csp_update(FRAMES)
def read(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: whom it went to, what it says, and what came with it."""
    return TemplateResponse(request, "demo/letter.html", {"letter": _found(name)})


@demo_only
@require_safe
def frame(request: HttpRequest, name: str) -> HttpResponse:
    return framed(_found(name).html)


@demo_only
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Plan and send what is due, as the clock would, without waiting for anybody's hour."""
    sent, waiting = hurry.send_today(now=clock.now())
    if sent:
        said = ngettext("%(count)s message was sent.", "%(count)s messages were sent.", sent)
        messages.success(request, said % {"count": sent})
    else:
        messages.info(request, _("Nothing is due today, so nothing was sent."))
    if waiting:
        said = ngettext(
            "%(count)s message waits for another day: its recipient has had today's mail.",
            "%(count)s messages wait for another day: their recipients have had today's mail.",
            waiting,
        )
        messages.info(request, said % {"count": waiting})
    return HttpResponseRedirect(reverse("demo_mailbox"))


def _found(name: str) -> mailbox.Letter:
    letter = mailbox.letter(name)
    if letter is None:
        raise Http404
    return letter


def _names(addresses: list[str]) -> dict[str, str]:
    return {user.email: user.shown_name for user in User.objects.filter(email__in=addresses)}
