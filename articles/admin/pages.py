"""Pages of the desk about articles: upload, confirming restored citations, preview, and the way in from the site."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import conditions, importing, markers, preview
from articles.admin.article import shown
from articles.models import Article
from articles.reader import shell
from editorial import clock, registry
from editorial.admin.verbs import article_url
from editorial.conditions import Refused
from editorial.models import User
from editorial.registry import Page
from editorial.roles import Role, is_editor

MOST_BYTES = 1024 * 1024
STATUS = {
    "imported": gettext_lazy("Imported"),
    "duplicate": gettext_lazy("Already here"),
    "refused": gettext_lazy("Not imported"),
}


ELSEWHERE = {
    "code": "duplicate",
    "severity": "warn",
    "message": gettext_lazy("This file is here already. Nothing was made of it again; an editor can tell you more."),
}
"""For whoever may not see what was made of it: neither its title nor where it stands."""


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Manuscript"), help_text=gettext_lazy("A .md or .txt file."))
    author = forms.ModelChoiceField(
        label=gettext_lazy("Author"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        queryset=User.objects.filter(groups__name=Role.AUTHOR, is_active=True),
        help_text=gettext_lazy("Who wrote it; may stay empty for now."),
    )


def upload(request: HttpRequest) -> HttpResponse:
    """Take one manuscript in, and report what became of every line."""
    conditions_ok = conditions.may_create(request.user)
    if not conditions_ok:
        return admin.site.refused(request, _("Import a manuscript"), conditions_ok.reason, 403)
    form = UploadForm(request.POST or None, request.FILES or None)
    if not is_editor(request.user):
        del form.fields["author"]
    report, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            report = _taken_in(request, form)
            status = 422 if report["error"] else 200
    context = admin.site.page_context(request, title=_("Import a manuscript"), form=form, report=report)
    return TemplateResponse(request, "admin/desk/upload.html", context, status=status)


def _taken_in(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    file = form.cleaned_data["file"]
    author = form.cleaned_data["author"] if "author" in form.fields else request.user
    outcome = importing.take_in(
        file.read(MOST_BYTES + 1), name=file.name, actor=request.user, author=author, now=clock.now()
    )
    article = outcome.article
    seen = article is not None and conditions.may_see(article, request.user)
    restored = sum(not marker["confirmed"] for marker in outcome.markers)
    return {
        "file": outcome.file,
        "status": outcome.status,
        "status_label": STATUS.get(outcome.status, outcome.status),
        "error": outcome.error,
        "article": shown(article) if seen else None,
        "sections": len(outcome.sections),
        "references": len(outcome.references),
        "markers": restored,
        "markers_url": reverse("admin:markers", args=[article.pk]) if seen and restored else "",
        "findings": outcome.findings if seen or article is None else [ELSEWHERE],
        "left_out": [f"{row['line']}: {row['text']}  ({row['why']})" for row in outcome.left_out],
        "unplaced": [f"{row['line']}: {row['text']}" for row in outcome.unplaced],
    }


def confirm_markers(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at each citation whose brackets were restored; what stays unticked goes back to plain text."""
    article = _visible(request, pk)
    rows = markers.listed(article)
    if request.method == "POST":
        kept = {int(number) for number in request.POST.getlist("marker") if number.isdecimal() and len(number) < 19}
        try:
            markers.confirm(article, actor=request.user, now=clock.now(), kept=kept)
        except Refused as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, _("The citations are confirmed."))
            return HttpResponseRedirect(article_url(article))
    context = admin.site.page_context(
        request, title=_("Confirm restored citations"), article=shown(article), markers=rows
    )
    return TemplateResponse(request, "admin/desk/markers.html", context)


def show_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as readers would see it, for whoever may see the article."""
    article = _visible(request, pk)
    wanted = request.GET.get("for", "")
    main, audiences = preview.of(article)
    context = admin.site.page_context(
        request,
        title=_("Preview"),
        article=shown(article),
        main_html=shell.addressed(shell.with_banner(shell.for_audience(main, wanted), due=None)),
        audiences=[{**a, "url": f"?for={a['name']}", "current": a["name"] == wanted} for a in audiences[:9]]
        if len(audiences) > 1
        else [],
    )
    return TemplateResponse(request, "admin/desk/preview.html", context)


def act(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The way in from a public page's foot: to the article's desk, or straight to the hold for the board."""
    article = Article.objects.filter(publications__slug=slug).distinct().first() if slug else None
    if article is None:
        return HttpResponseRedirect(reverse("admin:index"))
    if conditions.may_see(article, request.user):
        return HttpResponseRedirect(article_url(article))
    return HttpResponseRedirect(reverse("admin:hold", args=[slug]))


def _visible(request: HttpRequest, pk: int) -> Article:
    article = Article.objects.filter(pk=pk).first()
    if article is None or not conditions.may_see(article, request.user):
        raise Http404
    return article


registry.add_page(Page("articles/upload/", upload, "upload"))
registry.add_page(Page("articles/<int:pk>/markers/", confirm_markers, "markers"))
registry.add_page(Page("articles/<int:pk>/preview/", show_preview, "preview"))
registry.add_page(Page("act/", act, "act_home"))
registry.add_page(Page("act/<slug:slug>/", act, "act"))
