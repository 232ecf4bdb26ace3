"""Verbs on published versions that ask whether the signatures still stand."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from articles import lifecycle, publishing
from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.conditions import Refused
from editorial.models import AuditEvent, User
from editorial.verbs import record, verb
from reviews import conditions, decisions
from reviews.models import Objection
from reviews.workflow.seats import tell_editor


@verb
def lift(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Back on the site: the same digest, and its signatures must still stand."""
    conditions.article_conditions.may_lift(article, actor).enforce()
    conditions.not_contributor(article, actor).enforce()
    publication = conditions.article_conditions.current_publication(article)
    if Objection.objects.filter(article=article).still_open().exists():
        raise Refused(_("A safety objection to this article is open. It has to end first."))
    lacking = decisions.lacking_today(article, publication.digest)
    if lacking:
        raise Refused(_("Its signatures don't stand any more: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    return lifecycle.lift(article, actor=actor, now=now, reason=reason)


@verb
def publish_scheduled(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock shows a version whose day has come, after judging quorum and findings again."""
    waiting = article.publications.filter(status=PublicationStatus.SCHEDULED, publish_not_before__lte=now)
    for publication in waiting.order_by("number"):
        lacking = decisions.bars_release(publication, article, today=now.date())
        if lacking:
            _kept_back(publication, article, "; ".join(lacking), now=now)
            continue
        publishing.release(publication)
    return article


def _kept_back(publication: Publication, article: Article, reason: str, *, now: datetime) -> None:
    """Record once, and tell the editor, why a version isn't shown on its day; the clock asks every minute."""
    last = AuditEvent.objects.filter(subject=publication.subject).order_by("-sequence").first()
    if last and last.kind == "publication.not_released" and json.loads(last.body)["data"]["reason"] == reason:
        return
    record("publication.not_released", publication.subject, reason=reason)
    tell_editor(article, _("“%(title)s” wasn't shown on its day: look at it."), who=User.system(), now=now)
