"""How a safety objection ends: its author withdraws it, or a peer off the panel adjudicates and a chief confirms."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article
from articles.states import ArticleState
from editorial import outbox, reauth
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import record, verb
from reviews import blindness, conditions, decisions, objection_conditions, signing
from reviews.models import Objection, ObjectionStep


@verb
def withdraw_objection(
    article: Article, *, actor: User, now: datetime, objection: Objection, reason: str, proof: reauth.Proof | None
) -> Article:
    """Its author takes the objection back, which may publish: nobody does so in a browser that was left open."""
    objection = _fresh(objection, article)
    objection_conditions.may_withdraw_objection(objection, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    _step(objection, ObjectionStep.Kind.WITHDRAWN, actor, reason, now=now)
    return _go_on(article, now=now)


@verb
def adjudicate(
    article: Article, *, actor: User, now: datetime, objection: Objection, reason: str, proof: reauth.Proof | None
) -> Article:
    """A peer in the same specialty signs a reasoned adjudication. It ends nothing until a chief confirms."""
    objection = _fresh(objection, article)
    objection_conditions.may_adjudicate(objection, actor, now=now).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    meaning = "I examined this safety objection and find that it doesn't stand against publication."
    digest = article.frozen_digest or objection.review.digest
    signature = signing.sign(
        actor, round=None, review=None, meaning=meaning, proof=proof, now=now, act="adjudicate", digest=digest
    )
    _step(objection, ObjectionStep.Kind.ADJUDICATED, actor, reason, now=now, signature=signature)
    for chief in blindness.addressed(article, now=now, editor=False, chiefs=True):
        text = _("An objection to “%(title)s” was adjudicated; it waits for a chief editor.") % {"title": article.title}
        outbox.write("news", chief, now=now, text=text, path=decisions.article_path(article), urgency="urgent")
    return article


@verb
def confirm_adjudication(
    article: Article, *, actor: User, now: datetime, objection: Objection, reason: str, proof: reauth.Proof | None
) -> Article:
    """A chief editor confirms the adjudication; the objection ends."""
    objection = _fresh(objection, article)
    objection_conditions.may_confirm_adjudication(objection, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    _step(objection, ObjectionStep.Kind.CONFIRMED, actor, reason, now=now)
    return _go_on(article, now=now)


def _fresh(objection: Objection, article: Article) -> Objection:
    row = (
        Objection.objects.select_related("specialty", "member__user", "review")
        .prefetch_related("steps")
        .get(pk=objection.pk)
    )
    if row.article_id != article.pk:
        raise Refused(_("This objection belongs to another article."))
    row.article = article
    return row


def _step(
    objection: Objection, kind: str, actor: User, reason: str, *, now: datetime, signature: object = None
) -> None:
    if not reason.strip():
        raise Refused(_("Give the reason in a sentence or two."))
    step = ObjectionStep.objects.create(
        objection=objection, kind=kind, by=actor, reason=reason, signature=signature, at=now
    )
    records = (step, signature) if signature else (step,)
    record(f"objection.{kind}", objection.subject, records=records, article=str(objection.article.uuid))


def _go_on(article: Article, *, now: datetime) -> Article:
    """With the objection gone the quorum may stand."""
    round = conditions.open_round_of(article)
    if article.state == ArticleState.UNDER_REVIEW and round is not None:
        decisions.settle(article, round, now=now)
    return article
