"""Pages on which an objection is withdrawn, adjudicated, and the adjudication confirmed."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles import content
from articles.models import Article
from editorial import clock, registry
from editorial.admin.verbs import ReasonForm, article_url, verb_page
from editorial.registry import Page, VerbSpec
from editorial.roles import is_board, is_editor
from reviews import conditions, objection_conditions, objections
from reviews.models import Objection


class AdjudicationForm(ReasonForm):
    reason = forms.CharField(
        label=_("Your reasoning"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Why this objection doesn't stand against publication. It is signed and kept."),
    )


def objection_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One of the three steps. Seen by its author, editors, and board members who could adjudicate."""
    row = Objection.objects.select_related("article", "specialty", "member__user", "review").filter(pk=pk).first()
    if row is None or name not in SPECS:
        raise Http404
    spec = _bound(SPECS[name], row)
    shown = {
        "title": row.article.title,
        "state": row.article.state,
        "state_label": row.article.state_label,
        "url": _back(request, row.article),
    }
    return verb_page(request, row.article, spec, shown=shown, back=_back(request, row.article))


def _back(request: HttpRequest, article: Article) -> str:
    return article_url(article) if is_editor(request.user) else "/admin/"


def _bound(spec: VerbSpec, objection: Objection) -> VerbSpec:
    """The step as a verb on the article, for this one objection."""
    return VerbSpec(
        name=spec.name,
        label=spec.label,
        condition=lambda article, user: spec.condition(objection, user),
        run=lambda article, **values: spec.run(article, objection=objection, **values),
        form=spec.form,
        visible=lambda article, user: _may_see(objection, user),
        consequences=lambda article: _said(objection),
        needs_proof=spec.needs_proof,
    )


def _may_see(objection: Objection, user: Any) -> bool:
    if conditions.editor_of(objection.article, user) or objection.member.user_id == user.pk:
        return True
    return is_board(user) and bool(objection_conditions.may_adjudicate(objection, user, now=clock.now()))


def _said(objection: Objection) -> list[str]:
    """The objection itself, and what it is about: an adjudicator reads both."""
    article = objection.article
    text = content.parse(article.frozen_snapshot) if article.frozen_snapshot else None
    who = f"{objection.member.user.shown_name} ({objection.specialty.name})"
    said = [f"{who}, {clock.shown(objection.raised_at)}: {objection.reason}"]
    if objection.adjudication:
        said.append(f"{objection.adjudication.by.shown_name}: {objection.adjudication.reason}")
    if text:
        said.append(str(_("Short answer of the text: %(answer)s")) % {"answer": text["short_answer"]})
    return said


def _reason(row: Any, user: Any) -> type[ReasonForm]:
    return ReasonForm


SPECS = {
    "withdraw": VerbSpec(
        "withdraw",
        _("Withdraw the objection"),
        objection_conditions.may_withdraw_objection,
        objections.withdraw_objection,
        _reason,
        lambda o, user: True,
        needs_proof=True,
    ),
    "adjudicate": VerbSpec(
        "adjudicate",
        _("Adjudicate the objection"),
        lambda o, user: objection_conditions.may_adjudicate(o, user, now=clock.now()),
        objections.adjudicate,
        lambda o, user: AdjudicationForm,
        lambda o, user: True,
        needs_proof=True,
    ),
    "confirm": VerbSpec(
        "confirm",
        _("Confirm the adjudication"),
        objection_conditions.may_confirm_adjudication,
        objections.confirm_adjudication,
        _reason,
        lambda o, user: True,
        needs_proof=True,
    ),
}

registry.add_page(Page("objections/<int:pk>/<slug:name>/", objection_verb, "objection"))
