"""What editors do with an article under review: confirm, unlock, send back, reject."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles import workflow as bare
from articles.models import Article
from articles.states import ArticleState
from editorial import reauth
from editorial.conditions import Refused
from editorial.models import User
from editorial.once import asking_once
from editorial.verbs import record, verb
from reviews import conditions, decisions, signing
from reviews.states import RoundOutcome


@verb
def confirm(article: Article, *, actor: User, now: datetime, proof: reauth.Proof | None) -> Article:
    """The editor's confirmation over a quorum that stands; approves and publishes.

    Raises Refused saying what is missing, or naming a blocking finding that has come up since.
    """
    with asking_once():
        conditions.may_confirm(article, actor).enforce()
        conditions.uninterested(article, actor).enforce()
        reauth.is_fresh(proof, actor, now=now).enforce()
        round = conditions.open_round_of(article)
        decision = decisions.decision_of(round, confirmed=True)
    if not decision.satisfied:
        raise Refused(_("The quorum doesn't stand yet: %(missing)s.") % {"missing": "; ".join(decision.missing)})
    for doubt in decisions.struck_off_in(round):
        raise Refused(doubt)
    meaning = "I confirm the board's approval and take editorial responsibility for publication."
    signature = signing.sign(actor, round=round, review=None, meaning=meaning, proof=proof, now=now, act="confirm")
    record("round.confirmed", round.subject, records=(signature,), digest=round.digest)
    decisions.carry_out(article, round, decision, actor=actor, now=now, confirmed=True)
    return article


@verb
def withdraw(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Unlock for editing: the round is cancelled and none of its approvals will count."""
    conditions.may_withdraw(article, actor).enforce()
    closed = _settle_open_round(article, RoundOutcome.WITHDRAWN, now=now)
    return bare.withdraw(article, actor=actor, now=now, reason=reason, closed=closed)


@verb
def request_changes(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    conditions.may_send_back(article, actor).enforce()
    closed = _settle_open_round(article, RoundOutcome.CHANGES_REQUESTED, now=now)
    decisions.tell_authors(article, _("“%(title)s” needs changes.") % {"title": article.title}, now=now)
    return bare.request_changes(article, actor=actor, now=now, reason=reason, closed=closed)


@verb
def reject(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    conditions.may_reject(article, actor).enforce()
    closed = _settle_open_round(article, RoundOutcome.REJECTED, now=now)
    decisions.tell_authors(article, _("“%(title)s” was rejected.") % {"title": article.title}, now=now)
    return bare.reject(article, actor=actor, now=now, reason=reason, closed=closed)


def _settle_open_round(article: Article, outcome: RoundOutcome, *, now: datetime) -> bare.RoundClosed | None:
    if article.state != ArticleState.UNDER_REVIEW:
        return None
    return decisions.close(conditions.open_round_of(article), outcome, now=now)
