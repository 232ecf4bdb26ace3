"""What was done: the audit events about an article, its rounds, seats, objections and versions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from editorial.models import AuditEvent, User
from editorial.roles import Role
from reviews.objection_conditions import objections_to
from reviews.states import VERDICT_LABELS, VerdictKind
from reviews.timeline import words
from reviews.timeline.case import Case, Seat
from reviews.timeline.entries import EVENTS, Entry, Span

TONES = {
    "article.approved": "good",
    "article.rejected": "bad",
    "article.changes_requested": "warn",
    "article.quorum_lost": "bad",
    "publication.published": "good",
    "publication.lift": "good",
    "publication.hold": "bad",
    "publication.retract": "bad",
    "publication.remove": "bad",
    "round.unsatisfiable": "warn",
}

WITH_THE_ROUND = "round closed: "
"""How the reason begins for which seats end with their round: the line of the round says it."""

Steps = Mapping[tuple[int, str], str]
"""Why an objection took a step, by the objection and the kind of the step."""


@dataclass(frozen=True)
class Said:
    """An event with its body read once."""

    event: AuditEvent
    body: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.body["data"]

    @property
    def number(self) -> int:
        """The key of the row that it is about, or the version's number; 0 where there is none."""
        last = self.event.subject.replace("/", ":").rpartition(":")[2]
        return int(last) if last.isdecimal() else 0

    def is_by(self, user: User) -> bool:
        return bool(self.body["actor"] == str(user.uuid))

    def people(self) -> Iterable[str]:
        yield self.body["actor"]
        if editor := self.data.get("handling_editor"):
            yield editor


def of(case: Case, span: Span, group: str) -> list[Entry]:
    """At one instant alone, whoever acted then reads all that they did themselves."""
    told = words.kinds_of(group)
    kinds = told if case.is_named or span.at else [kind for kind in told if kind in words.OPEN]
    if not kinds:
        return []
    steps = _steps(case) if case.is_named and case.rounds and group in ("", words.REVIEW) else {}
    subjects = _subjects(case, steps) - (frozenset() if span.at else case.hidden)
    about = Q(subject__in=sorted(subjects)) | Q(subject__startswith=f"publication:{case.article.pk}/")
    rows = AuditEvent.objects.filter(about, span.of(EVENTS, when="at"), kind__in=kinds)
    found = [Said(row, json.loads(row.body)) for row in rows.order_by("-at", "-sequence")[: span.size]]
    seen = [said for said in found if case.is_named or said.event.kind in words.OPEN or said.is_by(case.user)]
    people = _people({uuid for said in seen for uuid in said.people()})
    return [_entry(case, said, people, steps) for said in seen]


def _subjects(case: Case, steps: Steps) -> set[str]:
    article = case.article
    own = {article.subject, f"article:{article.pk}"}  # the second is how the record of edits names it
    rounds = {f"round:{pk}" for pk in case.rounds}
    seats = {f"assignment:{pk}" for pk in case.seats}
    return own | rounds | seats | {f"objection:{pk}" for pk, _kind in steps}


def _steps(case: Case) -> dict[tuple[int, str], str]:
    found = {}
    for row in objections_to(case.article):
        found |= {(row.pk, step.kind): step.reason for step in row.steps.all()} or {(row.pk, ""): ""}
    return found


def _people(uuids: set[str]) -> dict[str, tuple[User, bool]]:
    """Users by what events call them, with whether they hold an editor's role."""
    if not uuids:
        return {}
    roles = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=[Role.EDITOR, Role.CHIEF])
    rows = User.objects.filter(uuid__in=[UUID(uuid) for uuid in uuids]).annotate(edits=Exists(roles))
    return {str(user.uuid): (user, user.edits) for user in rows}


def _entry(case: Case, said: Said, people: Mapping[str, tuple[User, bool]], steps: Steps) -> Entry:
    kind = said.event.kind
    seat = case.seats.get(said.number) if kind.startswith(("assignment.", "conflict.")) else None
    round = said.number if said.event.subject.startswith("round:") else seat.round if seat else None
    actor, edits = people.get(said.body["actor"], (None, False))
    own = actor is not None and actor.pk == case.user.pk
    group, line = words.LINES[kind]
    return Entry(
        key=(said.event.at, EVENTS, said.event.sequence),
        group=group,
        kind=kind,
        title=str(line) % _values(case, said, seat, people),
        who=case.shown(actor, round=round, edits=edits) if actor else "",
        detail=_detail(case, said, own=own),
        reason=_reason(case, said, seat, steps, told=own or edits or (actor is not None and actor.pk in case.authors)),
        tone=TONES.get(kind, ""),
    )


def _values(case: Case, said: Said, seat: Seat | None, people: Mapping[str, tuple[User, bool]]) -> dict[str, str | int]:
    editor, edits = people.get(str(said.data.get("handling_editor", "")), (None, False))
    return {
        "file": str(said.data.get("name", "")),
        "round": case.rounds.get(said.number, ""),
        "version": said.number,
        "seat": case.sits(seat) if seat else "",
        "editor": case.shown(editor, edits=edits) if editor else "",
    }


def _detail(case: Case, said: Said, *, own: bool) -> str:
    kind, data = said.event.kind, said.data
    if kind == "review.signed" and (case.is_named or own):
        return str(VERDICT_LABELS.get(VerdictKind(data["verdict"]), "")) if data.get("verdict") else ""
    if kind == "article.quorum_lost":
        return "; ".join(map(str, data.get("lacking", ())))
    return words.detail(kind, data)


def _reason(case: Case, said: Said, seat: Seat | None, steps: Steps, *, told: bool) -> str:
    """Authors read only what editors and authors wrote for them: any other reason may name a reviewer."""
    kind = said.event.kind
    if not case.is_named:
        return str(said.data.get("reason") or "") if told and kind in words.FOR_AUTHORS else ""
    if kind.startswith("objection."):
        return steps.get((said.number, kind.partition(".")[2]), "")
    if kind in ("assignment.declined", "assignment.recused") and seat is not None:
        return seat.reason
    reason = str(said.data.get("reason") or "")
    return "" if reason.startswith(WITH_THE_ROUND) else reason
