"""“Your sign-in”: the passkeys, the app and the recovery codes of whoever is signed in, and how to change them.

Nothing is changed without fresh proof in the same form. What takes two steps (a browser makes a passkey, an app shows
its first code) carries the proof on as a signed field that holds for ten minutes, for this person in this session.
"""

import base64
import secrets
import uuid
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import qrcode
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from editorial import clock, enrolment, factors, passkeys, proofs, reauth
from editorial.conditions import Refused
from editorial.models import User

SALT = "editorial.factors"
STEP_SECONDS = 600


class ActForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput)


class NamedForm(ActForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("So that you know it again: my phone, my laptop."),
    )


class MadeForm(forms.Form):
    """The second step: the proof that was given, and what the browser made of it."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    passkey = forms.CharField(widget=forms.HiddenInput, max_length=passkeys.LARGEST_ANSWER)


class FirstCodeForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    code = forms.CharField(
        label=gettext_lazy("The code that the app shows now"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """What one of this person's passkeys is to sign for the very form that is about to be sent."""
    number = forms.UUIDField(required=True)
    try:
        form = str(number.clean(request.POST.get("request_id", "")))
    except forms.ValidationError:
        return JsonResponse({}, status=400)
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    asked = passkeys.ask_to_sign(request.user, purpose=reauth.purpose_of(form), origin=passkeys.origin_of(request))
    return JsonResponse(asked)


