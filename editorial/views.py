"""Accepting an invitation to the board. A GET changes nothing: mail scanners follow links."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from editorial import clock, invitations
from editorial.conditions import Refused
from editorial.invitees import time_zones
from editorial.models import BoardInvitation


class AcceptForm(forms.Form):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Your time zone"),
        choices=time_zones,
        help_text=gettext_lazy("Due days end at midnight there."),
    )


class SetUpForm(AcceptForm):
    """For whoever has no password yet."""

    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters. You sign with it, so nobody else may know it."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("password", "again", "time_zone")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "password" in values and "again" in values and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords aren't the same. Type them again."))
        return values


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mail's link. Whoever has a password accepts signed in; the others choose one here."""
    now = clock.now()
    found = invitations.find(token)
    if found is None or not invitations.works(found, now=now):
        return _dead(request)
    if found.member.user.has_usable_password():
        if request.user.pk == found.member.user_id:
            return HttpResponseRedirect(reverse("own_invitation"))
        sign_in = "" if request.user.is_authenticated else _sign_in()
        return _page(request, found, None, sign_in=sign_in)
    return _answer(request, found, SetUpForm, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_invitation(request: HttpRequest) -> HttpResponse:
    """The same for whoever is signed in: their own open invitation, without a token."""
    now = clock.now()
    found = invitations.open_for(request.user, now=now)
    return _answer(request, found, AcceptForm, now=now) if found else _dead(request)


def _answer(request: HttpRequest, found: BoardInvitation, kind: type[AcceptForm], *, now: datetime) -> HttpResponse:
    user = found.member.user
    form = kind(request.POST if request.method == "POST" else None, initial={"time_zone": user.time_zone})
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    values = {"time_zone": form.cleaned_data["time_zone"], "password": form.cleaned_data.get("password", "")}
    try:
        invitations.accept(found.member, actor=user, now=now, invitation=found, **values)
    except Refused:
        return _dead(request)
    except ValidationError as problem:
        form.add_error("password" if "password" in form.fields else None, problem)
        return _page(request, found, form, status=422)
    if request.user.is_authenticated:  # their own act: the new role ends their other sessions, not this one
        update_session_auth_hash(request, type(user).objects.get(pk=user.pk))
    messages.success(request, _("Welcome to the board. Your account is ready."))
    return HttpResponseRedirect(reverse("admin:index" if request.user.is_authenticated else "account_login"))


def _page(
    request: HttpRequest, found: BoardInvitation, form: AcceptForm | None, *, sign_in: str = "", status: int = 200
) -> HttpResponse:
    context = {"invitation": found, "form": form, "sign_in": sign_in}
    return TemplateResponse(request, "editorial/invitation.html", context, status=status)


def _sign_in() -> str:
    return f"{reverse('account_login')}?next={reverse('own_invitation')}"


def _dead(request: HttpRequest) -> HttpResponse:
    """The same words for what was used, has expired, was taken back or never existed."""
    return TemplateResponse(request, "editorial/invitation_dead.html", status=404)
