"""The confirmation page of a verb: what it does, why not, a reason where needed, one POST button."""

import copy
import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial import clock, proofs, reauth, registry
from editorial.conditions import MovedOn, Refused
from editorial.models import HandledRequest
from editorial.registry import VerbSpec
from editorial.text import clean
from editorial.verbs import unmoved

HIDDEN = ("stamp", "request_id", *proofs.FIELDS)


class VerbForm(forms.Form):
    """Carries what the person saw (``stamp``) and the form's own number, so that it acts once."""

    body = "components/fields.html"
    """The template of what stands between the form's tags; it takes ``form``."""

    stamp = forms.CharField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


class ReasonForm(VerbForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the record.")
    )


def button(spec: VerbSpec, row: models.Model, user: Any, url: str) -> dict[str, Any]:
    """What ``components/verb_link.html`` takes, for a link to the confirmation page."""
    return {
        "name": spec.name,
        "label": spec.label,
        "url": url,
        "refusal": spec.condition(row, user).reason,
        "danger": spec.danger,
    }


DONE = 302


def _form_class(request: HttpRequest, row: models.Model, spec: VerbSpec) -> Any:
    """The verb's form; where it signs, with what this person is asked for as proof."""
    form = spec.form(row, request.user)
    return partial(proofs.with_proof(form), asked=proofs.asked_of(request)) if spec.needs_proof else form


def verb_page(
    request: HttpRequest,
    row: models.Model,
    spec: VerbSpec | None,
    *,
    shown: dict[str, Any],
    back: str,
    template: str = "admin/desk/verb.html",
) -> HttpResponse:
    """GET shows the page; POST acts and goes ``back``, or on to what follows. A refusal keeps what was typed.

    A POST with ``find`` only looks something up (the field ``q``): the form comes back with what was chosen so far.

    Missing and invisible look the same: 404. Refused is 403, moved on 409, both with the reason. Whoever may not act
    isn't told what would follow: it may say more than they may know.
    """
    if spec is None or not spec.visible(row, request.user):
        if spec is not None and request.method == "POST" and is_repeated(request, row):
            return HttpResponseRedirect(back)
        raise Http404
    form_class = _form_class(request, row, spec)
    refusal = spec.condition(row, request.user).reason
    before, now = copy.copy(row), clock.now()
    form, status, row = _answered(request, row, spec, form_class, now)
    if status == DONE:
        say_what_was_done(request, before, _("Done: %(verb)s.") % {"verb": spec.label}, now=now)
        return HttpResponseRedirect(spec.then(row, request.user) or back)
    context = admin.site.page_context(
        request,
        title=spec.label,
        verb={"label": spec.label, "danger": spec.danger},
        article=shown,
        form=form,
        consequences=[] if refusal else spec.consequences(row),
        findings=spec.findings(row),
        refusal=refusal,
    )
    return TemplateResponse(request, template, context, status=status)


def say_what_was_done(request: HttpRequest, before: models.Model, title: str, *, now: datetime) -> None:
    """On the page that follows: what was done at ``now`` to the row that was as ``before``, who is told, what is next.

    The title alone where nothing was recorded, as of a form that is sent again.
    """
    outcome = registry.outcome_of(before, request.user, now)
    if outcome is None:
        messages.success(request, title)
        return
    banner = render_to_string("admin/desk/outcome.html", {"title": title, "outcome": outcome})
    messages.success(request, banner, extra_tags="outcome")


def _answered(
    request: HttpRequest, row: models.Model, spec: VerbSpec, form_class: Any, now: datetime
) -> tuple[Any, int, models.Model]:
    """The form and the row as this request leaves them, and how it went between them: ``DONE`` when the verb acted."""
    if request.method != "POST":
        fresh = {"stamp": row.stamp, "request_id": uuid.uuid4(), "q": request.GET.get("q", "")}
        return form_class(initial=fresh), 200, row
    if "find" in request.POST:
        typed = {name: found if found[1:] else found[0] for name, found in request.POST.lists()}
        return form_class(initial=typed), 200, row
    form = form_class(request.POST)
    if not form.is_valid():
        return form, 422, row
    try:
        _act(request, row, spec, form, now)
    except Refused as refused:
        if isinstance(refused, MovedOn):
            row = type(row)._base_manager.get(pk=row.pk)  # the next press is about what is shown now
            form.data = {**form.data.dict(), "stamp": row.stamp, "request_id": str(uuid.uuid4())}
        form.add_error(None, refused.reason)
        return form, refused.status, row
    return form, DONE, row


def is_repeated(request: HttpRequest, row: models.Model) -> bool:
    """This person's very form, sent again after it acted."""
    number = forms.UUIDField(required=False)
    try:
        sent = number.clean(request.POST.get("request_id", ""))
    except forms.ValidationError:
        return False
    known = HandledRequest.objects.filter(pk=sent, actor=request.user.pk, subject=row.subject)
    return sent is not None and known.exists()


def _act(request: HttpRequest, row: models.Model, spec: VerbSpec, form: VerbForm, now: datetime) -> None:
    if is_repeated(request, row):
        return
    unmoved(row, form.cleaned_data["stamp"])
    values = {name: value for name, value in form.cleaned_data.items() if name not in HIDDEN}
    spec.condition(row, request.user).enforce()
    if spec.needs_proof:
        values["proof"] = reauth.prove(request.user, proofs.given_in(request, form.cleaned_data), now=now)
    spec.run(
        row,
        actor=request.user,
        now=now,
        request=form.cleaned_data["request_id"],
        expected=form.cleaned_data["stamp"],
        **values,
    )


def article_url(article: models.Model) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])
