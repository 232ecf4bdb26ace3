"""What a redacted dossier shows: only what is listed here, and names only where readers saw them.

A hash over known values and one short secret can be guessed back. So whatever would make the hash of a
withheld event guessable (the actor's number, the seals of rows that are shown in part) is withheld as well.
"""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from articles.models import Publication
from articles.states import PublicationStatus
from editorial.models import AuditEvent, User
from reviews.dossier.collecting import Case
from reviews.dossier.records import Full, Row, latest, specialty_of
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound, Signature

ALL = frozenset({"*"})
KEPT = {
    "publications": ALL,
    "notices": ALL,
    "rounds": frozenset(
        {"id", "article_id", "number", "digest", "snapshot", "rule", "opened_at", "closed_at", "outcome"}
    ),
    "seats": frozenset({"id", "round_id", "member_id", "state", "seat", "rank", "assigned_at", "ended_at"}),
    "reviews": frozenset(
        {"id", "assignment_id", "round_id", "member_id", "digest", "verdict", "carried_from_id", "signed_at"}
    ),
    "signatures": frozenset(
        {"id", "review_id", "round_id", "meaning", "shown_specialties", "standing", "digest", "signed_at"}
    ),
    "voided": frozenset({"id", "signature_id", "at"}),
    "kept": frozenset({"id", "signature_id", "at"}),
    "objections": frozenset({"id", "raised_at"}),
    "steps": frozenset({"id", "objection_id", "kind", "at"}),
}
"""The fields of each kind of row that are shown. A kind that isn't named is left out as a whole."""

WORDS = frozenset({"title", "snapshot", "html", "change_note"})
"""Fields of a version that hold its words."""

PUBLIC = frozenset({"shown_name", "shown_credentials", "affiliation", "disclosure"})
"""Fields of a signature that are shown where readers saw them."""

PLAIN_DATA = frozenset(
    {"state", "status", "digest", "round", "number", "outcome", "by", "restored", "change_class", "article"}
)
"""What an event's body may say and still be shown."""


