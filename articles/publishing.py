"""Publications: written when they were signed, moved by verbs, and the reader's tables kept in step."""

from datetime import datetime
from typing import TYPE_CHECKING

from articles import versions
from articles.models import Article, Publication
from articles.projection import project
from articles.states import CURRENT, PublicationStatus
from editorial.models import User
from editorial.verbs import record

if TYPE_CHECKING:
    from articles.workflow import Approval


def publish(article: Article, *, approval: "Approval", actor: User, now: datetime) -> Publication:
    """Write the version that was signed, and show it unless it waits for its day. Inside approve's transaction."""
    waits = article.publish_not_before is not None and article.publish_not_before > now
    publication = versions.written(article, approval, now, waits=waits)
    return _first_shown(publication, "scheduled" if waits else "published", actor=actor)


def bring_back(earlier: Publication, article: Article, *, actor: User, now: datetime, reason: str) -> Publication:
    """Show the text of an earlier version again, as a new version. The caller has checked its signatures."""
    publication = versions.brought_back(earlier, article, now)
    return _first_shown(publication, "restored", actor=actor, restored_from=earlier.number, reason=reason)


def _first_shown(publication: Publication, event: str, *, actor: User, **data: object) -> Publication:
    if publication.status == PublicationStatus.LIVE:
        _supersede_others(publication)
    publication.save()
    record(
        f"publication.{event}",
        publication.subject,
        records=(publication,),
        status=publication.status,
        digest=publication.digest,
        article=str(publication.article.uuid),
        **data,
    )
    if publication.status == PublicationStatus.LIVE:
        versions.mark(publication.article, publication, actor=actor)
    project(publication)
    return publication


def cancel_scheduled(article: Article) -> None:
    """A version that waits for its day won't be shown: the article is opened again, or was retracted."""
    for waiting in article.publications.filter(status=PublicationStatus.SCHEDULED):
        move(waiting, "cancel")


def release(publication: Publication, article: Article, *, actor: User) -> Publication:
    """Show a scheduled version whose day has come. The caller has checked quorum and findings again."""
    _supersede_others(publication)
    versions.mark(article, publication, actor=actor)
    publication.article = article
    move(publication, "publish")
    return publication


def move(publication: Publication, verb: str, **data: object) -> None:
    """Move the status, record it, and let the reader's tables follow."""
    {
        "publish": publication._publish,
        "supersede": publication._supersede,
        "cancel": publication._cancel,
        "hold": publication._hold,
        "lift": publication._lift,
        "retract": publication._retract,
        "retire": publication._retire,
        "remove": publication._remove,
    }[verb]()
    publication.save(update_fields=["status"])
    record(f"publication.{verb}", publication.subject, status=publication.status, digest=publication.digest, **data)
    project(publication)


def refresh(article: Article, *, every: bool = False) -> None:
    """Let the current page, or ``every`` version's, say how the article stands. Called after every verb on it."""
    rows = article.publications.all() if every else article.publications.filter(status__in=sorted(CURRENT))
    for publication in rows:
        publication.article = article
        project(publication)


def _supersede_others(publication: Publication) -> None:
    others = Publication.objects.filter(article=publication.article_id, status__in=["live", "on_hold", "retired"])
    for other in others.exclude(pk=publication.pk):
        move(other, "supersede", by=publication.number)
