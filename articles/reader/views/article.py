"""One article as readers get it, and its notices."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models import PublicNotice, PublicPage
from articles.models.article import Audience
from articles.reader import answers, shell


@answers.reading
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The current version; 410 once it was removed. Unapproved, withdrawn or unknown: the same 404, byte for byte."""
    row = (
        PublicPage.objects.filter(slug=slug, is_current=True)
        .values_list("status", "title", "head_html", "main_html", "fingerprint", "next_review_due")
        .first()
    )
    if row is None:
        return answers.not_found(request)
    status, title, head, main, fingerprint, due = row
    if status == "on_hold":
        return answers.page(shell.document(main, title=_("Temporarily withdrawn"), act=slug, index=False), status=404)
    if status == "removed":
        return answers.page(shell.document(main, title=_("Removed"), act=slug, index=False), status=410)
    overdue = status == "live" and due is not None and due < answers.today()
    audience = request.GET.get("for", "")
    etag = f'"{fingerprint[:32]}-{int(overdue)}-{shell.build()}-{audience if audience in Audience.values else ""}"'

    def made() -> HttpResponse:
        body = shell.with_banner(shell.for_audience(main, audience), due=due if overdue else None)
        shown = f"RETRACTED: {title}" if status == "retracted" else title
        path = f"/articles/{slug}/"
        whole = shell.document(body, title=shown, head=head, act=slug, path=path, readable=True, audience=audience)
        return HttpResponse(whole)

    return answers.unless_known(request, etag, made)


@answers.reading
def notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = PublicNotice.objects.filter(uuid=uuid).first()
    if row is None:
        return answers.not_found(request)
    return answers.page(shell.document(row.main_html, title=row.title, act=row.slug, path=f"/notices/{uuid}/"))
