"""Putting the first steps away and bringing them back. Each is a POST; the steps themselves stand on the home page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial import first_steps
from editorial.registry import Page, add_page
from editorial.roles import roles_of


def close(request: HttpRequest, name: str) -> HttpResponse:
    guide = first_steps.guide_named(name)
    if guide is None or guide.role not in roles_of(request.user):
        raise Http404
    if request.method == "POST":
        first_steps.close(request.user, name)
        messages.success(request, _("The first steps are put away. Your menu brings them back."))
    return HttpResponseRedirect(reverse("admin:index"))


def bring_back(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        first_steps.bring_back(request.user)
        messages.success(request, _("The first steps are back."))
    return HttpResponseRedirect(reverse("admin:index"))


add_page(Page("first-steps/", bring_back, "first_steps"))
add_page(Page("first-steps/<slug:name>/close/", close, "first_steps_close"))
