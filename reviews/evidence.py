"""What readers are shown of a round: who signed what, when, with which standing."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from articles.models import Article
from reviews.models import Review, ReviewRound, Signature
from reviews.states import APPROVING, VERDICT_LABELS, VerdictKind


def of(article: Article, round: ReviewRound) -> dict[str, Any]:
    """The evidence that a publication keeps. Only approving reviews make anyone a reviewer of the page."""
    latest = {s.review.member_id: s for s in signatures_of(round).filter(voided=None)}
    approving = [s for s in latest.values() if s.review.verdict in APPROVING]
    verdicts = [s.review.verdict for s in latest.values()]
    return {
        "round": round.number,
        "digest": round.digest,
        "reviewers": [{"name": s.shown_name, "credentials": s.shown_credentials} for s in approving],
        "signatures": [shown(s) for s in [*approving, *confirmations_in([round]).order_by("id")]],
        "edited_by": [article.handling_editor.shown_name] if article.handling_editor else [],
        "verdicts": {kind: verdicts.count(kind) for kind in sorted(set(verdicts))},
        **_objections(article, round),
    }


def _objections(article: Article, round: ReviewRound) -> dict[str, int]:
    """How many safety objections the article ever had, and how many were raised in this round; all have ended."""
    here = Count("pk", filter=Q(review__round=round))
    return dict(article.objections.aggregate(objections_ended=Count("pk"), objections=here))


def carried(own: dict[str, Any], reviewed: dict[str, Any] | None) -> dict[str, Any]:
    """The evidence of a typographic version: the review that happened, and after it what was signed in this round.

    Signing a typographic change makes nobody a reviewer of the page.
    """
    earlier = reviewed or {"reviewers": [], "signatures": [], "verdicts": {}, "digest": ""}
    return {
        **own,
        "reviewers": earlier["reviewers"],
        "signatures": [*earlier["signatures"], *own["signatures"]],
        "verdicts": earlier["verdicts"],
        "objections": earlier.get("objections", 0),
        "reviewed_digest": earlier["digest"],
    }


def signatures_of(round: ReviewRound) -> QuerySet[Signature]:
    """The signatures that the round's reviews stand on, those carried over from an earlier round included.

    Found by their reviews: with “or” between the two ways the database reads every signature there ever was.
    """
    given = Review.objects.filter(round=round).order_by()
    carried = given.exclude(carried_from=None).values("carried_from")
    rows = Signature.objects.filter(review__in=given.values("pk").union(carried, all=True))
    return rows.select_related("review__private_note", "review__member").order_by("id")


def confirmations_in(rounds: Collection[ReviewRound]) -> QuerySet[Signature]:
    """Editors' confirmations that stand."""
    return Signature.objects.filter(round__in=rounds, review=None, voided=None, standing__act="confirm")


def shown(signature: Signature) -> dict[str, Any]:
    """One signature as every human-readable form shows it: name, credentials, meaning, time, digest."""
    verdict = VERDICT_LABELS[VerdictKind(signature.review.verdict)] if signature.review_id else ""
    return {
        "id": signature.pk,
        "name": signature.shown_name,
        "credentials": signature.shown_credentials,
        "specialty": ", ".join(signature.shown_specialties),
        "affiliation": signature.affiliation,
        "meaning": signature.meaning,
        "verdict": verdict,
        "disclosure": signature.disclosure,
        "digest": signature.digest,
        "signed_at": signature.signed_at.isoformat(),
    }


def responsible(article: Article) -> str:
    """Who holds editorial responsibility for the version (EU AI Act, art. 50(4))."""
    editor = article.handling_editor
    return f"{editor.shown_name}, {settings.SITE_NAME}" if editor else settings.SITE_NAME
