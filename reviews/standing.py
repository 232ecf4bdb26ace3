"""Which signatures stand under what readers have, who may withdraw one, and how long a page may do without."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.conditions import YES, Condition, unless
from editorial.models import User
from editorial.roles import is_chief
from reviews.conditions import not_seated
from reviews.models import Review, ReviewAssignment, Signature, SignatureVoided
from reviews.states import APPROVING, RoundOutcome

WITHOUT_QUORUM = timedelta(days=14)
"""How long a page stays live after a withdrawn signature took its quorum."""

CURRENT = (
    PublicationStatus.LIVE,
    PublicationStatus.ON_HOLD,
    PublicationStatus.RETIRED,
    PublicationStatus.RETRACTED,
    PublicationStatus.SCHEDULED,
)
"""Versions that readers have or are to have."""

_COUNTING = Q(review__verdict__in=sorted(APPROVING)) | Q(review=None, standing__act="confirm")
"""Approvals and confirmations. A verdict against publication is never taken away."""


def counting() -> QuerySet[Signature]:
    """Approving signatures that stand, in a round that runs or under a version that is current."""
    reviewed = Publication.objects.filter(
        article=OuterRef("article"), number=OuterRef("reviewed_version"), digest=OuterRef(OuterRef("digest"))
    )
    current = Publication.objects.filter(article=OuterRef("round__article"), status__in=CURRENT).filter(
        Q(digest=OuterRef("digest")) | Exists(reviewed)
    )
    carried = Review.objects.filter(carried_from=OuterRef("review"))
    approved = Q(round__outcome=RoundOutcome.APPROVED) | Exists(carried.filter(round__outcome=RoundOutcome.APPROVED))
    running = Q(round__closed_at=None) | Exists(carried.filter(round__closed_at=None))
    return (
        Signature.objects.filter(_COUNTING, (Q(Exists(current)) & approved) | running, voided=None)
        .exclude(round=None)
        .select_related("round__article", "review", "signer__board_member", "voided", "kept")
    )


def in_running_round(signature: Signature) -> list[Review]:
    """The reviews of rounds that run which stand on this signature and are their member's last word there."""
    own = Q(pk=signature.review_id) | Q(carried_from=signature.review_id)
    rows = Review.objects.filter(own, round__closed_at=None).select_related("assignment__member__user", "round")
    later = Review.objects.filter(round=OuterRef("round"), member=OuterRef("member"), pk__gt=OuterRef("pk"))
    return list(rows.exclude(Exists(later))) if signature.review_id else []


def to_check() -> QuerySet[Signature]:
    """Approvals by members who were struck off, under what readers have: a chief editor voids or keeps each."""
    return counting().filter(signer__board_member__struck_off_at__isnull=False, kept=None).order_by("signed_at")


def own(user: User) -> QuerySet[Signature]:
    """What this person signed and may withdraw."""
    return counting().filter(signer=user).order_by("-signed_at")


def seen_by(user: User, rows: QuerySet[Signature]) -> QuerySet[Signature]:
    """Without those to articles on whose open panel this person sits: another chief editor decides on them."""
    return rows.exclude(round__article__in=ReviewAssignment.objects.held_by(user).values("round__article"))


def under(article: Article) -> QuerySet[Signature]:
    return counting().filter(round__article=article).order_by("signed_at")


def may_void(signature: Signature, user: User) -> Condition:
    """Its signer or a chief editor; approvals alone, for taking a physician's “no” away would overrule them."""
    theirs = signature.signer_id == user.pk and user.is_active
    return (
        unless(theirs or is_chief(user), _("Only whoever signed it, or a chief editor, may withdraw a signature."))
        & (YES if theirs else not_seated(signature.round.article, user))
        & _counts(signature)
    )


def may_keep(signature: Signature, user: User) -> Condition:
    member = getattr(signature.signer, "board_member", None)
    return (
        unless(is_chief(user), _("Only a chief editor decides what becomes of such a signature."))
        & unless(signature.signer_id != user.pk, _("It is your own signature; another chief editor has to decide."))
        & not_seated(signature.round.article, user)
        & unless(member is not None and member.struck_off_at, _("Whoever signed it wasn't struck off the board."))
        & unless(not hasattr(signature, "kept"), _("A chief editor has let this signature stand already."))
        & _counts(signature)
    )


def _counts(signature: Signature) -> Condition:
    approving = (
        signature.review.verdict in APPROVING if signature.review_id else signature.standing.get("act") == "confirm"
    )
    return (
        unless(not hasattr(signature, "voided"), _("This signature was withdrawn already."))
        & unless(
            approving, _("Only an approval or a confirmation can be withdrawn; a “no” stands until it is answered.")
        )
        & unless(
            counting().filter(pk=signature.pk).exists(),
            _("Nothing that readers have stands on this signature any more."),
        )
    )


def withdrawn_from(publication: Publication) -> dict[int, date]:
    """The withdrawn ones among the signatures that a publication shows, with the day of withdrawal."""
    shown = [signature["id"] for signature in publication.evidence["signatures"]]
    rows = SignatureVoided.objects.filter(signature__in=shown).values_list("signature_id", "at")
    return {pk: timezone.localtime(at).date() for pk, at in rows}


def lost_lately(article: Article, *, now: datetime) -> bool:
    """The live version lost its quorum to a withdrawn signature so short a time ago that it may still stand."""
    lost = article.quorum_lost_at
    if lost is None or now - lost >= WITHOUT_QUORUM:
        return False
    return SignatureVoided.objects.filter(signature__round__article=article, at=lost).exists()


def is_over(day: date, *, now: datetime) -> bool:
    """``day`` has passed in the publisher's time zone."""
    return timezone.localtime(now).date() > day
