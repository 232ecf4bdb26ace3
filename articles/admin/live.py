"""The preview beside the form, and what is kept of a text while it is written."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from articles import conditions, drafts, live, typed
from articles.models import Article
from editorial import clock, registry
from editorial.registry import Page

TEMPLATE = "admin/articles/article/live.html"


@require_POST
def show_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The typed text as a page with its findings. Stores nothing but, with ``keep``, the draft of whoever types.

    ``keep`` is "text" to keep what was typed, "saved" when it is what is stored again; ``only`` leaves the page out.
    """
    article, refusal = editable(request, pk)
    if refusal:
        return refused(request, refusal, 409)
    try:
        values = typed.values_of(request.POST, request.user)
    except ValidationError as problem:
        too_much = problem.code == "size"
        return refused(request, " ".join(problem.messages), 413 if too_much else 422)
    kept_at = _keep(request, article, values)
    if "only" in request.POST:
        return TemplateResponse(request, TEMPLATE, {"kept_at": kept_at})
    text, now = typed.of(article, values), clock.now()
    beside = live.beside(text.article, snapshot=text.snapshot, parts=text.parts, today=now.date(), user=request.user)
    return TemplateResponse(request, TEMPLATE, {"live": beside, "article": article, "kept_at": kept_at})


def editable(request: HttpRequest, pk: int) -> tuple[Article, str]:
    """The article, and why this person can't edit it now. What they may not see isn't there."""
    article = Article.objects.defer("frozen_snapshot", "frozen_html").filter(pk=pk).first()
    if article is None or not conditions.may_see(article, request.user):
        raise Http404
    return article, conditions.may_edit(article, request.user).reason


def refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return TemplateResponse(request, TEMPLATE, {"refusal": reason}, status=status)


def _keep(request: HttpRequest, article: Article, values: typed.Values) -> Any:
    match request.POST.get("keep"):
        case "text":
            return drafts.keep(article, request.user, values, now=clock.now()).kept_at
        case "saved":
            drafts.drop(article, request.user)
    return None


registry.add_page(Page("articles/article/<int:pk>/live/", show_live, "live"))
