"""The verbs that people use on an article under review.

Each takes the article, locks it, settles the round where it must, and only then calls down.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from articles import lifecycle, publishing
from articles import workflow as bare
from articles.models import Article, Publication
from articles.states import ArticleState, PublicationStatus
from editorial import clock, outbox, reauth
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, ClosedPeriod, PersonalText, Specialty, User
from editorial.verbs import record, verb
from reviews import conditions, deadlines, decisions, matching, quorum, signing
from reviews.models import ConflictDeclaration, Objection, Review, ReviewAssignment, ReviewRound
from reviews.states import MEANINGS, RoundOutcome, SeatKind, VerdictKind


@verb
def open_round(
    article: Article, *, actor: User, now: datetime, members: Sequence[BoardMember], note: str = ""
) -> ReviewRound:
    """Seat a panel that can satisfy the policy, and ask it to review the frozen text.

    Raises Refused naming everyone who isn't eligible, or what the panel could never bring.
    """
    conditions.may_open_round(article, actor, now=now).enforce()
    rule = conditions.rule_for(article, now=now)
    snapshot = {**rule.snapshot(specialty=article.specialty.slug), "specialty_name": article.specialty.name}
    due = due_day(now.date(), rule.review_days)
    chosen = _eligible(article, rule, members, due=due, now=now)
    lacking = quorum.can_satisfy(quorum.Rule.from_snapshot(snapshot), [match.candidate.credentials for match in chosen])
    if lacking:
        raise Refused(_("This panel can't satisfy the policy: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    round = ReviewRound.objects.create(
        article=article,
        number=article.rounds.count() + 1,
        digest=article.frozen_digest,
        rule=snapshot,
        opened_at=now,
        opened_by=actor,
        note=note,
    )
    record(
        "round.opened",
        round.subject,
        article=str(article.uuid),
        number=round.number,
        digest=round.digest,
        rule=snapshot,
    )
    for match in chosen:
        _seat(article, round, match.member, actor=actor, now=now)
    bare.open_round(article, actor=actor, now=now, round=round.number)
    return round


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
    assignment = _fresh(assignment, article)
    conditions.may_answer(assignment, actor).enforce()
    if hasattr(assignment, "declaration"):
        raise Refused(_("You have declared already. Tell the editor if something changed."))
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
    if has_conflict:
        assignment._recuse()
        assignment.ended_at, assignment.reason = now, "declared a conflict of interest"
        record("assignment.recused", assignment.subject)
        _tell_editor(article, _("%(who)s recused from “%(title)s”."), who=actor, now=now)
    assignment.save()
    if has_conflict:
        decisions.settle(article, assignment.round, actor=User.system(), now=now)
    return assignment


@verb
def step_aside(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """“Not this one”: the member gives the seat back without a conflict."""
    assignment = _fresh(assignment, article)
    conditions.may_answer(assignment, actor).enforce()
    if not assignment.is_open:
        raise Refused(_("You have signed already; sign again if you changed your mind."))
    _end(assignment, "decline", reason=reason, now=now)
    _tell_editor(article, _("%(who)s can't review “%(title)s”: the seat is free."), who=actor, now=now)
    decisions.settle(article, assignment.round, actor=User.system(), now=now)
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
) -> Review:
    """Sign a verdict over the round's digest; the records then decide, in this same transaction.

    The article's row is locked before the review is inserted: two last votes can't miss each other.
    Raises Refused (nothing written) for whoever may not sign at this instant.
    """
    assignment = _fresh(assignment, article)
    conditions.may_sign(assignment, actor, now=now).enforce()
    conditions.comment_needed(verdict, comment).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    round = assignment.round
    note = PersonalText.objects.create(text=private_note, written_at=now) if private_note.strip() else None
    review = Review.objects.create(
        assignment=assignment,
        round=round,
        member=assignment.member,
        digest=round.digest,
        verdict=verdict,
        comment=comment,
        private_note=note,
        signed_at=now,
    )
    meaning = MEANINGS.get(VerdictKind(verdict), round.rule["attestation"])
    signature = signing.sign(actor, round=round, review=review, meaning=meaning, proof=proof, now=now)
    assignment._complete()
    assignment.ended_at = now
    assignment.save(update_fields=["state", "ended_at"])
    records = [review, signature]
    if verdict == VerdictKind.SAFETY_OBJECTION:
        records.append(_object(article, review, signature, now=now))
        _tell_editor(article, _("%(who)s raised a safety objection to “%(title)s”."), who=actor, now=now)
    record(
        "review.signed",
        round.subject,
        records=tuple(records),
        verdict=verdict,
        digest=round.digest,
        private_note=signing.committed(note),
    )
    decisions.settle(article, round, actor=User.system(), now=now)
    return review


@verb
def confirm(article: Article, *, actor: User, now: datetime, proof: reauth.Proof | None) -> Article:
    """The editor's confirmation over a quorum that stands; approves and publishes.

    Raises Refused saying what is missing, or naming a blocking finding that has come up since.
    """
    conditions.may_confirm(article, actor).enforce()
    reauth.is_fresh(proof, actor, now=now).enforce()
    round = conditions.open_round_of(article)
    decision = decisions.decision_of(round, confirmed=True)
    if not decision.satisfied:
        raise Refused(_("The quorum doesn't stand yet: %(missing)s.") % {"missing": "; ".join(decision.missing)})
    meaning = "I confirm the board's approval and take editorial responsibility for publication."
    signature = signing.sign(actor, round=round, review=None, meaning=meaning, proof=proof, now=now, act="confirm")
    record("round.confirmed", round.subject, records=(signature,), digest=round.digest)
    decisions.settle(article, round, actor=actor, now=now, confirmed=True)
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


@verb
def release(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """An editor frees a seat whose member won't review any more."""
    assignment = _fresh(assignment, article)
    conditions.may_release(assignment, actor).enforce()
    _end(assignment, "release", reason=reason, now=now)
    decisions.settle(article, assignment.round, actor=User.system(), now=now)
    return assignment


