"""Keeps what a member types on the review page, shortly after they stop: nothing of it is signed."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from editorial import clock
from editorial.conditions import MovedOn, Refused
from editorial.registry import Page, add_page
from reviews import workflow
from reviews.admin.comments import RemarkDraft
from reviews.admin.forms import DraftForm
from reviews.admin.review import own
from reviews.workflow.drafts import draft_of, version_of

TEMPLATE = "admin/desk/review_kept.html"
LONGEST = 100
"""Characters of what names a window and a draft."""


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision and the comment being written, as one draft. Answers with when it was kept, or why it wasn't."""
    assignment = own(request, pk)
    decision, remark = DraftForm(request.POST, rule=assignment.round.rule), RemarkDraft(request.POST)
    problems = [*_problems(decision), *_problems(remark)]
    if problems:
        return _refused(request, " ".join(problems), 422)
    try:
        draft = workflow.keep_typed(
            assignment.round.article,
            actor=request.user,
            now=clock.now(),
            assignment=assignment,
            data={**decision.kept(), "remark": remark.kept()},
            window=request.POST.get("window", "")[:LONGEST],
            since=request.POST.get("since", "")[:LONGEST],
        )
    except MovedOn as moved:
        return _refused(request, moved.reason, moved.status, newer=version_of(draft_of(assignment)))
    except Refused as refused:
        return _refused(request, refused.reason, refused.status)
    return TemplateResponse(request, TEMPLATE, {"kept_at": draft.saved_at if draft else None})


def _problems(form: forms.Form) -> list[str]:
    """What is wrong, each under its field's label: the page shows it in one line."""
    said = {name: f"{form[name].label}: " if name in form.fields else "" for name in form.errors}
    return [said[name] + " ".join(found) for name, found in form.errors.items()]


def _refused(request: HttpRequest, reason: str, status: int, *, newer: str = "") -> HttpResponse:
    return TemplateResponse(request, TEMPLATE, {"refusal": reason, "newer": newer}, status=status)


add_page(Page("reviews/<int:pk>/kept/", keep, "review_keep"))