class Redacted(Full):
    """A dossier for outsiders."""

    mode = "redacted"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        shown = self.publications()
        self.public = {s["id"] for p in shown for s in p.evidence.get("signatures", ())}
        self.readable = {p.digest for p in shown if self.shows_text(p)}
        self.rounds = {round.pk: round for round in case.rounds}
        carried = {review.carried_from_id for review in case.reviews}
        lasting = latest(case.reviews).values()
        self.kept_reviews = [r for r in case.reviews if r in lasting or r.pk in carried]
        self.under = {s.review_id: s for s in case.signatures if s.review_id}
        self.named = {
            (review.round_id, review.member_id): self.under[review.carried_from_id or review.pk].shown_name
            for review in lasting
            if self.under[review.carried_from_id or review.pk].pk in self.public
        }
        self.numbers = _numbered(case.seats)
        self.clock = str(User.system().uuid)

    def rows(self) -> dict[str, list[Row]]:
        chosen: dict[str, Any] = {kind: getattr(self.case, kind) for kind in KEPT}
        chosen |= {"publications": self.publications(), "reviews": self.reviews(), "signatures": self.signatures()}
        signatures = {signature.pk for signature in self.signatures()}
        for kind in ("voided", "kept"):
            chosen[kind] = [row for row in chosen[kind] if row.signature_id in signatures]
        shown = {kind: [self.row(kind, item) for item in items] for kind, items in chosen.items()}
        return {"declarations": [], "comments": [], "personal_texts": [], **shown}

    def row(self, kind: str, item: models.Model) -> Row:
        made = super().row(kind, item)
        kept = KEPT[kind]
        if isinstance(item, Publication) and not self.shows_text(item):
            kept = frozenset(made["values"]) - WORDS
        if isinstance(item, ReviewRound) and not self.shows_round(item):
            kept -= {"snapshot"}
        if isinstance(item, Signature) and item.pk in self.public:
            kept |= PUBLIC
        values = {name: value for name, value in made["values"].items() if kept == ALL or name in kept}
        if isinstance(item, ReviewAssignment | Review):
            values["member_id"] = f"{self.rounds[item.round_id].number}/{self.numbers[item.round_id, item.member_id]}"
        if isinstance(item, Signature):
            values["standing"] = _public_standing(item.standing)
        replaced = {name for name in values if values[name] != made["values"][name]}
        withheld = sorted(made["values"].keys() - values.keys() | replaced)
        return {**made, "values": values, **({"withheld": withheld} if withheld else {})}

    def event(self, event: AuditEvent) -> Row:
        line = super().event(event)
        if _says_nothing_private(event.body, by=self.clock):
            return line
        del line["body"]
        return {**line, "withheld": True, "kind": event.kind, "subject": event.subject, "at": event.at.isoformat()}

    def publications(self) -> list[Publication]:
        return [p for p in self.case.publications if p.number in self.case.shown]

    def reviews(self) -> list[Review]:
        return self.kept_reviews

    def signatures(self) -> list[Signature]:
        shown = {review.pk for review in self.kept_reviews}
        return [s for s in self.case.signatures if s.review_id is None or s.review_id in shown]

    def shows_text(self, publication: Publication) -> bool:
        """Not while it is on hold; after a removal not a word of any version."""
        removed = any(p.status == PublicationStatus.REMOVED for p in self.case.publications)
        return not removed and publication.status != PublicationStatus.ON_HOLD

    def shows_round(self, round: ReviewRound) -> bool:
        return bool(round.snapshot) and round.digest in self.readable

    def seat(self, seat: ReviewAssignment) -> str:
        place = (seat.round_id, seat.member_id)
        return self.named.get(place) or self._hidden(self.numbers[place], specialty_of(seat))

    def signer(self, signature: Signature) -> str:
        if signature.pk in self.public:
            return signature.shown_name
        if signature.review_id:
            place = (signature.round_id, signature.review.member_id)
            return self._hidden(self.numbers[place], ", ".join(signature.shown_specialties))
        acts = {"confirm": _("An editor"), "adjudicate": _("An adjudicator")}
        return acts.get(signature.standing.get("act", ""), _("A member of staff"))

    def credentials(self, signature: Signature) -> str:
        return signature.shown_credentials if signature.pk in self.public else ""

    def affiliation(self, signature: Signature) -> str:
        return signature.affiliation if signature.pk in self.public else ""

    def objector(self, objection: Objection) -> str:
        """Without a number: a reviewer whose name readers know may have objected before approving."""
        return _("A reviewer, %(specialty)s") % {"specialty": objection.specialty.name.lower()}

    def actor(self, user: models.Model) -> str:
        return str(_("withheld"))

    def private(self, text: str) -> str:
        return ""

    def title(self) -> str:
        readable = [p.title for p in self.publications() if self.shows_text(p)]
        return readable[-1] if readable else self.case.article.slug

    def _hidden(self, number: int, specialty: str) -> str:
        return _("Reviewer %(number)s, %(specialty)s") % {"number": number, "specialty": specialty.lower() or "–"}


def _numbered(seats: list[ReviewAssignment]) -> dict[tuple[int, int], int]:
    """Each round's members from 1, afresh in each round: nobody is recognised from one round to the next."""
    numbers: dict[tuple[int, int], int] = {}
    for seat in seats:
        place = (seat.round_id, seat.member_id)
        numbers.setdefault(place, 1 + sum(round == seat.round_id for round, _member in numbers))
    return numbers


def _public_standing(standing: dict[str, Any]) -> dict[str, Any]:
    """What the quorum needs of a signer's standing; neither licence nor dates."""
    held = [{"specialty": credential["specialty"]} for credential in standing.get("credentials", ())]
    return {"act": standing.get("act", ""), "roles": standing.get("roles", []), "credentials": held}


def _says_nothing_private(body: str, *, by: str) -> bool:
    """Said by the clock, in listed words alone, and sealing nothing."""
    try:
        said = json.loads(body)
        data, actor, records = said["data"], said["actor"], said["records"]
    except (ValueError, KeyError, TypeError):
        return False
    plain = {name for name, value in data.items() if name != "reason" or value}
    return plain <= PLAIN_DATA and not records and actor == by
