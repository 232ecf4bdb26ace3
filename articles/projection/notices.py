"""Notices in the reader's own table, each at an address of its own."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from articles import page, versions
from articles.models import Notice, Publication, PublicNotice
from editorial.once import once


@once
def of(publication: Publication) -> list[Notice]:
    """What was issued about this version, the newest first."""
    return of_each([publication])[0]


def of_each(publications: Sequence[Publication]) -> list[list[Notice]]:
    """The same for several, in one query."""
    found: dict[int, list[Notice]] = {publication.pk: [] for publication in publications}
    for notice in Notice.objects.filter(publication__in=found).order_by("-issued_at"):
        found[notice.publication_id].append(notice)
    return list(found.values())


def project(publication: Publication) -> None:
    for notice in publication.notices.all():
        PublicNotice.objects.update_or_create(uuid=notice.uuid, defaults=projected(notice, publication))


def differences(publication: Publication) -> list[str]:
    """Notices whose row is missing or says something else."""
    return [f"notice {notice.uuid}" for notice in of(publication) if _differs(notice, publication)]


def _differs(notice: Notice, publication: Publication) -> bool:
    row = PublicNotice.objects.filter(uuid=notice.uuid).first()
    expected = projected(notice, publication)
    return row is None or any(getattr(row, name) != value for name, value in expected.items())


def projected(notice: Notice, publication: Publication) -> dict[str, object]:
    """The values that ``PublicNotice`` must hold for this notice."""
    withheld = versions.current_of(publication).status in page.WITHHELD
    context = {
        "notice": page.notice_page(notice, publication, withheld=withheld),
        "site_name": settings.SITE_NAME,
    }
    return {
        "slug": publication.slug,
        "number": publication.number,
        "kind": notice.kind,
        "title": str(notice.get_kind_display()),
        "text": notice.text,
        "main_html": render_to_string("articles/reader/notice.html", context),
        "issued_at": notice.issued_at,
    }
