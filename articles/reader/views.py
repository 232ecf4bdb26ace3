"""The public pages. Public rows alone: one query a page, no cookie, nothing private to leak."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import PublicNotice, PublicPage, PublicPolicy
from articles.models.article import Audience
from articles.reader import shell

METHODS = ("GET", "HEAD")
LISTED = 100


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The current version; 410 once it was removed. Unapproved, withdrawn or unknown: the same 404, byte for byte."""
    if request.method not in METHODS:
        return _wrong_method()
    row = (
        PublicPage.objects.filter(slug=slug, is_current=True)
        .values_list("status", "title", "main_html", "fingerprint", "next_review_due")
        .first()
    )
    if row is None:
        return not_found(request)
    status, title, main, fingerprint, due = row
    if status == "on_hold":
        return _page(shell.document(main, title=_("Temporarily withdrawn"), act=slug, index=False), status=404)
    if status == "removed":
        return _page(shell.document(main, title=_("Removed"), act=slug, index=False), status=410)
    overdue = status == "live" and due is not None and due < _today()
    audience = request.GET.get("for", "")
    etag = f'"{fingerprint[:32]}-{int(overdue)}-{shell.build()}-{audience if audience in Audience.values else ""}"'
    if etag in _tags(request):
        response: HttpResponse = HttpResponseNotModified()
    else:
        body = shell.with_banner(shell.for_audience(main, audience), due=due if overdue else None)
        shown = f"RETRACTED: {title}" if status == "retracted" else title
        response = HttpResponse(shell.document(body, title=shown, act=slug, path=f"/articles/{slug}/", readable=True))
    return _cached(response, etag)


def home(request: HttpRequest) -> HttpResponse:
    """What is live, the newest first."""
    if request.method not in METHODS:
        return _wrong_method()
    rows = PublicPage.objects.filter(is_listed=True).order_by("-published_at", "-pk")[: LISTED + 1]
    pages = [
        {
            "title": row.title,
            "slug": row.slug,
            "short_answer": row.short_answer,
            "reviewers_line": row.review_line,
            "reviewed_on": row.last_reviewed,
            "topics": row.topics,
        }
        for row in rows.only("title", "slug", "short_answer", "review_line", "last_reviewed", "topics", "published_at")
    ]
    main = render_to_string(
        "articles/reader/home.html",
        {"pages": pages[:LISTED], "more": len(pages) > LISTED, "site_name": settings.SITE_NAME},
    )
    return _page(shell.document(main, title="", path="/"))


def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force."""
    if request.method not in METHODS:
        return _wrong_method()
    row = PublicPolicy.objects.filter(in_force_from__lte=_today()).order_by("-version").first()
    if row is None:
        return not_found(request)
    return _page(shell.document(row.main_html, title=_("Editorial policy"), path="/policy/"))


def notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    if request.method not in METHODS:
        return _wrong_method()
    row = PublicNotice.objects.filter(uuid=uuid).first()
    if row is None:
        return not_found(request)
    return _page(shell.document(row.main_html, title=row.title, act=row.slug, path=f"/notices/{uuid}/"))


def robots(request: HttpRequest) -> HttpResponse:
    if request.method not in METHODS:
        return _wrong_method()
    text = "User-agent: *\nDisallow: /admin/\nDisallow: /accounts/\nDisallow: /act/\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """The one answer for whatever isn't published. It depends on nothing of the request."""
    return _page(shell.document(shell.static("not_found.html"), title=_("Not found"), index=False), status=404)


def _page(text: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "public, max-age=60" if status == 200 else "public, max-age=0, must-revalidate"
    return response


def _cached(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=60"
    return response


def _tags(request: HttpRequest) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}


def _today() -> date:
    """The day in the publisher's time zone."""
    return timezone.localdate()


def _wrong_method() -> HttpResponse:
    response = HttpResponse(_("This page can only be read."), status=405, content_type="text/plain; charset=utf-8")
    response["Allow"] = ", ".join(METHODS)
    return response
