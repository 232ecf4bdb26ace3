"""Verbs on published versions that ask whether the signatures still stand."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles import lifecycle, publishing, snapshots
from articles import workflow as bare
from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial import reauth
from editorial.conditions import Refused
from editorial.models import AuditEvent, User
from editorial.verbs import record, verb
from reviews import conditions, decisions, standing
from reviews.models import Objection
from reviews.workflow.seating import tell_editor


@verb
def lift(article: Article, *, actor: User, now: datetime, reason: str, proof: reauth.Proof | None) -> Article:
    """Back on the site: the same digest, and its signatures must still stand. Needs fresh proof, as the hold did."""
    conditions.may_lift(article, actor).enforce()
    conditions.impartial(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    _still_stands(article, article_conditions.current_publication(article))
    if article.full_review_by and standing.is_over(article.full_review_by, now=now):
        raise Refused(_("The full panel's review of this urgent version is overdue. Ask the board to confirm it."))
    return lifecycle.lift(article, actor=actor, now=now, reason=reason)


@verb
def restore(
    article: Article, *, actor: User, now: datetime, number: int, reason: str, proof: reauth.Proof | None
) -> Article:
    """An earlier version in place of a held one, as a new version; its signatures must still stand."""
    conditions.may_restore(article, actor).enforce()
    conditions.impartial(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    earlier = article_conditions.restorable(article).filter(number=number).first()
    if earlier is None:
        raise Refused(_("This version can't be brought back: readers never had it, or have its text now."))
    _still_stands(article, earlier)
    findings = snapshots.findings_of(earlier.snapshot, article, today=now.date())
    bare.refuse_for([finding for finding in findings if finding.severity == "block"])
    return lifecycle.bring_back(article, actor=actor, now=now, earlier=earlier, reason=reason)


def _still_stands(article: Article, publication: Publication) -> None:
    if Objection.objects.filter(article=article).still_open().exists():
        raise Refused(_("A safety objection to this article is open. It has to end first."))
    lacking = decisions.lacking_today(publication)
    if lacking:
        raise Refused(_("Its signatures don't stand any more: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    for doubt in decisions.struck_off_under(article, lambda pks: decisions.lacking_today(publication, without=pks)):
        raise Refused(doubt)


@verb
def publish_scheduled(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock shows a version whose day has come, after judging quorum and findings again."""
    waiting = article.publications.filter(status=PublicationStatus.SCHEDULED, publish_not_before__lte=now)
    for publication in waiting.order_by("number"):
        lacking = decisions.bars_release(publication, article, today=now.date())
        if lacking:
            _kept_back(publication, article, "; ".join(lacking), now=now)
            continue
        publishing.release(publication, article, actor=actor)
    return article


def _kept_back(publication: Publication, article: Article, reason: str, *, now: datetime) -> None:
    """Record once, and tell the editor, why a version isn't shown on its day; the clock asks every minute."""
    last = AuditEvent.objects.filter(subject=publication.subject).order_by("-sequence").first()
    if last and last.kind == "publication.not_released" and json.loads(last.body)["data"]["reason"] == reason:
        return
    record("publication.not_released", publication.subject, reason=reason)
    tell_editor(article, _("“%(title)s” wasn't shown on its day: look at it."), who=User.system(), now=now)
