"""What a member does on a seat: declare interests, decide, sign."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import outbox, reauth
from editorial.conditions import Refused
from editorial.models import PersonalText, User
from editorial.verbs import record, verb
from reviews import blindness, comment_conditions, conditions, decisions, seat_conditions, signing, standing
from reviews.models import ConflictDeclaration, Objection, Review, ReviewAssignment, ReviewRound
from reviews.states import MEANINGS, AssignmentState, VerdictKind
from reviews.workflow import drafts
from reviews.workflow.passing import vacate
from reviews.workflow.seating import fresh, tell_editor
from reviews.workflow.seats import accepted


@verb
def declare(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    has_conflict: bool,
    details: str = "",
    disclosure: str = "",
) -> ReviewAssignment:
    """Answer whether there is a competing interest. A conflict recuses: access ends and the editor is told."""
    assignment = fresh(assignment, article)
    conditions.may_review(assignment, actor).enforce()
    if hasattr(assignment, "declaration"):
        raise Refused(_("You have declared already. Tell the editor if something changed."))
    if has_conflict:
        seat_conditions.may_recuse(assignment, actor).enforce()
    if has_conflict and not details.strip():
        raise Refused(_("Say in a few words what the conflict is; only the editors see it."))
    written = PersonalText.objects.create(text=details, written_at=now) if details.strip() else None
    declaration = ConflictDeclaration.objects.create(
        assignment=assignment, has_conflict=has_conflict, details=written, disclosure=disclosure, declared_at=now
    )
    assignment.opened_at = assignment.opened_at or now
    record(
        "conflict.declared",
        assignment.subject,
        records=(declaration,),
        has_conflict=has_conflict,
        details=signing.committed(written),
    )
    if not has_conflict:
        _answered(assignment)
    assignment.save()
    if has_conflict:
        return vacate(assignment, "recuse", reason=_("declared a conflict of interest"), actor=actor, now=now)
    return assignment


@verb
def sign_review(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    verdict: str,
    proof: reauth.Proof | None,
    comment: str = "",
    private_note: str = "",
    checklist: Mapping[str, str] | None = None,
) -> Review:
    """Sign a verdict over the round's digest; the records then decide, in this same transaction.

    The article's row is locked before the review is inserted: two last votes can't miss each other.
    Raises Refused (nothing written) for whoever may not sign at this instant.
    """
    assignment = fresh(assignment, article)
    round = assignment.round
    conditions.may_sign(assignment, actor, now=now).enforce()
    _goes_together(article, actor, round, verdict, comment, checklist or {})
    reauth.is_fresh(proof, actor, now=now).enforce()
    review = _written(assignment, verdict, comment, private_note, checklist or {}, now=now)
    meaning = MEANINGS.get(VerdictKind(verdict), round.rule["attestation"])
    signature = signing.sign(actor, round=round, review=review, meaning=meaning, proof=proof, now=now)
    _finished(assignment, now=now)
    records = [review, signature]
    if verdict == VerdictKind.SAFETY_OBJECTION:
        records.append(_object(article, review, signature, now=now))
        _tell_of_objection(article, round, who=actor, now=now)
    record(
        "review.signed",
        round.subject,
        records=tuple(records),
        verdict=verdict,
        digest=round.digest,
        private_note=signing.committed(review.private_note),
    )
    decisions.settle(article, round, now=now)
    return review


def _goes_together(
    article: Article, actor: User, round: ReviewRound, verdict: str, comment: str, checklist: Mapping[str, str]
) -> None:
    """The verdict with its words, with the signer's own must-fix comments, and with the answers."""
    conditions.comment_needed(verdict, comment).enforce()
    comment_conditions.no_must_fix(article, actor, verdict=verdict).enforce()
    conditions.checklist_carries(round.rule, checklist, verdict=verdict).enforce()


def _tell_of_objection(article: Article, round: ReviewRound, *, who: User, now: datetime) -> None:
    """The handling editor; when it is to the very text that readers have, the chief editors with them."""
    if not standing.is_live_text(article, round.digest):
        tell_editor(article, _("%(who)s raised a safety objection to “%(title)s”."), who=who, now=now)
        return
    text = _("%(who)s raised a safety objection to “%(title)s”, to the very text that readers have now.")
    for person in blindness.addressed(article, now=now, chiefs=True):
        said = text % {"who": who.shown_name, "title": article.title}
        outbox.write("objection", person, now=now, text=said, path=decisions.article_path(article))


def _written(
    assignment: ReviewAssignment,
    verdict: str,
    comment: str,
    private_note: str,
    checklist: Mapping[str, str],
    *,
    now: datetime,
) -> Review:
    note = PersonalText.objects.create(text=private_note, written_at=now) if private_note.strip() else None
    return Review.objects.create(
        assignment=assignment,
        round=assignment.round,
        member=assignment.member,
        digest=assignment.round.digest,
        verdict=verdict,
        comment=comment,
        private_note=note,
        checklist=dict(checklist),
        signed_at=now,
    )


def _finished(assignment: ReviewAssignment, *, now: datetime) -> None:
    """The seat has given what it owed; what was kept of it has become the review."""
    _answered(assignment)
    assignment._complete()
    assignment.ended_at = now
    assignment.save(update_fields=["state", "ended_at"])
    drafts.drop(assignment, *drafts.DECISION)


def _answered(assignment: ReviewAssignment) -> None:
    """Declaring or signing is an answer to the invitation too."""
    if assignment.state == AssignmentState.INVITED:
        accepted(assignment)


def _object(article: Article, review: Review, signature, *, now: datetime) -> Objection:
    specialty = review.assignment.specialty
    held = [credential["specialty"] for credential in signature.standing["credentials"]]
    if specialty is None or specialty.slug not in held:
        specialty = review.member.valid_credentials(now.date()).first().specialty
    return Objection.objects.create(
        article=article, review=review, member=review.member, specialty=specialty, reason=review.comment, raised_at=now
    )
