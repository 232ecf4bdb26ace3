"""What staff see of a revision: its proposed change class, and word by word what differs from the published version."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles import conditions, content, differences, proposals, snapshots
from articles.admin.article import shown
from articles.models import Article
from editorial import registry
from editorial.registry import Page


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
    context = admin.site.page_context(
        request,
        title=_("What changed"),
        article=shown(article),
        number=base.number,
        differences=differences.between(content.parse(base.snapshot), _values(article)),
        proposal=proposals.of(article) if article.is_editable else None,
    )
    return TemplateResponse(request, "admin/desk/difference.html", context)


def _values(article: Article) -> dict[str, Any]:
    return content.parse(article.frozen_snapshot) if article.frozen_snapshot else snapshots.of(article).values


registry.add_page(Page("articles/<int:pk>/difference/", show_difference, "difference"))
