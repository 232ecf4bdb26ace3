"""Which signatures stand under what readers have, who may withdraw one, and how long a page may do without."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.conditions import YES, Condition, unless
from editorial.models import User
from editorial.once import once
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
    return standing_ones().filter(Q(running=True) | Q(current=True))


def standing_ones() -> QuerySet[Signature]:
    """Approving signatures that stand, in a round that runs or under any version, also one that was superseded.

    Each says whether it is ``running``, and whether a ``current`` version stands on it.
    """
    reviewed = Publication.objects.filter(
        article=OuterRef("article"), number=OuterRef("reviewed_version"), digest=OuterRef(OuterRef("digest"))
    )
    version = Publication.objects.filter(article=OuterRef("round__article")).filter(
        Q(digest=OuterRef("digest")) | Exists(reviewed)
    )
    carried = Review.objects.filter(carried_from=OuterRef("review"))
    approved = Q(round__outcome=RoundOutcome.APPROVED) | Exists(carried.filter(round__outcome=RoundOutcome.APPROVED))
    running = Q(round__closed_at=None) | Exists(carried.filter(round__closed_at=None))
    return (
        Signature.objects.filter(_COUNTING, voided=None)
        .exclude(round=None)
        .alias(published=ExpressionWrapper(Q(Exists(version)) & approved, output_field=BooleanField()))
        .annotate(
            running=ExpressionWrapper(running, output_field=BooleanField()),
            current=ExpressionWrapper(
                Q(Exists(version.filter(status__in=CURRENT))) & approved, output_field=BooleanField()
            ),
        )
        .filter(Q(published=True) | Q(running=True))
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
    return standing_ones().filter(signer=user).order_by("-signed_at")


def seen_by(user: User, rows: QuerySet[Signature]) -> QuerySet[Signature]:
    """Without those to articles on whose open panel this person sits: another chief editor decides on them."""
    return rows.exclude(round__article__in=ReviewAssignment.objects.held_by(user).values("round__article"))


def undecided(article: Article) -> QuerySet[Signature]:
    """Approvals of members who were struck off, until a chief editor withdraws each or lets it stand."""
    rows = Signature.objects.filter(
        _COUNTING, round__article=article, signer__board_member__struck_off_at__isnull=False
    )
    return rows.filter(kept=None, voided=None).order_by("signed_at")


def under(article: Article) -> QuerySet[Signature]:
    return standing_ones().filter(round__article=article).order_by("signed_at")


def may_void(signature: Signature, user: User) -> Condition:
    """Its signer or a chief editor; approvals alone, for taking a physician's “no” away would overrule them."""
    theirs = signature.signer_id == user.pk and user.is_active
    return (
        unless(theirs or is_chief(user), _("Only whoever signed it, or a chief editor, may withdraw a signature."))
        & (YES if theirs else not_seated(signature.round.article, user))
        & _counts(signature)
    )


def may_keep(signature: Signature, user: User) -> Condition:
    return not_seated(signature.round.article, user) & may_be_kept(signature, user) & _counts(signature)


def may_be_kept(signature: Signature, user: User) -> Condition:
    """Of a signature that stands: whether it waits for this person to decide."""
    member = getattr(signature.signer, "board_member", None)
    return (
        unless(is_chief(user), _("Only a chief editor decides what becomes of such a signature."))
        & unless(signature.signer_id != user.pk, _("It is your own signature; another chief editor has to decide."))
        & unless(member is not None and member.struck_off_at, _("Whoever signed it wasn't struck off the board."))
        & unless(not hasattr(signature, "kept"), _("A chief editor has let this signature stand already."))
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
            standing_ones().filter(pk=signature.pk).exists(),
            _("Nothing that readers have or had stands on this signature."),
        )
    )


@once
def withdrawn_from(publication: Publication) -> dict[int, date]:
    """The withdrawn ones among the signatures that a publication shows, with the day of withdrawal."""
    return withdrawn_from_each([publication])[0]


def withdrawn_from_each(publications: Sequence[Publication]) -> list[dict[int, date]]:
    """The same for several, in one query."""
    shown = [[signature["id"] for signature in each.evidence["signatures"]] for each in publications]
    rows = SignatureVoided.objects.filter(signature__in={pk for pks in shown for pk in pks})
    days = {pk: timezone.localtime(at).date() for pk, at in rows.values_list("signature_id", "at")}
    return [{pk: days[pk] for pk in pks if pk in days} for pks in shown]


def lost_lately(article: Article, *, now: datetime) -> bool:
    """The live version lost its quorum to a withdrawn signature so short a time ago that it may still stand."""
    lost = article.quorum_lost_at
    if lost is None or now - lost >= WITHOUT_QUORUM:
        return False
    return SignatureVoided.objects.filter(signature__round__article=article, at=lost).exists()


def is_live_text(article: Article, digest: str) -> bool:
    """Readers have this very text now."""
    return Publication.objects.filter(article=article, status=PublicationStatus.LIVE, digest=digest).exists()


def is_over(day: date, *, now: datetime) -> bool:
    """``day`` has passed in the publisher's time zone."""
    return timezone.localtime(now).date() > day
