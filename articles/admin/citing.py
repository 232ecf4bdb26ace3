"""The panel beside a text that finds a source in the library and says under which key to cite it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from articles import library, vancouver
from articles.admin.live import editable
from articles.csl import csl_of
from articles.models import Article, Reference
from editorial import registry
from editorial.registry import Page

TEMPLATE = "admin/articles/article/found.html"


@require_POST
def find_source(request: HttpRequest, pk: int) -> HttpResponse:
    """What matches ``q``. ``row`` names the form's own citations, saved or not, as “reference:key”; stores nothing."""
    article, refusal = editable(request, pk)
    if refusal:
        return TemplateResponse(request, TEMPLATE, {"refusal": refusal}, status=409)
    try:
        found = library.find(request.POST.get("q", ""))
    except ValidationError as problem:
        return TemplateResponse(request, TEMPLATE, {"refusal": " ".join(problem.messages)}, status=422)
    cited = _cited(article, request.POST.getlist("row"))
    context = {
        "asked": bool(request.POST.get("q", "").strip()),
        "found": found,
        "rows": [_row(reference, cited) for reference in found.references],
        "add_url": _add_url(found),
    }
    return TemplateResponse(request, TEMPLATE, context)


def _cited(article: Article, typed: list[str]) -> dict[str, str]:
    """Each key that is in use, with the number of its reference."""
    stored = {key: str(pk) for key, pk in article.citations.values_list("key", "reference_id")}
    pairs = (row.partition(":") for row in typed[:1000])
    return stored | {key.strip(): pk for pk, _sep, key in pairs if key.strip()}


def _row(reference: Reference, cited: dict[str, str]) -> dict[str, Any]:
    own = next((key for key, pk in cited.items() if pk == str(reference.pk)), "")
    return {
        "reference": reference,
        "text": vancouver.text(csl_of(reference)),
        "key": own or library.key_for(reference, cited),
        "is_cited": bool(own),
        "is_bad": reference.status in (Reference.Status.RETRACTED, Reference.Status.WITHDRAWN),
    }


def _add_url(found: library.Found) -> str:
    given = {found.identifier: found.value} if found.identifier else {}
    return f"{reverse('admin:articles_reference_add')}{'?' if given else ''}{urlencode(given)}"


registry.add_page(Page("articles/article/<int:pk>/sources/", find_source, "sources"))
