"""``dossier.json``: what the records come to, in words that the one-page summary shows as well."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Publication
from articles.page import rule_text
from editorial import clock
from reviews.dossier.records import Full, latest, specialty_of
from reviews.models import Objection, Review, ReviewRound, Signature
from reviews.panel import STATE_LABELS
from reviews.states import APPROVING, VERDICT_LABELS, VerdictKind

SCHEMA = 1
OUTCOMES = {
    "": "Open",
    "approved": "Approved",
    "changes_requested": "Changes requested",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}


def of(reading: Full, *, now: datetime) -> dict[str, Any]:
    """Everything but the counts, the chain and the verification, which are known once the files are written."""
    case = reading.case
    voided = {row.signature_id: row for row in case.voided}
    kept = {row.signature_id: row for row in case.kept}
    return {
        "schema": SCHEMA,
        "mode": reading.mode,
        "made_at": now.isoformat(),
        "made_at_shown": instant(now),
        "site": settings.SITE_NAME,
        "article": {
            "uuid": str(case.article.uuid),
            "slug": case.article.slug,
            "title": reading.title(),
            "address": f"{settings.PUBLIC_URL}/articles/{case.article.slug}/",
        },
        "versions": [_version(reading, publication) for publication in reading.publications()],
        "rounds": [_round(reading, round) for round in case.rounds],
        "signatures": [_signature(reading, s, voided, kept) for s in reading.signatures()],
        "objections": [_objection(reading, objection) for objection in case.objections],
        "notices": [
            {
                "version": next(p.number for p in case.publications if p.pk == notice.publication_id),
                "kind": str(notice.get_kind_display()),
                "text": notice.text,
                "by": notice.shown_name,
                "issued_at": instant(notice.issued_at),
            }
            for notice in case.notices
        ],
    }


def instant(value: datetime) -> str:
    """With the publisher's zone: 14 March 2026, 09:00 UTC."""
    local = timezone.localtime(value)
    return f"{day(local.date())}, {local:%H:%M:%S %Z}"


def day(value: date | None) -> str:
    return clock.shown(value) if value else ""


def dissent(approving: int, signed: int, objections: int) -> str:
    """How a round's members decided, dissent included: Approved 3 of 4, one recorded objection."""
    said = _("Approved %(approving)s of %(signed)s") % {"approving": approving, "signed": signed}
    if objections == 1:
        said += ", " + _("one recorded objection")
    elif objections:
        said += ", " + _("%(count)s recorded objections") % {"count": objections}
    return said


def _version(reading: Full, publication: Publication) -> dict[str, Any]:
    shown = reading.shows_text(publication)
    return {
        "number": publication.number,
        "title": publication.title if shown else None,
        "status": str(publication.status),
        "digest": publication.digest,
        "change_class": publication.change_class,
        "change_class_shown": str(publication.get_change_class_display()),
        "change_note": publication.change_note if shown else "",
        "basis": str(publication.basis),
        "reviewed_version": publication.reviewed_version,
        "restored_from": publication.restored_from,
        "editorial_responsibility": publication.editorial_responsibility,
        "published_at": instant(publication.published_at),
        "last_updated": day(publication.last_updated),
        "last_reviewed": day(publication.last_reviewed),
        "next_review_due": day(publication.next_review_due),
        "literature_current_to": day(publication.literature_current_to),
        "round": publication.evidence.get("round"),
        "signatures": [s["id"] for s in publication.evidence.get("signatures", ())],
        "audiences": sorted(publication.html) if shown else [],
    }


def _round(reading: Full, round: ReviewRound) -> dict[str, Any]:
    case = reading.case
    mine = {member: review for (pk, member), review in latest(case.reviews).items() if pk == round.pk}
    objections = sum(objection.review.round_id == round.pk for objection in case.objections)
    approving = sum(review.verdict in APPROVING for review in mine.values())
    return {
        "number": round.number,
        "digest": round.digest,
        "change_class": round.rule.get("change_class", ""),
        "asks": rule_text(round.rule),
        "opened_at": instant(round.opened_at),
        "opened_by": reading.actor(round.opened_by),
        "closed_at": instant(round.closed_at) if round.closed_at else "",
        "outcome": round.outcome,
        "outcome_shown": OUTCOMES.get(round.outcome, round.outcome),
        "decision": dissent(approving, len(mine), objections) if mine else _("Nobody has signed"),
        "note": reading.private(round.note),
        "seats": [
            {
                "who": reading.seat(seat),
                "specialty": specialty_of(seat),
                "kind": seat.seat,
                "state": str(seat.state),
                "state_shown": STATE_LABELS.get(seat.state, str(seat.state)),
                "reason": reading.private(seat.reason),
                "verdict": _verdict(mine.get(seat.member_id)),
                "comment": reading.private(mine[seat.member_id].comment) if seat.member_id in mine else "",
            }
            for seat in case.seats
            if seat.round_id == round.pk
        ],
    }


def _verdict(review: Review | None) -> str:
    if review is None:
        return ""
    label = VERDICT_LABELS[VerdictKind(review.verdict)]
    return (
        _("%(verdict)s (carried over from an earlier round)") % {"verdict": label} if review.carried_from_id else label
    )


def _signature(reading: Full, signature: Signature, voided: dict[int, Any], kept: dict[int, Any]) -> dict[str, Any]:
    standing = _("stands")
    if signature.pk in voided:
        row = voided[signature.pk]
        standing = _("voided on %(at)s") % {"at": instant(row.at)}
        if reading.private(row.reason):
            standing += f": {row.reason}"
    elif signature.pk in kept:
        standing = _("looked at and kept on %(at)s") % {"at": instant(kept[signature.pk].at)}
    rounds = {round.pk: round.number for round in reading.case.rounds}
    return {
        "id": signature.pk,
        "name": reading.signer(signature),
        "credentials": reading.credentials(signature),
        "specialty": ", ".join(signature.shown_specialties),
        "affiliation": reading.affiliation(signature),
        "act": signature.standing.get("act", ""),
        "meaning": signature.meaning,
        "digest": signature.digest,
        "signed_at": signature.signed_at.isoformat(),
        "signed_at_shown": instant(signature.signed_at),
        "round": rounds.get(signature.round_id),
        "standing": standing,
    }


def _objection(reading: Full, objection: Objection) -> dict[str, Any]:
    steps = sorted(objection.steps.all(), key=lambda step: (step.at, step.pk))
    said = {
        "withdrawn": _("withdrawn by its author"),
        "adjudicated": _("adjudicated by a peer off the panel"),
        "confirmed": _("the adjudication was confirmed by a chief editor"),
    }
    return {
        "by": reading.objector(objection),
        "specialty": objection.specialty.name,
        "round": objection.review.round.number,
        "raised_at": instant(objection.raised_at),
        "reason": reading.private(objection.reason),
        "open": objection.is_open,
        "steps": [
            {
                "kind": step.kind,
                "said": said[step.kind],
                "by": reading.actor(step.by),
                "at": instant(step.at),
                "reason": reading.private(step.reason),
            }
            for step in steps
        ],
    }
