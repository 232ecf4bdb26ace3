"""Publications: written when they were signed, moved by verbs, and the reader's tables kept in step."""

from dataclasses import dataclass
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

_CONCERNS_EVERY = frozenset({"hold", "lift", "retract", "remove"})
"""Verbs after which older versions show something else too."""


def publish(article: Article, *, approval: "Approval", actor: User, now: datetime) -> Publication:
    """Write the version that was signed, and show it unless it waits for its day. Inside approve's transaction."""
    later = waits(article, now)
    publication = versions.written(article, approval, now, waits=later)
    return _first_shown(publication, "scheduled" if later else "published", actor=actor)


def waits(article: Article, now: datetime) -> bool:
    """What is approved now is for a later day."""
    return article.publish_not_before is not None and article.publish_not_before > now


def bring_back(earlier: Publication, article: Article, *, actor: User, now: datetime, reason: str) -> Publication:
    """Show the text of an earlier version again, as a new version. The caller has checked its signatures."""
    publication = versions.brought_back(earlier, article, now)
    return _first_shown(publication, "restored", actor=actor, restored_from=earlier.number, reason=reason)


def _first_shown(publication: Publication, event: str, *, actor: User, **data: object) -> Publication:
    replaced = _supersede_others(publication) if publication.status == PublicationStatus.LIVE else []
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
    _project_after(replaced, publication, is_new=True)
    return publication


def cancel_scheduled(article: Article) -> None:
    """A version that waits for its day won't be shown: the article is opened again, or was retracted."""
    for waiting in article.publications.filter(status=PublicationStatus.SCHEDULED):
        move(waiting, "cancel")


def release(publication: Publication, article: Article, *, actor: User) -> Publication:
    """Show a scheduled version whose day has come. The caller has checked quorum and findings again."""
    publication.article = article
    replaced = _supersede_others(publication)
    versions.mark(article, publication, actor=actor)
    _move(publication, "publish")
    _project_after(replaced, publication)
    return publication


def move(publication: Publication, verb: str, **data: object) -> None:
    """Move the status, record it, and let the reader's tables follow: other versions too, where it concerns them."""
    _move(publication, verb, **data)
    if verb in _CONCERNS_EVERY:
        refresh(publication.article, every=True)
    else:
        project(publication)


def refresh(article: Article, *, every: bool = False) -> None:
    """Let the current page, or ``every`` version's, say how the article stands. Called after every verb on it."""
    rows = article.publications.all() if every else article.publications.filter(status__in=sorted(CURRENT))
    for publication in rows.order_by("number"):  # what gave way before what took its place
        publication.article = article
        project(publication)


def _move(publication: Publication, verb: str, **data: object) -> None:
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


@dataclass(frozen=True)
class _Replaced:
    """A version that gave way, and whether readers had its text until then."""

    publication: Publication
    was_held: bool


def _supersede_others(publication: Publication) -> list[_Replaced]:
    """Whatever stands in its place gives way. The reader's tables follow once the new version is there."""
    if publication.number == 1:
        return []  # nothing came before
    others = Publication.objects.filter(article=publication.article_id, status__in=["live", "on_hold", "retired"])
    replaced = [
        _Replaced(other, was_held=other.status == PublicationStatus.ON_HOLD)
        for other in others.exclude(pk=publication.pk)
    ]
    for each in replaced:
        each.publication.article = publication.article
        _move(each.publication, "supersede", by=publication.number)
    return replaced


def _project_after(replaced: list[_Replaced], publication: Publication, *, is_new: bool = False) -> None:
    """The new page, and first those it replaced; every version's where their text or their address comes with it."""
    if any(each.was_held or each.publication.slug != publication.slug for each in replaced):
        refresh(publication.article, every=True)
        return
    for each in replaced:
        project(each.publication)
    project(publication, is_new=is_new)
