"""Published versions in the reader's own table: what each row must hold, written and compared."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string

from articles import content, page, signers, source_alerts, versions
from articles.models import Notice, Publication, PublicPage
from articles.projection import head, history, notices
from articles.states import CURRENT, PublicationStatus
from editorial.once import once

_TAKEN_OVER = (
    *("number", "digest", "change_class", "published_at"),
    *("last_updated", "last_reviewed", "next_review_due"),
)
"""Columns that say what the publication's own do."""


def project(publication: Publication, *, afresh: bool = False, is_new: bool = False) -> tuple[PublicPage, bool]:
    """Make its row, and say whether there was none before. The caller knows that it has one.

    ``is_new``: the publication was written just now, so there can be none.
    What it changed against the version before it stays as it is unless ``afresh``: both texts are immutable.
    """
    row = None if is_new else PublicPage.objects.filter(publication=publication).first()
    values = projected(publication, changes=row.changes_html if row and not afresh else "", is_new=is_new)
    if row is None:
        return PublicPage.objects.create(publication=publication, **values), True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row, False


@once
def row_of(publication: Publication) -> PublicPage | None:
    """Its row as it stands."""
    return PublicPage.objects.filter(publication=publication).first()


def differences(publication: Publication, shown: PublicPage) -> list[str]:
    """Fields in which ``shown`` isn't what the publication projects to."""
    return [name for name, value in projected(publication).items() if getattr(shown, name) != value]


def projected(publication: Publication, *, changes: str = "", is_new: bool = False) -> dict[str, object]:
    """The values that ``PublicPage`` must hold for this publication; verification compares them.

    ``status`` is the one that readers meet: no version says a word while the newest is on hold or removed.
    ``changes``: what it changed, where that was made before. ``is_new``: no notice can be about it yet.
    """
    current = versions.current_of(publication)
    status = page.status_of(publication, current)
    withheld = status in page.WITHHELD
    snapshot = content.parse(publication.snapshot)
    withdrawn = {} if withheld else page.withdrawn_from(publication)
    issued = [] if withheld or is_new else _notices(publication, current)
    said = None if withheld else _said(publication, current, issued, withdrawn)
    main = _instead(removal_of(current)) if said is None else _main(said)
    changed = "" if withheld else changes or history.changes(publication)
    values: dict[str, object] = {
        "article_uuid": publication.article.uuid,
        "slug": publication.slug,
        "status": status,
        "is_current": publication.status in CURRENT,
        "is_listed": publication.status == PublicationStatus.LIVE,
        "title": "" if withheld else publication.title,
        "short_answer": "" if withheld else snapshot["short_answer"],
        "review_line": "" if withheld else page.review_line(publication, withdrawn),
        "language": snapshot["language"],
        "topics": [] if withheld else snapshot["topics"],
        "main_html": main,
        "head_html": head.html(said, snapshot) if said is not None else "",
        "entry_html": history.entry(
            publication, current, notices=issued, withdrawn=withdrawn, has_changes=bool(changed)
        ),
        "changes_html": changed,
        **{name: getattr(publication, name) for name in _TAKEN_OVER},
        "changed_at": max([publication.published_at, *(notice.issued_at for notice in issued[:1])]),
        "change_note": "" if withheld else publication.change_note,
    }
    shown = f"{status}\n{publication.digest}\n{values['head_html']}\n{main}"
    values["fingerprint"] = hashlib.sha256(shown.encode()).hexdigest()
    return values


def removal_of(current: Publication) -> Notice | None:
    """The notice under which the article was removed, whose newest version this is."""
    if current.status != PublicationStatus.REMOVED:
        return None
    removals = Notice.objects.filter(publication__article=current.article_id, kind=Notice.Kind.REMOVAL)
    return removals.order_by("-issued_at").first()


def _notices(publication: Publication, current: Publication) -> list[Notice]:
    """Its own, and the retraction of the article, the newest first."""
    if current.pk == publication.pk:
        return notices.of(publication)
    retraction = Q(publication=current, kind=Notice.Kind.RETRACTION)
    return list(Notice.objects.filter(Q(publication=publication) | retraction).order_by("-issued_at"))


def _instead(removal: Notice | None) -> str:
    """What stands in for a text that is on hold or was removed."""
    if removal is None:
        return render_to_string("articles/reader/held.html", _site())
    said = {"reason": removal.text, "removed_on": versions.day_of(removal.issued_at), "by": removal.shown_name}
    return render_to_string("articles/reader/removed.html", {**said, **_site()})


def _said(
    publication: Publication, current: Publication, issued: list[Notice], withdrawn: Mapping[int, date]
) -> dict[str, Any]:
    return page.of(
        publication,
        notices=issued,
        version_count=publication.number if publication.status in CURRENT else 0,
        standing=page.standing(publication),
        withdrawn=withdrawn,
        signers=signers.of(publication),
        current=current,
        alerts=source_alerts.of(publication),
    )


def _main(said: dict[str, Any]) -> str:
    return render_to_string("articles/reader/article.html", {"page": said, **_site()})


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME}
