"""Every row that concerns one article, read once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from articles.models import Article, Notice, Publication
from articles.states import PublicationStatus
from articles.versions import was_shown
from editorial.models import AuditEvent, PersonalText
from reviews.models import (
    ConflictDeclaration,
    Objection,
    ObjectionStep,
    Review,
    ReviewAssignment,
    ReviewComment,
    ReviewRound,
    Signature,
    SignatureKept,
    SignatureVoided,
)


@dataclass
class Case:
    """An article and its rows, each kind in the order of its numbers. The text of versions stays in the rows."""

    article: Article
    publications: list[Publication]
    notices: list[Notice]
    rounds: list[ReviewRound]
    seats: list[ReviewAssignment]
    declarations: list[ConflictDeclaration]
    reviews: list[Review]
    signatures: list[Signature]
    voided: list[SignatureVoided]
    kept: list[SignatureKept]
    objections: list[Objection]
    steps: list[ObjectionStep]
    comments: list[ReviewComment]
    personal_texts: list[PersonalText]
    shown: set[int] = field(default_factory=set)
    """Numbers of the versions that readers ever had."""

    def events(self) -> Iterator[AuditEvent]:
        """The events about the article and these rows, in order."""
        exact = [
            self.article.subject,
            *(row.subject for row in (*self.rounds, *self.seats, *self.objections, *self.comments)),
            *(f"review:{row.pk}" for row in self.reviews),
            *(f"signature:{row.pk}" for row in self.signatures),
        ]
        concerned = Q(subject__in=exact) | Q(subject__startswith=f"publication:{self.article.pk}/")
        return AuditEvent.objects.filter(concerned).order_by("sequence").iterator(chunk_size=500)


def collect(article: Article) -> Case:
    """Read everything about the article. Call it under the article's lock, so that the parts fit each other."""
    publications = list(article.publications.select_related("article").order_by("number"))
    signatures = list(
        Signature.objects.filter(
            Q(round__article=article)
            | Q(review__round__article=article)
            | Q(objection_step__objection__article=article)
        )
        .select_related("signer")
        .distinct()
        .order_by("pk")
    )
    reviews = list(Review.objects.filter(round__article=article).select_related("member__user").order_by("pk"))
    declarations = list(ConflictDeclaration.objects.filter(assignment__round__article=article).order_by("pk"))
    texts = [r.private_note_id for r in reviews] + [row.details_id for row in declarations]
    return Case(
        article=article,
        publications=publications,
        notices=list(Notice.objects.filter(publication__article=article).order_by("pk")),
        rounds=list(article.rounds.select_related("opened_by").order_by("number")),
        seats=list(
            ReviewAssignment.objects.filter(round__article=article)
            .select_related("member__user", "specialty")
            .order_by("pk")
        ),
        declarations=declarations,
        reviews=reviews,
        signatures=signatures,
        voided=list(SignatureVoided.objects.filter(signature__in=signatures).select_related("by").order_by("pk")),
        kept=list(SignatureKept.objects.filter(signature__in=signatures).select_related("by").order_by("pk")),
        objections=list(
            article.objections.select_related("member__user", "specialty", "review__round")
            .prefetch_related("steps__by")
            .order_by("pk")
        ),
        steps=list(ObjectionStep.objects.filter(objection__article=article).select_related("by").order_by("pk")),
        comments=list(ReviewComment.objects.filter(article=article).select_related("author").order_by("pk")),
        personal_texts=list(PersonalText.objects.filter(pk__in=[pk for pk in texts if pk]).order_by("pk")),
        shown={p.number for p in publications if p.status != PublicationStatus.SCHEDULED and was_shown(p)},
    )
