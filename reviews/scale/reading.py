"""A told story as text with gaps: everything that its rows, digests, seals and events are made of."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps

from articles import citations, content, rendering
from articles.models import PublicPage
from editorial import audit
from editorial.models import AuditEvent, User
from reviews.scale import tables
from reviews.scale.gaps import WITHIN_THE_MINUTE, Gapped, gapped, marks_in
from reviews.scale.people import Person, Pool
from reviews.scale.tables import Table

PREVIOUS = 0
"""The place of the hash that the story's first event follows."""


@dataclass
class Story:
    """What a copy needs, in the order in which it is worked out. Places are indexes into a copy's list of values."""

    kind: str
    quiet: int = 0
    """Days since its last step."""
    size: int = 1
    words: list[tuple[int, int]] = field(default_factory=list)
    """Of each made-up word: with a capital, and without."""
    numbers: list[int] = field(default_factory=list)
    second: int = 0
    """The place of what stands for ``WITHIN_THE_MINUTE``."""
    people: list[tuple[Pool, int]] = field(default_factory=list)
    """Of each person the first of eight places: see ``values_of``."""
    rows: list[tuple[Table, int, int]] = field(default_factory=list)
    """Of each table the first place of its rows' numbers, and how many."""
    sequence: int = 0
    uuids: list[int] = field(default_factory=list)
    digests: list[tuple[int, Gapped]] = field(default_factory=list)
    events: list[tuple[int, Gapped]] = field(default_factory=list)
    texts: list[tuple[Table, Gapped]] = field(default_factory=list)


def values_of(person: Person) -> tuple[object, ...]:
    """What takes the eight places of a person."""
    given, family = person.given, person.family
    return (person.user, person.uuid, given, given.lower(), family, family.lower(), person.member, person.shown)


@dataclass
class Reader:
    """Reads one story. ``low`` and ``high``: the numbers between which its rows lie, by table; the events' apart."""

    people: dict[Pool, Person]
    tables: list[Table]
    low: dict[str, int]
    high: dict[str, int]
    first_event: int
    last_event: int
    frozen: list[str]
    """Every snapshot that the story submitted."""
    places: dict[str, int] = field(default_factory=dict)

    def read(self, story: Story, words: list[str], numbers: list[int]) -> Story:
        self.story = story
        self._known(words, numbers)
        found = self._rows()
        events = list(AuditEvent.objects.filter(sequence__gt=self.first_event, sequence__lte=self.last_event))
        self._digests()
        seals = [text for event in events for text in self._seals(event)]
        chain = [self._place(event.hash) for event in events]
        event_rows = tables.events().read(self.first_event, self.last_event)
        self._identities([*(text for _table, text in found), event_rows])
        for place, text in self._hashed:
            story.digests.append((place, gapped(text, self.places)))
        for place, text in seals:
            story.digests.append((place, gapped(text, self.places)))
        story.events = [(p, gapped(event.body, self.places)) for p, event in zip(chain, events, strict=True)]
        story.texts = [(table, gapped(text, self.places)) for table, text in (*found, (tables.events(), event_rows))]
        return story

    def _place(self, mark: str) -> int:
        """Its place among a copy's values; a new one the first time."""
        if mark not in self.places:
            self.places[mark] = self.story.size
            self.story.size += 1
        return self.places[mark]

    def _known(self, words: list[str], numbers: list[int]) -> None:
        story = self.story
        story.words = [(self._place(word), self._place(word.lower())) for word in words]
        story.numbers = [self._place(str(number)) for number in numbers]
        story.second = self._place(WITHIN_THE_MINUTE)
        for pool, person in self.people.items():
            story.people.append((pool, story.size))
            for value in values_of(person):
                self.places[str(value)] = story.size
                story.size += 1
        self.places.update(
            {str(uuid): -1 for uuid in User.objects.filter(kind="system").values_list("uuid", flat=True)}
        )
        before = AuditEvent.objects.filter(sequence=self.first_event).values_list("hash", flat=True).first()
        self.places[before or _head_before(self.first_event)] = PREVIOUS

    def _rows(self) -> list[tuple[Table, str]]:
        """The story's rows of each table; every number that it could have gets a place, also where its row is gone."""
        found, story = [], self.story
        for table in self.tables:
            low, high = self.low[table.name], self.high[table.name]
            if high <= low:
                continue
            story.rows.append((table, story.size, high - low))
            for number in range(low + 1, high + 1):
                self._place(str(number))
            if text := table.read(low, high):
                found.append((table, text))
        story.sequence = story.size
        for number in range(self.first_event + 1, self.last_event + 1):
            self._place(str(number))
        return found

    def _own(self, model: type, key: str = "pk") -> Iterator:  # type: ignore[type-arg]
        name = model._meta.db_table  # type: ignore[attr-defined]
        return model._base_manager.filter(pk__gt=self.low[name], pk__lte=self.high[name]).order_by("pk").iterator()  # type: ignore[attr-defined, no-any-return]

    def _digests(self) -> None:
        """What is hashed, in order: each text's HTML, each snapshot, and what each page shows."""
        self._hashed: list[tuple[int, str]] = []
        snapshots = list(dict.fromkeys(self.frozen))
        for text in snapshots:
            for html, sha in _html_of(text):
                self._hash(html, sha)
        for text in snapshots:
            self._hash(text, content.digest(text))
        for page in self._own(PublicPage):
            self._hash(f"{page.status}\n{page.digest}\n{page.head_html}\n{page.main_html}", page.fingerprint)

    def _hash(self, text: str, expected: str) -> None:
        if hashlib.sha256(text.encode()).hexdigest() != expected:
            raise ValueError(f"a digest isn't made of what this code thinks: {text[:200]}")
        if expected not in self.places:
            self._hashed.append((self._place(expected), text))

    def _seals(self, event: AuditEvent) -> Iterator[tuple[int, str]]:
        for record in json.loads(event.body)["records"]:
            row = apps.get_model(record["model"])._base_manager.get(pk=record["pk"])
            text = audit.canonical(audit.stored(row))
            if hashlib.sha256(text.encode()).hexdigest() != record["sha256"]:
                raise ValueError(f"{record['model']} {record['pk']} isn't what its event recorded")
            yield self._place(record["sha256"]), text

    def _identities(self, texts: list[str]) -> None:
        """Every UUID that is nobody's yet is the story's own, so each copy gets another."""
        for text in texts:
            for mark in marks_in(text):
                if len(mark) == 36 and mark not in self.places:
                    self.story.uuids.append(self._place(mark))


def _html_of(snapshot: str) -> Iterator[tuple[str, str]]:
    """The HTML of each text of a snapshot, with its digest."""
    said = content.parse(snapshot)
    known = {citation["key"] for citation in said["citations"]}
    for variant in said["variants"]:
        numbers = citations.numbers_of(variant["markdown"])
        resolved = {key: number for key, number in numbers.items() if key in known}
        rendered = rendering.render(variant["markdown"], audience=variant["audience"], numbers=resolved)
        yield rendered.html, variant["html_sha256"]


def _head_before(sequence: int) -> str:
    """The hash that the first event after ``sequence`` follows."""
    return AuditEvent.objects.values_list("previous_hash", flat=True).get(sequence=sequence + 1)