@login_required
@require_http_methods(["GET", "HEAD"])
def overview(request: HttpRequest) -> HttpResponse:
    rows = Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at")
    kinds = {row.type: row for row in rows}
    context = {
        "passkeys": [{"row": row, "name": row.wrap().name} for row in rows if row.type == factors.Type.WEBAUTHN],
        "app": kinds.get(factors.Type.TOTP),
        "codes_left": len(factors.recovery_codes(request.user)),
        "demand": enrolment.demand_on(request.user, now=clock.now()),
        "stays": enrolment.may_remove(request.user).reason,
        "by_name": f"http://localhost:{request.get_port()}" if not settings.PRODUCTION else "",
        "goes_on": come_back(request) if rows else "",
    }
    return TemplateResponse(request, "account/factors.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    if "token" in request.POST:
        return _made(request)
    form, status = _proved(request, NamedForm, {"name": _suggested_name(request.user)})
    if form is not None:
        return _page(request, form, status, title=_("Add a passkey"), button=_("Go on"), lead=_PASSKEY)
    number, name = str(uuid.uuid4()), request.POST["name"].strip()[:60]
    return _make(request, {"kind": "passkey", "name": name, "form": number})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    if factors.held_by(request.user).codes:
        return HttpResponseRedirect(reverse("factors"))
    if "token" in request.POST:
        return _shown(request)
    form, status = _proved(request, ActForm)
    if form is not None:
        return _page(request, form, status, title=_("Set up one-time codes"), button=_("Go on"), lead=_APP)
    return _show(request, {"kind": "app", "secret": base64.b32encode(secrets.token_bytes(20)).decode()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    if not factors.held_by(request.user):
        return HttpResponseRedirect(reverse("factors"))
    form, status = _proved(request, ActForm)
    if form is not None:
        return _page(request, form, status, title=_("New recovery codes"), button=_("Make new codes"), lead=_CODES)
    return _codes(request, enrolment.renew_codes(request.user, now=clock.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    kinds = (factors.Type.WEBAUTHN, factors.Type.TOTP)
    row = get_object_or_404(Authenticator, pk=pk, user_id=request.user.pk, type__in=kinds)
    name = row.wrap().name if row.type == factors.Type.WEBAUTHN else _("one-time codes")
    title = _("Remove %(name)s") % {"name": name}
    form, status = _proved(request, ActForm)
    if form is not None:
        return _page(request, form, status, title=title, button=_("Remove"), lead="", danger=True)
    try:
        enrolment.remove(request.user, now=clock.now(), factor=row)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Removed. It signs you in no more."))
    return HttpResponseRedirect(reverse("factors"))


_PASSKEY = gettext_lazy(
    "A passkey lives on your phone, your computer or a key you carry. It opens with your fingerprint, face or PIN, "
    "signs you in, and proves that it is you who signs. First, show that you are you."
)
_APP = gettext_lazy(
    "An app such as Aegis, 2FAS or Google Authenticator shows six digits that change every half minute. You type them "
    "after your password. First, show that you are you."
)
_CODES = gettext_lazy("Ten codes, each for one sign-in when your other ways are lost. The old ones stop working.")


def _proved(request: HttpRequest, kind: type[forms.Form], initial: dict[str, Any] | None = None) -> tuple[Any, int]:
    """None once the form proves who sent it; else the form to show, and how it went."""
    held = factors.held_by(request.user)
    asked = reauth.Asked(passkey=held.passkey, code=bool(held))
    form_class = partial(proofs.with_proof(kind), asked=asked)
    if request.method != "POST":
        return form_class(initial={"request_id": uuid.uuid4(), **(initial or {})}), 200
    form = form_class(request.POST)
    if not form.is_valid():
        return form, 422
    try:
        reauth.prove(request.user, proofs.given_in(request, form.cleaned_data, recovery=True), now=clock.now())
    except Refused as refused:
        form.add_error(None, refused.reason)
        return form, refused.status
    return None, 200


def _make(request: HttpRequest, step: dict[str, str], problem: str = "") -> HttpResponse:
    """The page on which the browser makes the passkey."""
    asked = passkeys.ask_to_register(request.user, purpose=f"enrol:{step['form']}", origin=passkeys.origin_of(request))
    form = MadeForm(initial={"token": _sealed(request, step), "request_id": step["form"]})
    context = {"form": form, "options": asked, "name": step["name"], "problem": problem}
    return TemplateResponse(request, "account/factor_passkey.html", context, status=422 if problem else 200)


def _made(request: HttpRequest) -> HttpResponse:
    step = _opened(request, "passkey")
    if step is None:
        return _too_late(request, "factor_add_passkey")
    answer = request.POST.get("passkey", "")
    made = passkeys.registered(
        request.user, answer, purpose=f"enrol:{step['form']}", origin=passkeys.origin_of(request)
    )
    if made is None:
        return _make(
            request, {**step, "form": str(uuid.uuid4())}, _("That didn't work, so no passkey was added. Try again.")
        )
    fresh = enrolment.add_passkey(request.user, now=clock.now(), name=step["name"], credential=made)
    return _added(request, fresh)


def _show(request: HttpRequest, step: dict[str, str], form: Any = None) -> HttpResponse:
    """The page with the secret, as a picture and as text, and a field for the first code."""
    label = quote(f"{settings.SITE_NAME}:{request.user.username}")
    address = f"otpauth://totp/{label}?" + urlencode(
        {"secret": step["secret"], "issuer": settings.SITE_NAME}, quote_via=quote
    )
    picture = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage).save(picture)
    secret = step["secret"]
    context = {
        "form": form or FirstCodeForm(initial={"token": _sealed(request, step)}),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "address": address,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode(),
    }
    return TemplateResponse(request, "account/factor_app.html", context, status=422 if form else 200)


def _shown(request: HttpRequest) -> HttpResponse:
    step, now = _opened(request, "app"), clock.now()
    if step is None:
        return _too_late(request, "factor_add_app")
    form = FirstCodeForm(request.POST)
    first = factors.step_of(step["secret"], form.cleaned_data["code"], now) if form.is_valid() else None
    if first is None:
        if form.is_valid():
            form.add_error(
                "code", _("That isn't the code of now. Wait for the next, and see that the phone's clock is right.")
            )
        return _show(request, step, form)
    fresh = enrolment.add_app(request.user, now=now, secret=step["secret"], step=first)
    return _added(request, fresh)


def _added(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    messages.success(request, _("Added. It works from now on."))
    return _codes(request, fresh) if fresh else HttpResponseRedirect(reverse("factors"))


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The only time that they are shown."""
    context = {"codes": codes, "goes_on": come_back(request)}
    return TemplateResponse(request, "account/factor_codes.html", context)


def _page(request: HttpRequest, form: Any, status: int, **context: Any) -> HttpResponse:
    return TemplateResponse(request, "account/factor_act.html", {"form": form, **context}, status=status)


def _too_late(request: HttpRequest, name: str) -> HttpResponse:
    messages.error(request, _("That took longer than ten minutes, so nothing was added. Begin again."))
    return HttpResponseRedirect(reverse(name))


def _sealed(request: HttpRequest, step: dict[str, str]) -> str:
    return signing.dumps({**step, "user": request.user.pk, "session": request.session.session_key}, salt=SALT)


def _opened(request: HttpRequest, kind: str) -> dict[str, str] | None:
    """The step that this very person proved themselves for in this very session, within ten minutes."""
    try:
        step = signing.loads(request.POST["token"], salt=SALT, max_age=STEP_SECONDS)
    except signing.BadSignature:
        return None
    mine = step.get("user") == request.user.pk and step.get("session") == request.session.session_key
    return step if mine and step.get("kind") == kind else None


def _suggested_name(user: User) -> str:
    held = Authenticator.objects.filter(user_id=user.pk, type=factors.Type.WEBAUTHN).count()
    return _("My passkey") if not held else _("Passkey %(number)s") % {"number": held + 1}


def come_back(request: HttpRequest) -> str:
    """Where somebody was going when they were led here; empty for an address that isn't ours."""
    path = request.session.get(enrolment.NEXT, "")
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
