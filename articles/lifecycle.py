"""Verbs on what is public: hold, lift, retract."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import conditions, publishing
from articles.models import Article, Notice
from articles.states import ArticleState
from editorial import outbox, reauth
from editorial.models import User
from editorial.roles import chiefs
from editorial.verbs import record, save, verb


@verb
def hold(article: Article, *, actor: User, now: datetime, reason: str, proof: reauth.Proof | None) -> Article:
    """Take the live version off the site now and tell every chief editor. Needs fresh proof."""
    conditions.may_hold(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    publication = conditions.current_publication(article)
    publishing.move(publication, "hold", reason=reason)
    if article.state != ArticleState.APPROVED:
        article.follow_up_required = True
        save(article, actor=actor, reason=reason)
    for chief in chiefs():
        outbox.write(
            "hold",
            chief,
            now=now,
            text=_("%(who)s took “%(title)s” off the site: %(reason)s")
            % {"who": actor.shown_name, "title": publication.title, "reason": reason},
            path=reverse("admin:articles_article_change", args=[article.pk]),
        )
    return article


@verb
def lift(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Show a held version again. The caller has checked that its signatures still stand."""
    conditions.may_lift(article, actor).enforce()
    publishing.move(conditions.current_publication(article), "lift", reason=reason)
    return article


@verb
def retract(article: Article, *, actor: User, now: datetime, notice: str, proof: reauth.Proof | None) -> Article:
    """Retract the current version under a notice of its own. The text stays readable below it (COPE)."""
    conditions.may_retract(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    publishing.cancel_scheduled(article)
    publication = conditions.current_publication(article)
    written = Notice.objects.create(
        publication=publication,
        kind=Notice.Kind.RETRACTION,
        text=notice,
        issued_by=actor,
        shown_name=f"{actor.shown_name}, {settings.SITE_NAME}",
        issued_at=now,
    )
    record("notice.issued", publication.subject, records=(written,), notice=str(written.uuid), notice_kind=written.kind)
    publishing.move(publication, "retract")
    return article
