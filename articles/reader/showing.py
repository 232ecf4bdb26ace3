"""A version's row as an answer: its text, or what stands in for one that is on hold or was removed."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models.article import Audience
from articles.page import titled
from articles.reader import answers, shell

STAMPED = ("status", "fingerprint", "next_review_due")
"""Columns of ``PublicPage``, in the order of ``Stamp``."""

FIELDS = (*STAMPED, "title", "head_html", "main_html")
"""Columns of ``PublicPage``, in the order of ``Version``."""

GONE = {"on_hold": 404, "removed": 410}
"""Statuses in which no text is shown, with the answer's."""


@dataclass(frozen=True)
class Stamp:
    """What an ETag is made of, besides the site's look and who the page is for."""

    status: str
    fingerprint: str
    due: date | None

    def is_overdue(self, is_current: bool) -> bool:
        return is_current and self.status == "live" and self.due is not None and self.due < answers.today()

    def etag(self, audience: str, is_current: bool) -> str:
        state = f"{int(self.is_overdue(is_current))}{int(is_current)}"
        return f'"{self.fingerprint[:32]}-{state}-{shell.build()}-{audience}"'


@dataclass(frozen=True)
class Version(Stamp):
    title: str
    head: str
    main: str


def unchanged(request: HttpRequest, row: Stamp, *, is_current: bool) -> HttpResponse | None:
    """304 for whoever has this very page already; None for everybody else, and where no text may be shown."""
    if row.status in GONE:
        return None
    return answers.if_known(request, row.etag(_audience(request), is_current))


def version(request: HttpRequest, row: Version, *, slug: str, is_current: bool) -> HttpResponse:
    """The page of one version. Search engines are sent to the newest, and keep no other."""
    if row.status in GONE:
        return withheld(row.main, row.status, slug=slug)
    audience = request.GET.get("for", "")
    due = row.due if row.is_overdue(is_current) else None

    def made() -> HttpResponse:
        body = shell.with_banner(shell.for_audience(row.main, audience), due=due)
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

    return answers.unless_known(request, row.etag(_audience(request), is_current), made)


def _audience(request: HttpRequest) -> str:
    """Whom the page is asked for; nobody where no page is written for such people."""
    audience = request.GET.get("for", "")
    return audience if audience in Audience.values else ""


def withheld(main: str, status: str, *, slug: str, head: str = "") -> HttpResponse:
    """In place of whatever is at one of its addresses: what may be said of an article that readers don't get."""
    title = _("Removed") if status == "removed" else _("Temporarily withdrawn")
    return answers.page(shell.document(main, title=title, head=head, act=slug, index=False), status=GONE[status])
