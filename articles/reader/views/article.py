"""One article as readers get it, and its notices."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from articles.models import PublicNotice, PublicPage
from articles.reader import addresses, answers, shell, showing
from articles.reader.rows import Row

STAMP = Row(lambda slug: _current(slug).values_list(*showing.STAMPED))
WHOLE = Row(lambda slug: _current(slug).values_list(*showing.FIELDS))


@answers.reading
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The current version; 410 once it was removed. Unapproved, withdrawn or unknown: the same 404, byte for byte.

    Of whoever has a page already only the stamp is looked up, and the text if that has changed.
    """
    if "HTTP_IF_NONE_MATCH" in request.META:
        stamp = STAMP.of(slug)
        known = stamp and showing.unchanged(request, showing.Stamp(*stamp), is_current=True)
        if known:
            return known
    row = WHOLE.of(slug)
    if row is None:
        return _moved(request, slug)
    return showing.version(request, showing.Version(*row), slug=slug, is_current=True)


def _current(slug: str) -> QuerySet[PublicPage]:
    """One at most, by the tables' own constraint."""
    return PublicPage.objects.filter(slug=slug, is_current=True).order_by()


@answers.reading
def notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = PublicNotice.objects.filter(uuid=uuid).first()
    if row is None:
        return answers.not_found(request)
    return answers.page(shell.document(row.main_html, title=row.title, act=row.slug, path=f"/notices/{uuid}/"))


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    now_at = addresses.versions_at(slug).filter(is_current=True).values_list("slug", flat=True).first()
    return addresses.leads_on(request, f"/articles/{now_at}/") if now_at else answers.not_found(request)
