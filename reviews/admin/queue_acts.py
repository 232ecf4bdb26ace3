"""Acts on what is ticked in the queue: first a page that says what each will do, then one button."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.offers import TriageForm
from articles.models import Article
from editorial import clock, registry
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.models import User
from editorial.registry import Page, add_page
from editorial.roles import is_editor
from reviews.admin import by_hand
from reviews.admin.offers import LABEL, HandOverForm
from reviews.queue import bulk
from reviews.queue.bulk import Step

Stamps = dict[int, str]
Steps = Callable[[list[Article], User, datetime, Stamps], list[Step]]


class ExtendForm(ReasonForm):
    days = forms.IntegerField(
        label=gettext_lazy("Days more"),
        min_value=1,
        max_value=90,
        initial=7,
        help_text=gettext_lazy("From each due day; from today where that is over."),
    )
    field_order = ("days", "reason")


@dataclass(frozen=True)
class Act:
    """One button above the list. ``each`` is what the confirmation says of everything that will be done."""

    name: str
    label: Any
    form: type[forms.Form]
    steps: Steps
    each: Any


def _by_verb(name: str) -> Steps:
    def steps(articles: list[Article], user: User, now: datetime, stamps: Stamps) -> list[Step]:
        spec = registry.find_verb(LABEL, name)
        assert spec is not None
        return bulk.verb_steps(spec, articles, user, now, stamps)

    return steps


REMIND = "remind"
"""It leads to the page that reminds, which shows each mail first."""

ACTS = {
    act.name: act
    for act in (
        Act(
            "triage",
            gettext_lazy("Triage"),
            TriageForm,
            _by_verb("triage"),
            gettext_lazy("All of them get this risk, this specialty and this handling editor."),
        ),
        Act(
            "hand_over",
            gettext_lazy("Hand over"),
            HandOverForm,
            _by_verb("hand_over"),
            gettext_lazy("The new handling editor is told, and gets the reminders from now on."),
        ),
        Act(
            "list_round",
            gettext_lazy("Open in its week"),
            VerbForm,
            _by_verb("list_round"),
            gettext_lazy(
                "They go to the end of the list in this order. The clock opens their rounds at the desk's pace, each "
                "with the panel that is proposed that day."
            ),
        ),
        Act(
            "unlist_round",
            gettext_lazy("Take off the waiting list"),
            VerbForm,
            _by_verb("unlist_round"),
            gettext_lazy("An editor chooses their panels again; the others move up."),
        ),
        Act(
            "request_changes",
            gettext_lazy("Request changes"),
            ReasonForm,
            _by_verb("request_changes"),
            gettext_lazy(
                "Each text opens for its author, who reads this reason. Approvals given so far count no more."
            ),
        ),
        Act(
            "extend",
            gettext_lazy("Extend"),
            ExtendForm,
            bulk.extend_steps,
            gettext_lazy("A mail with the new day goes to each reviewer; reminders of the old one count no more."),
        ),
    )
}
BUTTONS = ((REMIND, gettext_lazy("Remind")), *((act.name, act.label) for act in ACTS.values()))
IN_VIEWS = {
    "list_round": frozenset({"open", "triage", "panel"}),
    "unlist_round": frozenset({"week"}),
}
"""Acts that stand above these views alone."""


def buttons_of(view: str) -> list[tuple[str, Any]]:
    """What stands above the list."""
    return [(name, label) for name, label in BUTTONS if view in IN_VIEWS.get(name, {view})]


def act(request: HttpRequest) -> HttpResponse:
    """Only by POST: the queue's form shows the page, the page's own form acts. Bad choices go back with a word."""
    if not is_editor(request.user):
        raise Http404
    back = reverse("admin:queue") + _query(request)
    chosen = request.POST.getlist("chosen")
    name = request.POST.get("act", "")
    numbers = sorted({int(number) for number in chosen if number.isdecimal() and len(number) < 18})
    if problem := _problem(request, name, numbers):
        messages.warning(request, problem)
        return HttpResponseRedirect(back)
    if name == REMIND:
        rows = Article.objects.kept().filter(pk__in=numbers)
        return by_hand.remind_late(None, request, rows) or HttpResponseRedirect(back)
    now, wanted = clock.now(), ACTS[name]
    articles = list(Article.objects.kept().filter(pk__in=numbers).order_by("state_since", "pk"))
    steps = wanted.steps(articles, request.user, now, _stamps(request, articles))
    form = _form(request, wanted)
    if form.is_bound and form.is_valid():
        _carry_out(request, wanted, steps, form)
        return HttpResponseRedirect(back)
    context = admin.site.page_context(
        request,
        title=wanted.label,
        act=wanted,
        form=form,
        ready=[step for step in steps if not step.refusal],
        refused=[step for step in steps if step.refusal],
        chosen=[(article.pk, article.stamp) for article in articles],
        back=_query(request),
        back_url=back,
    )
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/reviews/queue/act.html", context, status=status)


def _problem(request: HttpRequest, name: str, numbers: list[int]) -> str:
    if request.method != "POST":
        return _("Tick what you mean in the queue, then press a button above the list.")
    if name != REMIND and name not in ACTS:
        return _("That button isn't known here. Press one above the list.")
    if not numbers:
        return _("Nothing was ticked. Tick the articles you mean, then press the button again.")
    if len(numbers) > bulk.MOST:
        return _("At most %(most)s articles at once: you ticked %(count)s.") % {
            "most": bulk.MOST,
            "count": len(numbers),
        }
    return ""


def _form(request: HttpRequest, wanted: Act) -> Any:
    """Fresh for whoever comes from the list, with its own number; filled in for whoever sends it."""
    if "request_id" in request.POST:
        return wanted.form(request.POST)
    initial = {"stamp": "many", "request_id": uuid.uuid4()}
    if "handling_editor" in wanted.form.base_fields:
        initial["handling_editor"] = request.user if wanted.name == "triage" else None
    return wanted.form(initial=initial)


def _stamps(request: HttpRequest, articles: list[Article]) -> Stamps:
    """What each article was when the person saw the page: one that moved on since is refused by its verb."""
    return {article.pk: request.POST.get(f"stamp-{article.pk}") or article.stamp for article in articles}


def _query(request: HttpRequest) -> str:
    """The look that the person came from: only ever a query of the queue's own address."""
    sent = request.POST.get("back", "")
    return sent if sent.startswith("?") and len(sent) < 2_000 and "\n" not in sent and "\r" not in sent else ""


def _carry_out(request: HttpRequest, wanted: Act, steps: list[Step], form: Any) -> None:
    values = {name: value for name, value in form.cleaned_data.items() if name not in ("stamp", "request_id")}
    outcome = bulk.carry_out(steps, form.cleaned_data["request_id"], values, actor=request.user)
    if outcome.done:
        count = len(outcome.done)
        said = ngettext("%(act)s: %(count)s done.", "%(act)s: %(count)s done.", count)
        messages.success(request, said % {"act": wanted.label, "count": count})
    for step, reason in outcome.refused:
        line = _("Not done: “%(title)s”. %(why)s") % {"title": step.title, "why": reason}
        messages.warning(request, line)


add_page(Page("queue/act/", act, "queue_act"))
