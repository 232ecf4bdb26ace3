"""Atom feeds (RFC 4287) of the reader's own tables. What is on hold, removed or not maintained isn't in them."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles.models import PublicNotice, PublicPage
from articles.models.public import CORRECTED, FED
from articles.page import titled

MOST = 50
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """``about`` is what the entry's number is made of, the same however often the entry changes."""

    about: UUID
    title: str
    path: str
    updated: datetime
    published: datetime
    summary: str
    topics: tuple[str, ...] = ()


class Feed(Atom1Feed):  # type: ignore[misc]
    """An empty feed was never updated: its bytes, and so its ETag, stay the same."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def changed(rows: "QuerySet[PublicPage]", *, by: str = "") -> list[Entry]:
    """The pages that changed last: one entry an article, which keeps its number through every version.

    ``by`` leads from a page to the one row that says when it changed, where that isn't its own.
    """
    newest = rows.filter(is_current=True, status__in=FED).order_by(f"-{by}changed_at", f"-{by}pk")
    names = ("article_uuid", "title", "status", "slug", "changed_at", "published_at", "short_answer", "topics")
    return [_of_page(*values) for values in newest.values_list(*names)[:MOST]]


def corrections() -> list[Entry]:
    """Notices, and versions that mend what readers had. Of an article on hold nothing is told."""
    found = [*_notices(), *_corrected()]
    return sorted(found, key=lambda entry: entry.updated, reverse=True)[:MOST]


def _of_page(
    about: UUID,
    title: str,
    status: str,
    slug: str,
    changed_at: datetime,
    published_at: datetime,
    answer: str,
    topics: list[dict[str, str]],
) -> Entry:
    retracted = status == "retracted"
    return Entry(
        about=about,
        title=titled(title, status),
        path=f"/articles/{slug}/",
        updated=changed_at,
        published=published_at,
        summary=_("This article has been retracted. Do not rely on it.") if retracted else answer,
        topics=tuple(topic["name"] for topic in topics),
    )


def _notices() -> Iterable[Entry]:
    version = PublicPage.objects.filter(slug=OuterRef("slug"), number=OuterRef("number")).order_by()
    version = version.annotate(now=Subquery(_current().values("status")[:1]))
    rows = PublicNotice.objects.annotate(
        about=Subquery(version.values("title")[:1]), now=Subquery(version.values("now")[:1])
    )
    for row in rows.exclude(now="on_hold").defer("main_html").order_by("-issued_at", "-pk")[:MOST]:
        title = f"{row.title}: {titled(row.about, row.now)}" if row.about else row.title
        yield Entry(row.uuid, title, f"/notices/{row.uuid}/", row.issued_at, row.issued_at, row.text)


def _corrected() -> Iterable[Entry]:
    rows = PublicPage.objects.filter(change_class__in=CORRECTED).exclude(title="")
    rows = rows.annotate(now=Subquery(_current().values("status")[:1])).filter(now__in=FED)
    names = ("article_uuid", "number", "title", "now", "slug", "published_at", "change_note")
    newest = rows.order_by("-published_at", "-pk").values_list(*names)
    for about, number, title, now, slug, at, note in newest[:MOST]:
        title = _("Corrected: %(title)s") % {"title": title} if now != "retracted" else titled(title, now)
        yield Entry(uuid5(about, f"version {number}"), title, f"/articles/{slug}/", at, at, note)


def _current() -> "QuerySet[PublicPage]":
    """What readers have now of the article that a version is of."""
    return PublicPage.objects.filter(article_uuid=OuterRef("article_uuid"), is_current=True).order_by()


def atom(path: str, title: str, entries: list[Entry]) -> tuple[str, str, datetime]:
    """The feed's text, its ETag, and when the newest of its entries changed."""
    site = settings.PUBLIC_URL
    feed = Feed(
        title=_xml(f"{title} · {settings.SITE_NAME}"),
        link=f"{site}/",
        description=None,
        language=settings.LANGUAGE_CODE,
        author_name=_xml(settings.SITE_NAME),
        feed_url=f"{site}{path}",
        feed_guid=f"{site}{path}",
    )
    for entry in entries:
        feed.add_item(**_item(entry))
    text = feed.writeString("utf-8")
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"', feed.latest_post_date()


def _item(entry: Entry) -> dict[str, Any]:
    """The summary goes as HTML, so that what looks like markup in a text stays text."""
    return {
        "title": _xml(entry.title),
        "link": f"{settings.PUBLIC_URL}{entry.path}",
        "description": escape(_xml(entry.summary), quote=False) or None,
        "pubdate": entry.published,
        "updateddate": entry.updated,
        "unique_id": entry.about.urn,
        "categories": [_xml(topic) for topic in entry.topics],
    }


def _xml(text: str) -> str:
    """Without the characters that no XML may hold."""
    return _NOT_XML.sub("", text)
