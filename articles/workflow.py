"""Every verb that moves an article. Nothing else changes its state.

Verbs that also touch a round are called by people through ``reviews.workflow``: leaving
``under_review`` takes a RoundClosed or an Approval, which only a settled round can give.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import conditions, content, preflight, proposals, publishing, questions, restore, snapshots
from articles.models import Article, Publication
from articles.states import ArticleState
from editorial.conditions import Refused
from editorial.models import Specialty, User
from editorial.once import asking_once
from editorial.verbs import record, save, verb, work


@dataclass(frozen=True)
class RoundClosed:
    """That the round over ``digest`` was settled before the article leaves review."""

    round: int
    outcome: str
    digest: str


@dataclass(frozen=True)
class Approval:
    """That the quorum stands over ``digest``, with all that the publication will show and keep."""

    round: int
    digest: str
    rule: dict[str, Any]
    evidence: dict[str, Any]
    opened_at: datetime
    editorial_responsibility: str


def create(
    *, actor: User, now: datetime | None = None, slug: str = "", records_title: bool = True, **fields: Any
) -> Article:
    """Make a draft. Raises Refused for whoever may not, ValidationError for fields that can't be stored.

    ``records_title``: not where the title is a reader's own words, which don't belong into a record without an end.
    """
    with work(actor=actor, now=now) as running:
        conditions.may_create(running.actor).enforce()
        article = Article(
            slug=slug or free_slug(fields.get("title", "")),
            created_at=running.now,
            created_by=running.actor,
            state_since=running.now,
            **fields,
        )
        article.full_clean(exclude=["state"])
        save(article, actor=running.actor, reason="created")
        questions.keep(article)
        record("article.created", article.subject, **({"title": article.title} if records_title else {}))
        return article


@verb
def submit(article: Article, *, actor: User, now: datetime, change_class: str = "") -> Article:
    """Freeze the draft and put it in the editors' queue.

    ``change_class`` may be heavier than the difference asks for; empty takes the lightest that it allows.
    Raises Refused (nothing written) when a preflight check blocks, the class is too light, nothing was changed
    since the published version, or the actor may not submit.
    """
    with asking_once():
        conditions.may_submit(article, actor).enforce()
        parts = snapshots.parts_of(article)
        snapshot = snapshots.of(article, parts=parts)
        found = snapshots.findings(article, today=now.date(), snapshot=snapshot, parts=parts)
        refuse_for([finding for finding in found if finding.severity == "block"])
        proposal = proposals.of(article, snapshot=snapshot)
    article.change_class = proposals.chosen(proposal, change_class)
    article.frozen_snapshot, article.frozen_digest = snapshot.text, snapshot.digest
    article.frozen_html = snapshot.html
    article.submitted_at, article.triaged_at = now, None
    article._submit()
    _told(
        article,
        actor,
        now,
        "submitted",
        digest=article.frozen_digest,
        change_class=article.change_class,
        floor=proposal.floor,
        floor_reasons=list(proposal.reasons),
        since=proposal.base.number if proposal.base else None,
    )
    if proposal.base is not None:  # else readers have no page that could say so
        publishing.refresh(article)
    return article


@verb
def triage(
    article: Article, *, actor: User, now: datetime, risk_tier: str, specialty: Specialty, handling_editor: User
) -> Article:
    """Record risk, specialty and handling editor. The article stays submitted."""
    conditions.may_triage(article, actor).enforce()
    conditions.may_handle(article, handling_editor).enforce()
    article.risk_tier, article.specialty, article.handling_editor = risk_tier, specialty, handling_editor
    article.triaged_at = now
    article._triage()
    details = {"risk_tier": risk_tier, "specialty": specialty.slug, "handling_editor": handling_editor.uuid}
    return _moved(article, actor, now, "triaged", **details)


@verb
def open_round(article: Article, *, actor: User, now: datetime, round: int) -> Article:
    """Called by reviews.workflow once the round stands."""
    conditions.in_state(article, "open_round").enforce()
    article._open_round()
    return _moved(article, actor, now, "under_review", round=round, digest=article.frozen_digest)


@verb
def withdraw(
    article: Article, *, actor: User, now: datetime, reason: str, closed: RoundClosed | None = None
) -> Article:
    """Back to draft, unlocked for editing."""
    _leave(article, "withdraw", closed)
    article._withdraw()
    return _thawed(article, actor, now, "withdrawn", reason)


@verb
def request_changes(
    article: Article, *, actor: User, now: datetime, reason: str, closed: RoundClosed | None = None
) -> Article:
    """Back to the author with what has to change."""
    _leave(article, "request_changes", closed)
    article._request_changes()
    return _thawed(article, actor, now, "changes_requested", reason)


@verb
def reject(article: Article, *, actor: User, now: datetime, reason: str, closed: RoundClosed | None = None) -> Article:
    """Not to be published. A live version stays live."""
    _leave(article, "reject", closed)
    article._reject()
    return _thawed(article, actor, now, "rejected", reason)


@verb
def approve(article: Article, *, actor: User, now: datetime, approval: Approval) -> Article:
    """Approve and publish in one transaction. Called by reviews.workflow when the quorum stands.

    Raises Refused when the three digests differ, a blocking finding has come up since submission, or the class
    that was signed is too light for what readers have today.
    """
    conditions.in_state(article, "approve").enforce()
    stored = content.digest(article.frozen_snapshot)
    if not snapshots.html_is_signed(article):
        raise Refused(_("The stored page isn't the one that was signed. Unlock it and submit it again."))
    if not article.frozen_digest == approval.digest == stored:
        raise Refused(_("The text isn't the one that was signed. Unlock it, submit again, and have it reviewed."))
    with asking_once():
        conditions.not_ended(article).enforce()
        refuse_for([f for f in snapshots.frozen_findings(article, today=now.date()) if f.severity == "block"])
        proposals.carries(article, approval.rule["change_class"], article.frozen_snapshot).enforce()
    article._approve()
    _told(article, actor, now, "approved", round=approval.round, digest=approval.digest)
    if publishing.waits(article, now):
        publishing.refresh(article)  # else what readers have gives way to the new version at once
    publishing.publish(article, approval=approval, actor=actor, now=now)
    return article


@verb
def re_review(article: Article, *, actor: User, now: datetime, round: int, change_class: str) -> Article:
    """The published text before the board again, unchanged. Called by reviews.workflow once the round stands."""
    conditions.in_state(article, "re_review").enforce()
    conditions.is_as_published(article).enforce()
    article.change_class = change_class
    article._re_review()
    details = {"round": round, "digest": article.frozen_digest, "change_class": change_class}
    return _moved(article, actor, now, "re_review_opened", **details)


@verb
def reopen(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    conditions.may_reopen(article, actor).enforce()
    article._reopen()
    return _thawed(article, actor, now, "reopened", reason)


@verb
def revise(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Open the text for a new version. What is live stays live."""
    conditions.may_revise(article, actor).enforce()
    publishing.cancel_scheduled(article)
    _forget_last_change(article)
    article._revise()
    return _thawed(article, actor, now, "revision_started", reason)