@verb
def lift(article: Article, *, actor: User, now: datetime, reason: str) -> Article:
    """Back on the site: the same digest, and its signatures must still stand."""
    conditions.article_conditions.may_lift(article, actor).enforce()
    conditions.not_contributor(article, actor).enforce()
    publication = conditions.article_conditions.current_publication(article)
    if Objection.objects.filter(article=article).still_open().exists():
        raise Refused(_("A safety objection to this article is open. It has to end first."))
    lacking = decisions.lacking_today(article, publication.digest)
    if lacking:
        raise Refused(_("Its signatures don't stand any more: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    return lifecycle.lift(article, actor=actor, now=now, reason=reason)


@verb
def publish_scheduled(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock shows a version whose day has come, after judging quorum and findings again."""
    waiting = article.publications.filter(status=PublicationStatus.SCHEDULED, publish_not_before__lte=now)
    for publication in waiting.order_by("number"):
        lacking = decisions.bars_release(publication, article, today=now.date())
        if lacking:
            _kept_back(publication, article, "; ".join(lacking), now=now)
            continue
        publishing.release(publication)
    return article


def _kept_back(publication: Publication, article: Article, reason: str, *, now: datetime) -> None:
    """Record once, and tell the editor, why a version isn't shown on its day; the clock asks every minute."""
    last = AuditEvent.objects.filter(subject=publication.subject).order_by("-sequence").first()
    if last and last.kind == "publication.not_released" and json.loads(last.body)["data"]["reason"] == reason:
        return
    record("publication.not_released", publication.subject, reason=reason)
    _tell_editor(article, _("“%(title)s” wasn't shown on its day: look at it."), who=User.system(), now=now)


def due_day(start: date, days: int) -> date:
    """``days`` after ``start``, closed periods left out."""
    closed = ClosedPeriod.objects.filter(last_day__gte=start).values_list("first_day", "last_day")
    return deadlines.due_day(start, days, closed=closed)


def _eligible(article, rule, members, *, due, now):
    by_pk = {match.member.pk: match for match in matching.matches(article, rule=rule, due=due, now=now)}
    chosen = [by_pk.get(member.pk) for member in dict.fromkeys(members)]
    barred = [
        f"{member}: {', '.join(match.reasons_against) if match else _('not on the board')}"
        for member, match in zip(dict.fromkeys(members), chosen, strict=True)
        if match is None or not match.eligible
    ]
    if barred:
        raise Refused(_("Not eligible: %(barred)s.") % {"barred": "; ".join(barred)})
    return chosen


def _seat(article: Article, round: ReviewRound, member: BoardMember, *, actor: User, now: datetime) -> None:
    today = clock.day_in(member.user.zone, now)
    assignment = ReviewAssignment(
        round=round,
        member=member,
        seat=SeatKind.REQUIRED,
        specialty=_sits_for(member, article, today),
        respond_on=due_day(today, round.rule["respond_days"]),
        review_on=due_day(today, round.rule["review_days"]),
        time_zone=member.user.time_zone,
        assigned_at=now,
        assigned_by=actor,
    )
    assignment._accept()  # acceptance is standing: the member may still step aside
    assignment.save()
    record("assignment.made", assignment.subject, member=str(member.user.uuid), review_on=assignment.review_on)
    outbox.write(
        "invitation",
        member.user,
        now=now,
        text=_("Please review “%(title)s” by %(day)s.")
        % {"title": article.title, "day": clock.shown(assignment.review_on)},
        path=assignment.get_absolute_url(),
        assignment=assignment.pk,
        note=round.note,
    )


def _sits_for(member: BoardMember, article: Article, today: date) -> Specialty | None:
    """The article's specialty where the member is qualified in it, else their own."""
    held = [credential.specialty for credential in member.valid_credentials(today)]
    return article.specialty if article.specialty in held else next(iter(held), None)


def _settle_open_round(article: Article, outcome: RoundOutcome, *, now: datetime) -> bare.RoundClosed | None:
    if article.state != ArticleState.UNDER_REVIEW:
        return None
    return decisions.close(conditions.open_round_of(article), outcome, now=now)


def _fresh(assignment: ReviewAssignment, article: Article) -> ReviewAssignment:
    """The assignment as it stands under the article's lock."""
    row = ReviewAssignment.objects.select_related("round", "member__user", "declaration").get(pk=assignment.pk)
    if row.round.article_id != article.pk:
        raise Refused(_("This seat belongs to another article."))
    row.round.article = article
    return row


def _end(assignment: ReviewAssignment, how: str, *, reason: str, now: datetime) -> None:
    {"release": assignment._release, "decline": assignment._decline}[how]()
    assignment.ended_at, assignment.reason = now, reason
    assignment.save(update_fields=["state", "ended_at", "reason"])
    record(f"assignment.{how}d", assignment.subject, reason=reason)


def _object(article: Article, review: Review, signature, *, now: datetime) -> Objection:
    specialty = review.assignment.specialty
    held = [credential["specialty"] for credential in signature.standing["credentials"]]
    if specialty is None or specialty.slug not in held:
        specialty = review.member.valid_credentials(now.date()).first().specialty
    return Objection.objects.create(
        article=article, review=review, member=review.member, specialty=specialty, reason=review.comment, raised_at=now
    )


def _tell_editor(article: Article, sentence: str, *, who: User, now: datetime) -> None:
    if article.handling_editor:
        text = sentence % {"who": who.shown_name, "title": article.title}
        outbox.write("news", article.handling_editor, now=now, text=text, path=decisions.article_path(article))
