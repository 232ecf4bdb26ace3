"""Which signatures of a withdrawn round may stand for the same text in the next one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article
from editorial.conditions import Condition, Refused, unless
from editorial.models.policy import ChangeClass
from editorial.verbs import record
from reviews import eligibility, matching
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.states import APPROVING, RoundOutcome, SeatKind


def may_carry(article: Article, previous: ReviewRound | None, rule: Mapping[str, Any]) -> Condition:
    """The last round was withdrawn over this very text, under the very same rule, and nothing asks for fresh eyes.

    A reaffirmation, and the round that follows a hold, are about looking again: nothing is carried into them.
    """
    withdrawn = previous is not None and previous.outcome == RoundOutcome.WITHDRAWN
    again = article.follow_up_required or article.change_class == ChangeClass.REAFFIRMATION
    return (
        unless(withdrawn, _("Only signatures of a round that was withdrawn can be carried over."))
        & unless(
            previous is None or previous.digest == article.frozen_digest,
            _("The text isn't the one that was signed."),
        )
        & unless(previous is None or previous.rule == rule, _("The rule isn't the one under which they signed."))
        & unless(not again, _("This text has to be looked at afresh, so no signature is carried over."))
    )


def offered(article: Article, rule: Mapping[str, Any], *, now: datetime) -> list[Review]:
    """Approvals of the last round that may be carried: they stand, and their signers might sign today."""
    previous = article.rounds.order_by("-number").first()
    if not may_carry(article, previous, rule):
        return []
    rows = Review.objects.filter(round=previous).select_related(
        "member__user", "assignment__specialty", "signature__voided", "carried_from__signature__voided"
    )
    latest = {review.member_id: review for review in rows.order_by("pk")}
    standing = [r for r in latest.values() if r.verdict in APPROVING and not hasattr(original(r).signature, "voided")]
    if not standing:
        return []
    subject = matching.subject_of(article)
    today = now.date()
    return [
        review
        for review in standing
        if not eligibility.standing_reasons(matching.candidate_of(review.member, article=article, today=today), subject)
    ]


def checked(article: Article, rule: Mapping[str, Any], wanted: Sequence[Review], *, now: datetime) -> list[Review]:
    """The wanted reviews as they stand. Raises Refused when one of them may not be carried."""
    if not wanted:
        return []
    may_carry(article, article.rounds.order_by("-number").first(), rule).enforce()
    found = {review.pk: review for review in offered(article, rule, now=now)}
    barred = sorted({str(review.member) for review in wanted if review.pk not in found})
    if barred:
        sentence = _("These signatures can't be carried over: %(names)s. They have to sign again.")
        raise Refused(sentence % {"names": ", ".join(barred)})
    return [found[pk] for pk in dict.fromkeys(review.pk for review in wanted)]


def original(review: Review) -> Review:
    """The review whose signature this one stands on."""
    return review.carried_from or review


def carry(review: Review, assignment: ReviewAssignment) -> Review:
    """An explicit row of the new round, on a seat that is complete; the signature stays where it was given."""
    first = original(review)
    assignment.seat = SeatKind.REQUIRED
    assignment._accept()
    assignment._complete()
    assignment.ended_at = assignment.assigned_at
    assignment.save()
    row = Review.objects.create(
        assignment=assignment,
        round=assignment.round,
        member=review.member,
        digest=assignment.round.digest,
        verdict=first.verdict,
        comment=first.comment,
        checklist=first.checklist,
        carried_from=first,
        signed_at=first.signed_at,
    )
    record(
        "assignment.made",
        assignment.subject,
        member=str(review.member.user.uuid),
        seat=str(assignment.seat),
        rank=0,
        review_on=assignment.review_on,
    )
    record(
        "review.carried",
        assignment.round.subject,
        records=(row,),
        verdict=row.verdict,
        digest=row.digest,
        carried_from=first.pk,
        round=first.round.number,
    )
    return row
