"""Rows as the values that their seals cover, in full. Long texts stand in files of their own, named by digest."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import models

from articles.models import Publication
from editorial import audit
from editorial.models import AuditEvent
from reviews.dossier.collecting import Case
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound, Signature

Row = dict[str, Any]

MODELS = {
    "articles.Publication": "publications",
    "articles.Notice": "notices",
    "reviews.ReviewRound": "rounds",
    "reviews.ReviewAssignment": "seats",
    "reviews.ConflictDeclaration": "declarations",
    "reviews.Review": "reviews",
    "reviews.Signature": "signatures",
    "reviews.SignatureVoided": "voided",
    "reviews.SignatureKept": "kept",
    "reviews.Objection": "objections",
    "reviews.ObjectionStep": "steps",
    "reviews.ReviewComment": "comments",
    "editorial.PersonalText": "personal_texts",
}
KINDS = tuple(MODELS.values())
"""The files of ``records/``, and the names of a case's lists."""


class Full:
    """A dossier that leaves nothing out."""

    mode = "full"

    def __init__(self, case: Case) -> None:
        self.case = case
        self.names = {s.review.member_id: s.shown_name for s in case.signatures if s.review_id}

    def rows(self) -> dict[str, list[Row]]:
        """The rows of every kind, as ``records/`` holds them."""
        return {kind: [self.row(kind, item) for item in getattr(self.case, kind)] for kind in KINDS}

    def row(self, kind: str, item: models.Model) -> Row:
        label = item._meta.label
        values = json.loads(audit.canonical(audit.stored(item)))
        made = {"model": label, "pk": str(item.pk), "sealed": label in audit.SEALED, "values": values}
        if isinstance(item, Publication):
            values["snapshot"] = {"$file": text_file(item.digest)}
            values["html"] = {name: {"$file": html_file(item.digest, name)} for name in item.html}
            made["also"] = {"status": str(item.status)}
        elif isinstance(item, ReviewRound) and item.snapshot:
            values["snapshot"] = {"$file": text_file(item.digest)}
        elif isinstance(item, ReviewAssignment):
            made["also"] = {"shown": self.seat(item), "specialty": specialty_of(item)}
        elif isinstance(item, Signature):
            made["also"] = {"shown": self.signer(item)}
        elif isinstance(item, Objection):
            made["also"] = {"shown": self.objector(item), "round": item.review.round.number}
        return made

    def event(self, event: AuditEvent) -> Row:
        """One line of ``events.jsonl``: the body's very bytes."""
        return {**_link(event), "body": event.body}

    def publications(self) -> list[Publication]:
        return self.case.publications

    def reviews(self) -> list[Review]:
        return self.case.reviews

    def signatures(self) -> list[Signature]:
        return self.case.signatures

    def shows_text(self, publication: Publication) -> bool:
        return True

    def shows_round(self, round: ReviewRound) -> bool:
        return bool(round.snapshot)

    def seat(self, seat: ReviewAssignment) -> str:
        """Who sits there: the name that was signed with, else the member's."""
        return self.names.get(seat.member_id, seat.member.user.shown_name)

    def signer(self, signature: Signature) -> str:
        return signature.shown_name

    def credentials(self, signature: Signature) -> str:
        return signature.shown_credentials

    def affiliation(self, signature: Signature) -> str:
        return signature.affiliation

    def objector(self, objection: Objection) -> str:
        return self.names.get(objection.member_id, objection.member.user.shown_name)

    def actor(self, user: models.Model) -> str:
        return str(user.shown_name)

    def private(self, text: str) -> str:
        """Words that only a full dossier holds."""
        return text

    def title(self) -> str:
        return self.case.article.title


def text_file(digest: str) -> str:
    """Where the frozen text with this digest stands."""
    return f"texts/{safe(digest)}.json"


def html_file(digest: str, audience: str) -> str:
    return f"texts/{safe(digest)}-{safe(audience)}.html"


def safe(name: str) -> str:
    """A part of a file's name that no file system takes for something else, whatever a row may hold."""
    return re.sub(r"[^A-Za-z0-9-]", "_", name)[:100] or "_"


def specialty_of(seat: ReviewAssignment) -> str:
    return seat.specialty.name if seat.specialty else ""


def latest(reviews: Iterable[Review]) -> dict[tuple[int, int], Review]:
    """Of each member in each round the last review."""
    return {(review.round_id, review.member_id): review for review in sorted(reviews, key=lambda r: r.pk)}


def _link(event: AuditEvent) -> Row:
    return {"sequence": event.sequence, "previous_hash": event.previous_hash, "hash": event.hash}
