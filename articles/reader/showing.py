"""A version's row as an answer: its text, or what stands in for one that is on hold or was removed."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models.article import Audience
from articles.page import titled
from articles.reader import answers, shell

FIELDS = ("status", "title", "head_html", "main_html", "fingerprint", "next_review_due")
"""Columns of ``PublicPage``, in the order of ``Version``."""

GONE = {"on_hold": 404, "removed": 410}
"""Statuses in which no text is shown, with the answer's."""


@dataclass(frozen=True)
class Version:
    status: str
    title: str
    head: str
    main: str
    fingerprint: str
    due: date | None


def version(request: HttpRequest, row: Version, *, slug: str, is_current: bool) -> HttpResponse:
    """The page of one version. Search engines are sent to the newest, and keep no other."""
    if row.status in GONE:
        return withheld(row.main, row.status, slug=slug)
    overdue = is_current and row.status == "live" and row.due is not None and row.due < answers.today()
    audience = request.GET.get("for", "")
    known = audience if audience in Audience.values else ""
    etag = f'"{row.fingerprint[:32]}-{int(overdue)}{int(is_current)}-{shell.build()}-{known}"'

    def made() -> HttpResponse:
        body = shell.with_banner(shell.for_audience(row.main, audience), due=row.due if overdue else None)
        text = shell.document(
            body,
            title=titled(row.title, row.status),
            head=row.head,
            act=slug,
            path=f"/articles/{slug}/",
            index=is_current,
            readable=True,
            audience=audience,
        )
        return HttpResponse(text)

    return answers.unless_known(request, etag, made)


def withheld(main: str, status: str, *, slug: str, head: str = "") -> HttpResponse:
    """In place of whatever is at one of its addresses: what may be said of an article that readers don't get."""
    title = _("Removed") if status == "removed" else _("Temporarily withdrawn")
    return answers.page(shell.document(main, title=title, head=head, act=slug, index=False), status=GONE[status])
