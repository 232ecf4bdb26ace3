"""What staff see of a revision: its proposed change class; and of any two texts, word by word, what differs."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import comparing, conditions, differences, proposals
from articles.admin.article import shown
from articles.comparing import Text
from articles.models import Article
from editorial import registry
from editorial.registry import Page

UNKNOWN = 404


def show_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as it stands now (frozen, if it is) against the version that readers have, or had last."""
    article = Article.objects.filter(pk=pk).first()
    if article is None or not conditions.may_see(article, request.user):
        raise Http404
    base = proposals.base_of(article)
    if base is None:
        title, why = (
            _("What changed"),
            _("Readers never had a version of this article, so there is nothing to compare."),
        )
        return admin.site.refused(request, title, why, 404)
    proposal = proposals.of(article) if article.is_editable else None
    texts = comparing.texts_of(article, request.user)
    return _page(request, article, texts, f"v{base.number}", comparing.NOW, proposal=proposal, number=base.number)


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two texts of an article (``from`` and ``to``). Whoever may read none of them finds nothing here."""
    article = Article.objects.filter(pk=pk).first()
    texts = comparing.texts_of(article, request.user) if article is not None else {}
    if article is None or not texts:
        raise Http404
    usual = comparing.usual(texts)
    before, after = request.GET.get("from") or usual[0], request.GET.get("to") or usual[1]
    return _page(request, article, texts, before, after)


def _page(
    request: HttpRequest, article: Article, texts: Mapping[str, Text], before: str, after: str, **more: Any
) -> HttpResponse:
    seen = conditions.may_see(article, request.user)
    problem, found = _compared(texts, before, after)
    known = before in texts and after in texts
    context = admin.site.page_context(
        request,
        title=_("What changed"),
        article={**shown(article), **({} if seen else {"title": _title(texts), "url": reverse("admin:index")})},
        action=reverse("admin:compare", args=[article.pk]),
        ends=[
            {"name": name, "label": label, "texts": texts.values(), "chosen": chosen}
            for name, label, chosen in (("from", _("Before"), before), ("to", _("After"), after))
        ],
        problem=problem,
        differences=found,
        **more,
    )
    return TemplateResponse(request, "admin/desk/difference.html", context, status=200 if known else UNKNOWN)


def _compared(texts: Mapping[str, Text], before: str, after: str) -> tuple[str, list[Any] | None]:
    """In words why two texts can't be compared, or what differs."""
    if before not in texts or after not in texts:
        return _("There is no such text, or it isn't yours to read. Choose two below."), None
    if before == after:
        return _("This is the same text on both sides. Choose two different ones."), None
    old, new = comparing.values(texts[before]), comparing.values(texts[after])
    if old is None or new is None:
        lost = texts[before if old is None else after].label
        return _("“%(text)s” wasn't kept in full, so it can't be compared.") % {"text": lost}, None
    return "", differences.between(old, new)


def _title(texts: Mapping[str, Text]) -> str:
    """For whoever doesn't see the article itself: its title in the newest text that they may read."""
    found = comparing.values(next(iter(texts.values())))
    return str(found["title"]) if found else ""


registry.add_page(Page("articles/<int:pk>/difference/", show_difference, "difference"))
registry.add_page(Page("articles/article/<int:pk>/compare/", compare, "compare"))
