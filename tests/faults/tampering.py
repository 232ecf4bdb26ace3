"""Random changes to recorded rows, as somebody makes them who has every right on every table and no trigger stops."""

import json
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from editorial import anchors, audit, registry
from editorial.audit import Problem
from editorial.models import AuditEvent, AuditHead

MOVED_BY_VERBS = {"articles.Publication": {"status"}}


@dataclass(frozen=True)
class Tampering:
    """What was done, and how a problem must name it."""

    kind: str
    names: str
    said: str


class Nothing(Exception):
    """There was nothing to change in this way; another is tried."""


class Tamperer:
    """Picks a way at random. ``anchors``: the file and the public key against which the chain is held too."""

    def __init__(self, seed: int, file: Path, public: bytes) -> None:
        self.random = random.Random(seed)
        self.file, self.public = file, public
        self.ways: tuple[Callable[[], Tampering], ...] = (
            *(self.change, self.change, self.change, self.delete, self.insert, self.swap),
            *(self.event, self.event_gone, self.events_swapped, self.event_put_in, self.tail, self.tail_and_head),
            *(self.rewritten, self.head, self.status, self.page, self.text, self.round),
        )

    def run(self, times: int, counts: Counter[str]) -> Iterator[str]:
        """Tamper, verify, put back; gives a sentence for each that wasn't found, or not by its row's name."""
        while times:
            try:
                with transaction.atomic():
                    done = self.random.choice(self.ways)()
                    problems = self.problems()
                    transaction.set_rollback(True)
            except (Nothing, DatabaseError):
                continue  # a constraint stood in the way, as it would in anybody's
            times -= 1
            counts[done.kind] += 1
            if not any(done.names in problem.row for problem in problems):
                yield f"{done.said}: {[f'{problem.row}: {problem.message}' for problem in problems[:3]]}"

    def problems(self) -> list[Problem]:
        """As `verify` asks, the dearest last: once something is found the rest isn't asked."""
        found = [*audit.verify(), *anchors.problems([self.file], self.public)]
        for name, check in registry.checks().items():
            if not found and name not in ("triggers", "changes"):
                try:
                    found.extend(check())
                except Exception as error:  # as verify does: a check that can't be finished is a finding
                    found.append(Problem("this check", repr(error)))
        return found

    # Rows that are sealed

    def change(self) -> Tampering:
        label, pk = self.row()
        moved = {f.attname for f in self.meta(label).concrete_fields if f.name in MOVED_BY_VERBS.get(label, ())}
        field = self.random.choice([f for f in self.meta(label).concrete_fields if f.attname not in moved])
        self.set(label, pk, field)
        return Tampering("change", f"{label} {pk}", f"{label} {pk}.{field.attname}")

    def delete(self) -> Tampering:
        label, pk = self.row()
        self.execute(f'DELETE FROM "{self.meta(label).db_table}" WHERE {self.pk(label)} = %s', pk)
        return Tampering("delete", f"{label} {pk}", f"{label} {pk} deleted")

    def insert(self) -> Tampering:
        label, pk = self.row()
        meta = self.meta(label)
        new = uuid.UUID(int=self.random.getrandbits(128)) if isinstance(meta.pk, models.UUIDField) else 900_000
        unique = [f for f in meta.concrete_fields if f.unique and not f.primary_key]
        columns = [f for f in meta.concrete_fields if not f.primary_key]
        taken = ", ".join(self.fresh_sql(f) if f in unique else f'"{f.column}"' for f in columns)
        names = ", ".join(f'"{f.column}"' for f in columns)
        table = meta.db_table
        self.execute(
            f'INSERT INTO "{table}" ({self.pk(label)}, {names}) SELECT %s, {taken} FROM "{table}"'
            f" WHERE {self.pk(label)} = %s",
            *(new, pk),
        )
        return Tampering("insert", f"{label} {new}", f"{label} {new} put in")

    def swap(self) -> Tampering:
        """Two rows change places: each now stands under the other's number."""
        label = self.random.choice(sorted(audit.SEALED))
        pks = list(apps.get_model(label)._base_manager.values_list("pk", flat=True))
        if len(pks) < 2:
            raise Nothing
        one, other = self.random.sample(pks, 2)
        table, pk = self.meta(label).db_table, self.pk(label)
        for old, new in ((one, 900_001), (other, one), (900_001, other)):
            self.execute(f'UPDATE "{table}" SET {pk} = %s WHERE {pk} = %s', new, old)
        return Tampering("swap", f"{label} {one}", f"{label} {one} and {other} swapped")

    # The chain

    def event(self) -> Tampering:
        pk = self.sequence()
        field = self.random.choice([f for f in AuditEvent._meta.concrete_fields if not f.primary_key])
        self.set("editorial.AuditEvent", pk, field)
        return Tampering("event", f"AuditEvent {pk}", f"event {pk}.{field.attname}")

    def event_gone(self) -> Tampering:
        pk = self.random.randint(1, self.last() - 1)
        self.execute("DELETE FROM editorial_auditevent WHERE sequence = %s", pk)
        return Tampering("event gone", f"AuditEvent {pk + 1}", f"event {pk} deleted")

    def events_swapped(self) -> Tampering:
        one, other = self.random.sample(range(1, self.last() + 1), 2)
        for old, new in ((one, 900_001), (other, one), (900_001, other)):
            self.execute("UPDATE editorial_auditevent SET sequence = %s WHERE sequence = %s", new, old)
        return Tampering("events swapped", f"AuditEvent {one}", f"events {one} and {other} swapped")

    def event_put_in(self) -> Tampering:
        """A further event at the end, well made, but the head doesn't know it."""
        last = AuditEvent.objects.get(pk=self.last())
        body = json.dumps({**json.loads(last.body), "sequence": last.pk + 1}, sort_keys=True, separators=(",", ":"))
        values = (last.pk + 1, body, last.hash, audit.event_hash(last.hash, body), last.at, last.kind, last.subject)
        self.execute(f"INSERT INTO editorial_auditevent ({EVENT}) VALUES (%s, %s, %s, %s, %s, %s, %s)", *values)
        return Tampering("event put in", "AuditHead 1", "an event put in at the end")

    def tail(self) -> Tampering:
        first = self.sequence()
        self.execute("DELETE FROM editorial_auditevent WHERE sequence >= %s", first)
        return Tampering("tail cut", "AuditHead 1", f"cut from {first}")

    def tail_and_head(self) -> Tampering:
        """Only what was signed elsewhere knows of the events that are gone."""
        first = self.random.randint(2, self.last())
        self.execute("DELETE FROM editorial_auditevent WHERE sequence >= %s", first)
        known = AuditEvent.objects.get(pk=first - 1)
        AuditHead.objects.update(sequence=known.pk, hash=known.hash)
        return Tampering("tail and head cut", "AuditEvent ", f"cut from {first}, the head with it")

    def rewritten(self) -> Tampering:
        """From one event on the whole chain is made anew, the head too: each link holds."""
        first = self.sequence()
        before = AuditEvent.objects.get(pk=first).previous_hash
        for event in AuditEvent.objects.filter(pk__gte=first):
            said = json.loads(event.body)
            if event.pk == first:
                said["actor"] = str(uuid.UUID(int=self.random.getrandbits(128)))
            body = audit.canonical(said)
            values = (body, before, before := audit.event_hash(before, body), event.pk)
            sets = "body = %s, previous_hash = %s, hash = %s"
            self.execute(f"UPDATE editorial_auditevent SET {sets} WHERE sequence = %s", *values)
        AuditHead.objects.update(hash=before)
        return Tampering("rewritten", "AuditEvent ", f"made anew from {first}")

    def head(self) -> Tampering:
        if self.random.random() < 0.2:
            self.execute("DELETE FROM editorial_audithead")
        elif self.random.random() < 0.5:
            AuditHead.objects.update(sequence=self.last() + self.random.choice((-1, 1, 5)))
        else:
            AuditHead.objects.update(hash=f"{self.random.getrandbits(256):064x}")
        return Tampering("head", "AuditHead 1", "the head")

    # What other checks hold against the events

    def status(self) -> Tampering:
        publication = self.any("articles.Publication")
        others = {"live", "on_hold", "retired", "retracted", "removed", "superseded"} - {publication.status}
        new = self.random.choice(sorted(others))
        self.execute("UPDATE articles_publication SET status = %s WHERE id = %s", new, publication.pk)
        return Tampering("status", f"articles.Publication {publication.pk}", f"status of {publication.pk}: {new}")

    def page(self) -> Tampering:
        page = self.any("articles.PublicPage")
        field = page._meta.get_field(self.random.choice(("main_html", "title", "status")))
        self.set("articles.PublicPage", page.pk, field)
        return Tampering("page", f"articles.Publication {page.publication_id}", f"page {page.pk}.{field.name}")

    def text(self) -> Tampering:
        text = self.any("editorial.PersonalText")
        field = text._meta.get_field(self.random.choice(("text", "salt")))
        self.set("editorial.PersonalText", text.pk, field)
        return Tampering("personal text", f"editorial.PersonalText {text.pk}", f"text {text.pk}.{field.name}")

    def round(self) -> Tampering:
        row = self.any("reviews.ReviewRound")
        field = row._meta.get_field(self.random.choice(("digest", "rule", "snapshot")))
        self.set("reviews.ReviewRound", row.pk, field)
        return Tampering("round", f"reviews.ReviewRound {row.pk}", f"round {row.pk}.{field.name}")

    # How

    def meta(self, label: str) -> Any:
        return apps.get_model(label)._meta

    def pk(self, label: str) -> str:
        return f'"{self.meta(label).pk.column}"'

    def any(self, label: str) -> Any:
        rows = list(apps.get_model(label)._base_manager.order_by("pk"))
        if not rows:
            raise Nothing
        return self.random.choice(rows)

    def row(self) -> tuple[str, Any]:
        label = self.random.choice(sorted(audit.SEALED))
        return label, self.any(label).pk

    def last(self) -> int:
        return AuditHead.objects.values_list("sequence", flat=True).get(pk=1)

    def sequence(self) -> int:
        return self.random.randint(1, self.last())

    def set(self, label: str, pk: Any, field: Any) -> None:
        """Give one column of one row another value of its type. Raises Nothing where that stores the same."""
        table, key = self.meta(label).db_table, self.pk(label)
        old = apps.get_model(label)._base_manager.values_list(field.attname, flat=True).get(pk=pk)
        new = self.other(field, old)
        if new == old:
            raise Nothing
        value = field.get_db_prep_save(new, connection)
        self.execute(f'UPDATE "{table}" SET "{field.column}" = %s WHERE {key} = %s', value, pk)

    def other(self, field: Any, old: Any) -> Any:
        if isinstance(field, models.JSONField):
            return {**old, "x": 1} if isinstance(old, dict) else [*(old or []), "x"]
        if isinstance(old, bool) or isinstance(field, models.BooleanField):
            return not old
        if isinstance(old, (datetime, date)):
            return old + timedelta(days=self.random.choice((-1, 1)))
        if isinstance(field, models.DateTimeField):
            return datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        if isinstance(field, models.DateField):
            return date(2026, 1, 1)
        if isinstance(old, uuid.UUID):
            return uuid.UUID(int=self.random.getrandbits(128))
        if isinstance(field, (models.ForeignKey, models.IntegerField, models.AutoField)):
            return (old or 0) + self.random.randint(1, 9)
        return self.other_text(str(old or ""), getattr(field, "max_length", None))

    def other_text(self, old: str, longest: int | None) -> str:
        """One character more, less, or another."""
        place, letter = self.random.randrange(len(old) + 1), self.random.choice("abcxyz0123 .")
        ways = [
            old[:place] + letter + old[place:],
            old[:place] + letter + old[place + 1 :],
            old[:place] + old[place + 1 :],
        ]
        return self.random.choice(ways)[:longest]

    def fresh_sql(self, field: Any) -> str:
        if isinstance(field, models.UUIDField):
            return f"'{uuid.UUID(int=self.random.getrandbits(128))}'"
        return "900000" if not isinstance(field, models.CharField) else "'fresh'"

    def execute(self, statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            if not cursor.rowcount:
                raise Nothing


EVENT = "sequence, body, previous_hash, hash, at, kind, subject"
