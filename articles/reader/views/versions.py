"""Every version that readers ever had, at an address that stays; what each changed; and all of them in a list."""

import hashlib
import re

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models import PublicPage
from articles.page import titled
from articles.reader import addresses, answers, shell, showing

LISTED = 20
ABOVE_ALL = 1_000_000_000


@answers.reading
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The very text of one version, also once another has taken its place."""
    rows = addresses.versions_at(slug).filter(number=number)
    row = rows.values_list("now_at", "is_current", *showing.FIELDS).first()
    if row is None:
        return answers.not_found(request)
    now_at, is_current, *values = row
    if now_at != slug:
        return addresses.leads_on(request, f"/articles/{now_at}/v/{number}/")
    return showing.version(request, showing.Version(*values), slug=slug, is_current=is_current)


@answers.reading
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a version changed against the one before it, word by word."""
    rows = addresses.versions_at(slug).filter(number=number)
    row = rows.only("status", "title", "main_html", "changes_html", "number").first()
    if row is None:
        return answers.not_found(request)
    if row.now_at != slug:
        return addresses.leads_on(request, f"/articles/{row.now_at}/v/{number}/changes/")
    if row.status in showing.GONE:
        return showing.withheld(row.main_html, row.status, slug=slug)
    said = {"title": titled(row.title, row.status), "slug": slug, "number": number}
    main = render_to_string("articles/reader/changes_page.html", {**said, "changes": row.changes_html})
    title = _("What version %(number)s changed: %(title)s") % said
    return _kept(request, main, title=title, slug=slug, path=f"/articles/{slug}/v/{number}/changes/")


@answers.reading
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions, the newest first. While the article is on hold or removed: that they were, not a word of them."""
    before = _number(request.GET.get("before", ""))
    found = list(
        addresses.versions_at(slug)
        .filter(Q(number__lt=before) | Q(is_current=True))
        .order_by("-is_current", "-number")
        .only("status", "title", "main_html", "entry_html", "number", "is_current")[: LISTED + 2]
    )
    if not found:
        return answers.not_found(request)
    current = found[0]
    if current.now_at != slug:
        return addresses.leads_on(request, f"/articles/{current.now_at}/history/")
    return _history(request, current, [row for row in found if row.number < before], slug=slug)


def _number(asked: str) -> int:
    """The number before which versions are asked for; of anything else, above all of them."""
    return int(asked) if re.fullmatch(addresses.Number.regex, asked) else ABOVE_ALL


def _history(request: HttpRequest, current: PublicPage, rows: list[PublicPage], *, slug: str) -> HttpResponse:
    shown, more = rows[:LISTED], len(rows) > LISTED
    said = {
        "title": titled(current.title, current.status),
        "slug": slug,
        "instead": current.main_html if current.status in showing.GONE else "",
        "entries": [row.entry_html for row in shown],
        "older": shown[-1].number if more else None,
    }
    main = render_to_string("articles/reader/history.html", said)
    if current.status in showing.GONE:
        return showing.withheld(main, current.status, slug=slug, head=shell.static("history_head.html"))
    title = _("Version history: %(title)s") % said
    return _kept(request, main, title=title, slug=slug, path=f"/articles/{slug}/history/")


def _kept(request: HttpRequest, main: str, *, title: str, slug: str, path: str) -> HttpResponse:
    """A page that is about an article's versions, with an ETag over what it says."""
    fingerprint = hashlib.sha256(f"{title}\n{main}".encode()).hexdigest()
    etag = f'"{fingerprint[:32]}-{shell.build()}"'
    head = shell.static("history_head.html")

    def made() -> HttpResponse:
        return HttpResponse(shell.document(main, title=title, head=head, act=slug, path=path, readable=True))

    return answers.unless_known(request, etag, made)
