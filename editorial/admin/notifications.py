"""“Notifications”: a person's own news, newest first. Looking changes nothing; each change is a POST."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial import clock, keyset, notifications
from editorial.keyset import Order
from editorial.registry import Page, add_page

SIZE = 30
NEWEST = Order(F("created_at"), keyset.instant, descending=True)
PLACES = ("after", "before")
HIGHEST = 10**18


def show(request: HttpRequest) -> HttpResponse:
    rows, held_back = notifications.shown_to(request.user)
    places = {name: request.GET.get(name, "") for name in PLACES}
    problem = ""
    try:
        page = keyset.cut(rows, NEWEST, size=SIZE, **places)
    except (ValueError, OverflowError):
        problem = _("The place in the list can't be read; this is its beginning.")
        page = keyset.cut(rows, NEWEST, size=SIZE)
    context = admin.site.page_context(
        request,
        title=_("Notifications"),
        rows=page.rows,
        zone=request.user.zone,
        upto=rows.filter(read_at=None).aggregate(last=Max("pk"))["last"],
        places={} if problem else {name: place for name, place in places.items() if place},
        newer=_address(before=page.before) if page.before else "",
        older=_address(after=page.after) if page.after else "",
        held_back=held_back,
        problem=problem,
    )
    return TemplateResponse(request, "admin/editorial/notifications.html", context)


def count(request: HttpRequest) -> HttpResponse:
    """The number alone, for a page that stands open."""
    return JsonResponse({"unread": notifications.unread(request.user)})


def go(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:notifications"))
    path = _marked(request, pk).path
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return HttpResponseRedirect(path if own else reverse("admin:notifications"))


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and stay."""
    if request.method == "POST":
        _marked(request, pk)
    return _back(request)


def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page knew of: ``upto`` is the newest that was there."""
    upto = request.POST.get("upto", "")
    if request.method == "POST" and upto.isdecimal() and len(upto) <= len(str(HIGHEST)) - 1:
        done = notifications.mark_all_read(request.user, upto=int(upto), now=clock.now())
        said = ngettext("%(n)s notification is marked as read.", "%(n)s notifications are marked as read.", done)
        messages.success(request, said % {"n": done})
    elif request.method == "POST":
        messages.error(request, _("Nothing was marked: the form came without its number. Try again."))
    return _back(request)


def _marked(request: HttpRequest, pk: int) -> Any:
    """Another's, and one that isn't there, look the same: 404."""
    row = notifications.mark_read(request.user, pk, now=clock.now()) if pk < HIGHEST else None
    if row is None:
        raise Http404
    return row


def _back(request: HttpRequest) -> HttpResponse:
    places = {name: request.POST[name] for name in PLACES if request.POST.get(name)}
    return HttpResponseRedirect(_address(**places))


def _address(**places: str) -> str:
    return reverse("admin:notifications") + (f"?{urlencode(places)}" if places else "")


add_page(Page("notifications/", show, "notifications"))
add_page(Page("notifications/count/", count, "notifications_count"))
add_page(Page("notifications/read/", read_all, "notifications_read"))
add_page(Page("notifications/<int:pk>/read/", read, "notification_read"))
add_page(Page("notifications/<int:pk>/go/", go, "notification_go"))