@verb
def discard_revision(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Give the revision up; the text is again that of the published version."""
    conditions.may_discard_revision(article, actor).enforce()
    publication = conditions.current_publication(article)
    restore.content_of(publication, article, actor=actor)
    article.frozen_snapshot, article.frozen_digest = publication.snapshot, publication.digest
    article.frozen_html = publication.html
    article._discard_revision()
    return _moved(article, actor, now, "revision_discarded", reason=reason, restored=publication.number)


@verb
def abandon(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Put a draft away that was never published. The row and its history stay."""
    conditions.may_abandon(article, actor).enforce()
    article.abandoned_at = now
    return _moved(article, actor, now, "abandoned", reason=reason)


def refuse_for(blocking: list[preflight.Finding]) -> None:
    """Raises Refused that names the first findings and how many more there are."""
    if blocking:
        shown = " ".join(finding.message for finding in blocking[:3])
        more = len(blocking) - 3
        rest = _(" And %(count)s more.") % {"count": more} if more > 0 else ""
        raise Refused(_("Not ready: %(shown)s%(rest)s") % {"shown": shown, "rest": rest})


def free_slug(title: str) -> str:
    """An address made of the title that no article has, or ever had on the site."""
    base = slugify(title)[:100].strip("-") or "article"
    given, shown = (
        model.objects.order_by().filter(slug__startswith=base).values_list("slug", flat=True)
        for model in (Article, Publication)
    )
    taken = set(given.union(shown))
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)


def _forget_last_change(article: Article) -> None:
    """What was said of the last change isn't true of the next; in the history it is nobody's contribution."""
    if article.change_note or article.conclusions_changed is not None:
        article.change_note, article.conclusions_changed = "", None
        save(article, actor=User.system(), reason="the last version's note")


def _leave(article: Article, name: str, closed: RoundClosed | None) -> None:
    conditions.in_state(article, name).enforce()
    if article.state == ArticleState.UNDER_REVIEW and (closed is None or closed.digest != article.frozen_digest):
        raise Refused(_("The round over this text must be settled first."))


def _thawed(article: Article, actor: User, now: datetime, kind: str, reason: str) -> Article:
    digest, article.frozen_digest, article.frozen_snapshot, article.frozen_html = article.frozen_digest, "", "", {}
    return _moved(article, actor, now, kind, reason=reason, digest=digest)


def _moved(article: Article, actor: User, now: datetime, kind: str, *, reason: str = "", **data: Any) -> Article:
    _told(article, actor, now, kind, reason=reason, **data)
    publishing.refresh(article)
    return article


def _told(article: Article, actor: User, now: datetime, kind: str, *, reason: str = "", **data: Any) -> None:
    """Save the row where it is now, and record it."""
    article.state_since = now
    save(article, actor=actor, reason=reason or kind)
    record(f"article.{kind}", article.subject, actor=actor, state=str(article.state), reason=reason, **data)
