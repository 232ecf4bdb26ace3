"""Published versions in the reader's own table: what each row must hold, written and compared."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from articles import content, page, signers, versions
from articles.models import Notice, Publication, PublicPage
from articles.projection import head
from articles.states import CURRENT, PublicationStatus


def project(publication: Publication) -> PublicPage:
    """Make its row afresh. The caller knows that it has one."""
    row, _created = PublicPage.objects.update_or_create(publication=publication, defaults=projected(publication))
    return row


def differences(publication: Publication, shown: PublicPage) -> list[str]:
    """Fields in which ``shown`` isn't what the publication projects to."""
    return [name for name, value in projected(publication).items() if getattr(shown, name) != value]


def projected(publication: Publication) -> dict[str, object]:
    """The values that ``PublicPage`` must hold for this publication; verification compares them."""
    status = publication.status
    removal = removal_of(publication)
    withheld = removal is not None or status == PublicationStatus.ON_HOLD
    snapshot = content.parse(publication.snapshot)
    withdrawn = page.withdrawn_from(publication)
    notices = [] if withheld else list(publication.notices.order_by("-issued_at"))
    said = None if withheld else _said(publication, notices, withdrawn)
    main = _instead(removal) if said is None else _main(said)
    values: dict[str, object] = {
        "article_uuid": publication.article.uuid,
        "slug": publication.slug,
        "number": publication.number,
        "status": status,
        "is_current": status in CURRENT,
        "is_listed": status == PublicationStatus.LIVE,
        "title": "" if withheld else publication.title,
        "short_answer": "" if withheld else snapshot["short_answer"],
        "review_line": "" if withheld else page.review_line(publication, withdrawn),
        "language": snapshot["language"],
        "topics": [] if withheld else snapshot["topics"],
        "main_html": main,
        "head_html": head.html(said, snapshot) if said is not None else "",
        "digest": publication.digest,
        "last_updated": publication.last_updated,
        "last_reviewed": publication.last_reviewed,
        "next_review_due": publication.next_review_due,
        "published_at": publication.published_at,
        "changed_at": max([publication.published_at, *(notice.issued_at for notice in notices[:1])]),
        "change_class": publication.change_class,
        "change_note": "" if withheld else publication.change_note,
    }
    shown = f"{status}\n{publication.digest}\n{values['head_html']}\n{main}"
    values["fingerprint"] = hashlib.sha256(shown.encode()).hexdigest()
    return values


def removal_of(publication: Publication) -> Notice | None:
    """The notice under which its article was removed: from then on no version of it shows a word."""
    notices = Notice.objects.filter(publication__article=publication.article_id, kind=Notice.Kind.REMOVAL)
    return notices.order_by("-issued_at").first()


def _instead(removal: Notice | None) -> str:
    """What stands in for a text that is on hold or was removed."""
    if removal is None:
        return render_to_string("articles/reader/held.html", _site())
    said = {"reason": removal.text, "removed_on": versions.day_of(removal.issued_at), "by": removal.shown_name}
    return render_to_string("articles/reader/removed.html", {**said, **_site()})


def _said(publication: Publication, notices: list[Notice], withdrawn: Mapping[int, date]) -> dict[str, Any]:
    return page.of(
        publication,
        notices=notices,
        version_count=publication.number if publication.status in CURRENT else 0,
        standing=page.standing(publication),
        withdrawn=withdrawn,
        signers=signers.of(publication),
    )


def _main(said: dict[str, Any]) -> str:
    return render_to_string("articles/reader/article.html", {"page": said, **_site()})


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME}
