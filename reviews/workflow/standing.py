"""A signature that no longer stands, or that stands although its signer was struck off; and what follows."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles import lifecycle, publishing
from articles.models import Article
from articles.states import ArticleState, PublicationStatus
from editorial import outbox, reauth
from editorial.conditions import Refused
from editorial.models import User
from editorial.roles import is_board
from editorial.verbs import record, save, verb
from reviews import blindness, conditions, decisions, standing
from reviews.models import ReviewAssignment, Signature, SignatureKept, SignatureVoided
from reviews.standing import to_check
from reviews.workflow.passing import vacate
from reviews.workflow.seating import due_day, tell_editor

__all__ = ["hold_without_full_review", "hold_without_quorum", "keep_signature", "to_check", "void_signature"]

_IN_DOUBT = (PublicationStatus.LIVE, PublicationStatus.ON_HOLD)


@verb
def void_signature(
    article: Article,
    *,
    actor: User,
    now: datetime,
    signature: Signature,
    reason: str,
    proof: reauth.Proof | None,
) -> SignatureVoided:
    """Withdraw an approval or a confirmation. It counts no more from this instant; the row itself stays.

    A seat in a round that runs owes its review again. A live page that loses its quorum says so at once.
    """
    signature = _fresh(signature, article)
    standing.may_void(signature, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    waiting = standing.in_running_round(signature)
    voided = SignatureVoided.objects.create(signature=signature, by=actor, reason=_said(reason), at=now)
    record("signature.voided", article.subject, records=(voided,), signature=signature.pk, reason=reason)
    for review in waiting:
        _owes_again(review.assignment, now=now)
        tell_editor(article, _("%(who)s's approval of “%(title)s” was withdrawn."), who=signature.signer, now=now)
    _look_at_quorum(article, actor=actor, now=now)
    publishing.refresh(article, every=True)
    return voided


@verb
def keep_signature(
    article: Article, *, actor: User, now: datetime, signature: Signature, reason: str, proof: reauth.Proof | None
) -> SignatureKept:
    """A chief editor looked at what a member who was struck off signed, and lets it stand; which may publish."""
    signature = _fresh(signature, article)
    standing.may_keep(signature, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    kept = SignatureKept.objects.create(signature=signature, by=actor, reason=_said(reason), at=now)
    record("signature.kept", article.subject, records=(kept,), signature=signature.pk, reason=reason)
    round = conditions.open_round_of(article)
    if round is not None and article.state == ArticleState.UNDER_REVIEW:
        decisions.settle(article, round, now=now)
    return kept


@verb
def hold_without_quorum(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock takes a page down that lost its quorum 14 days ago; anything else it leaves alone."""
    lost = article.quorum_lost_at
    if lost is None or now - lost < standing.WITHOUT_QUORUM or not _is_live(article):
        return article
    reason = _("A signature under it was withdrawn 14 days ago, and the board hasn't confirmed it since.")
    return lifecycle.hold_by_clock(article, actor=actor, now=now, reason=reason, cause="quorum_not_regained")


@verb
def hold_without_full_review(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock takes an urgent version down whose day for the full panel's review has passed."""
    due = article.full_review_by
    if due is None or not standing.is_over(due, now=now) or not _is_live(article):
        return article
    reason = _("It was mended at short notice, and the full panel hasn't reviewed it in time.")
    return lifecycle.hold_by_clock(article, actor=actor, now=now, reason=reason, cause="full_review_missed")


def _is_live(article: Article) -> bool:
    return article_conditions.current_status(article) == PublicationStatus.LIVE


def _fresh(signature: Signature, article: Article) -> Signature:
    """The signature as it stands under the article's lock."""
    rows = Signature.objects.select_related("round", "review__assignment__member__user", "signer__board_member")
    row = rows.get(pk=signature.pk)
    if row.round is None or row.round.article_id != article.pk:
        raise Refused(_("This signature belongs to another article."))
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Give the reason in a sentence or two."))
    return reason


def _owes_again(assignment: ReviewAssignment, *, now: datetime) -> None:
    """The seat waits for a review again, with the whole time for it; it ends when its member left the board."""
    member = assignment.member
    assignment._reopen()
    assignment.ended_at = None
    assignment.review_on = due_day(now.date(), assignment.round.rule["review_days"])
    assignment.due_version += 1
    record("assignment.reopened", assignment.subject, review_on=assignment.review_on)
    assignment.save()
    if not (is_board(member.user) and member.is_serving(now.date())):
        reason = "signature withdrawn, and no longer on the board"
        vacate(assignment, "release", reason=reason, actor=User.system(), now=now)


def _look_at_quorum(article: Article, *, actor: User, now: datetime) -> None:
    """Mark a page, live or on hold, that lost its quorum, and tell whoever has to see to it."""
    publication = article_conditions.current_publication(article)
    if publication is None or publication.status not in _IN_DOUBT or article.quorum_lost_at:
        return
    lacking = decisions.lacking_today(publication)
    if not lacking:
        return
    article.quorum_lost_at = now
    save(article, actor=actor, reason="quorum lost")
    record("article.quorum_lost", article.subject, version=publication.number, lacking=list(lacking))
    text = _("“%(title)s” lost its quorum: a signature was withdrawn. Ask the board to confirm it within 14 days.")
    if publication.status == PublicationStatus.ON_HOLD:
        text = _("“%(title)s”, on hold, lost its quorum: a signature was withdrawn. The full panel has to sign.")
    for person in blindness.addressed(article, now=now, chiefs=True):
        said = text % {"title": publication.title}
        outbox.write("news", person, now=now, text=said, path=decisions.article_path(article), urgency="urgent")
