"""The dossier of an article, to take along: a panel on its page, and the download."""

import tempfile
from collections.abc import Iterable

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from articles import conditions
from articles.models import Article
from editorial import clock
from editorial.admin.verbs import article_url
from editorial.conditions import Refused
from editorial.models import User
from editorial.registry import Page, Panel, add_page, add_panels
from reviews.dossier.access import may_export
from reviews.dossier.export import Options, export
from reviews.dossier.writing import Zip

IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a zip that are kept in memory; a larger one goes through a temporary file."""


def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Make the dossier and send it as a zip. It leaves an event behind, so nothing but POST is taken."""
    article = Article.objects.filter(pk=pk).first()
    if article is None or not conditions.may_see(article, request.user):
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    redacted = request.POST.get("mode") != "full"
    name = f"{article.slug}-dossier{'-redacted' if redacted else ''}"
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    try:
        with Zip(file, name) as archive:
            export(article, actor=request.user, now=clock.now(), target=archive, options=Options(redacted=redacted))
    except Refused as refused:
        file.close()
        return admin.site.refused(request, _("Dossier"), refused.reason, refused.status, article_url(article))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{name}.zip", content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def dossier_panel(article: Article, user: User) -> Iterable[Panel]:
    """Offered to whoever may take one along."""
    full = bool(may_export(article, user, redacted=False))
    redacted = bool(may_export(article, user, redacted=True))
    if full or redacted:
        yield Panel(
            "admin/reviews/dossier_panel.html", {"article": article, "full": full, "redacted": redacted}, rank=90
        )


add_page(Page("articles/<int:pk>/dossier/", download, "dossier"))
add_panels(dossier_panel)
