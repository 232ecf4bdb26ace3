"""Verbs on what is public: hold, lift, restore, retract, retire, remove."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import conditions, publishing, restore
from articles.models import Article, Notice, Publication
from articles.states import ArticleState, PublicationStatus
from editorial import outbox, reauth
from editorial.conditions import Refused
from editorial.models import User
from editorial.roles import chiefs
from editorial.verbs import record, save, verb


@verb
def hold(article: Article, *, actor: User, now: datetime, reason: str, proof: reauth.Proof | None) -> Article:
    """Take the live version off the site now and tell every chief editor. Needs fresh proof."""
    conditions.may_hold(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    return _taken_down(article, actor=actor, now=now, reason=reason)


@verb
def hold_by_clock(article: Article, *, actor: User, now: datetime, reason: str, cause: str) -> Article:
    """The clock takes a version down whose time to be reviewed has passed. ``cause`` names the rule for the record."""
    if actor.kind != User.Kind.SYSTEM:
        raise Refused(_("Only the clock does this."))
    record(f"article.{cause}", article.subject, reason=reason)
    return _taken_down(article, actor=actor, now=now, reason=reason)


@verb
def lift(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Show a held version again. The caller has checked that its signatures still stand."""
    conditions.may_lift(article, actor).enforce()
    publishing.move(conditions.current_publication(article), "lift", reason=reason)
    return article


@verb
def bring_back(article: Article, *, actor: User, now: datetime, earlier: Publication, reason: str) -> Article:
    """Show an earlier version in place of a held one. The caller has checked that its signatures still stand.

    An approved article follows; a revision under way stays as it is.
    """
    conditions.may_restore(article, actor).enforce()
    if not conditions.restorable(article).filter(pk=earlier.pk).exists():
        raise Refused(_("This version can't be brought back: readers never had it, or have its text now."))
    if article.state == ArticleState.APPROVED:
        publishing.cancel_scheduled(article)
        reason_kept = f"version {earlier.number} brought back"
        restore.content_of(earlier, article, actor=User.system(), reason=reason_kept)  # it makes nobody a contributor
        article.frozen_snapshot, article.frozen_digest = earlier.snapshot, earlier.digest
        article.frozen_html = earlier.html
        article.state_since = now
        save(article, actor=User.system(), reason=reason_kept)
    publishing.bring_back(earlier, article, actor=actor, now=now, reason=reason)
    return article


@verb
def retract(article: Article, *, actor: User, now: datetime, notice: str, proof: reauth.Proof | None) -> Article:
    """Retract the current version under a notice of its own. The text stays readable below it (COPE)."""
    conditions.may_retract(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    publishing.cancel_scheduled(article)
    publication = conditions.current_publication(article)
    _issue(publication, Notice.Kind.RETRACTION, notice, actor=actor, now=now)
    publishing.move(publication, "retract")
    return article


@verb
def retire(article: Article, *, actor: User, now: datetime, reason: str, successor: Article | None = None) -> Article:
    """No longer maintained: the text stays, says since when, and names what takes its place."""
    conditions.may_retire(article, actor).enforce()
    conditions.may_succeed(article, successor).enforce()
    publishing.cancel_scheduled(article)
    article.retired_at, article.successor = now, successor
    save(article, actor=actor, reason=reason)
    publication = conditions.current_publication(article)
    publication.article = article
    publishing.move(publication, "retire", reason=reason, successor=str(successor.uuid) if successor else "")
    return article


@verb
def remove(article: Article, *, actor: User, now: datetime, notice: str, proof: reauth.Proof | None) -> Article:
    """Take every version's text away from readers for a legal reason, which they are told in its place."""
    conditions.may_remove(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    publishing.cancel_scheduled(article)
    publication = conditions.current_publication(article)
    _issue(publication, Notice.Kind.REMOVAL, notice, actor=actor, now=now)
    publishing.move(publication, "remove", reason=notice)
    return article


def _taken_down(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    publication = conditions.current_publication(article)
    publishing.move(publication, "hold", reason=reason)
    waiting = article.publications.filter(status=PublicationStatus.SCHEDULED)
    if article.state != ArticleState.APPROVED or waiting.exists():
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


def _issue(publication: Publication, kind: str, text: str, *, actor: User, now: datetime) -> Notice:
    if not text.strip():
        raise Refused(_("Write the notice that readers will see."))
    written = Notice.objects.create(
        publication=publication,
        kind=kind,
        text=text,
        issued_by=actor,
        shown_name=f"{actor.shown_name}, {settings.SITE_NAME}",
        issued_at=now,
    )
    record("notice.issued", publication.subject, records=(written,), notice=str(written.uuid), notice_kind=written.kind)
    return written
