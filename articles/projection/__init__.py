"""Publications into the reader's own tables: the public site reads those and nothing else.

Each module here fills tables of its own, and can say in what they differ from what they must hold:
``rebuild_public`` and verification ask that of all of them.
"""

from collections.abc import Iterator

from articles.models import Publication
from articles.projection import members, notices, pages, passages, policy_pages, topics
from articles.states import PublicationStatus
from articles.versions import was_shown
from editorial.once import asking_once


def project(publication: Publication, *, afresh: bool = False, is_new: bool = False) -> None:
    """Make the publication's rows in the reader's tables; a scheduled one has none.

    ``afresh``: also what can't have changed since they were made. ``is_new``: it was written just now.
    """
    if not _is_public(publication):
        return
    with asking_once():  # whatever is asked twice in here isn't about the tables that are written
        row, is_new = pages.project(publication, afresh=afresh, is_new=is_new)
        members.link(row, publication, is_new=is_new)
        topics.link(row, is_new=is_new)
        passages.project(publication, row, is_new=is_new)
        if not is_new:  # nothing can have been said of it before it was there
            notices.project(publication)


def differences(publication: Publication) -> list[str]:
    """In what the reader's rows aren't what this publication projects to; ``missing`` without a row."""
    shown = pages.row_of(publication)
    if publication.status == PublicationStatus.SCHEDULED:
        return ["shown too early"] if shown else []
    if shown is None:
        return ["missing"] if _is_public(publication) else []
    return [
        *pages.differences(publication, shown),
        *members.unlinked(shown, publication),
        *topics.unlinked(shown),
        *passages.differences(publication, shown),
        *notices.differences(publication),
    ]


def project_tables() -> None:
    """The rows that no single publication makes."""
    members.project_all()
    topics.project_all()
    policy_pages.project()


def differences_of_tables() -> Iterator[tuple[str, str]]:
    """Rows that no single publication makes and that aren't what they must be, with what is wrong."""
    yield from members.differences()
    yield from topics.differences()
    yield from policy_pages.differences()


def _is_public(publication: Publication) -> bool:
    """Whether readers have, or once had, this version."""
    if publication.status == PublicationStatus.SUPERSEDED:
        return was_shown(publication)
    return bool(publication.status != PublicationStatus.SCHEDULED)
