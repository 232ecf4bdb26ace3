"""Copies of stories, written in bulk: each batch in one transaction, with its events at the end of the chain."""

import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from editorial.audit import event_hash
from editorial.models import AuditHead
from reviews.scale import tables
from reviews.scale.people import Person, Pool
from reviews.scale.reading import PREVIOUS, Story, values_of
from reviews.scale.tables import Table
from reviews.scale.words import remedies


class Copier:
    """Numbers rows, chooses people and words, and writes what comes of it."""

    def __init__(self, people: dict[Pool, list[Person]], numbered: list[Table], *, seed: int = 1) -> None:
        self.people = {pool: [values_of(person) for person in found] for pool, found in people.items()}
        reached = tables.reached(numbered)
        self.last = {table: reached[table.name] for table in numbered}
        self.chance = random.Random(seed)
        self.made = 0

    def write(self, stories: Iterable[Story]) -> None:
        """A copy of each, in one transaction. The head of the chain is locked throughout."""
        with transaction.atomic():
            head = AuditHead.objects.select_for_update().get(pk=1)
            written: dict[Table, list[str]] = defaultdict(list)
            for story in stories:
                values = self._values(story, head)
                for table, text in story.texts:
                    written[table].append(text.filled(values))
            for table, texts in written.items():
                table.write(texts)
            head.save(update_fields=["sequence", "hash"])
            tables.continue_after(self.last)

    def _values(self, story: Story, head: AuditHead) -> list[object]:
        """All that fills the gaps of one copy; moves the head of the chain past its events."""
        values: list[object] = [""] * story.size
        values[PREVIOUS] = head.hash
        self._words(story, values)
        for pool, place in story.people:
            values[place : place + 8] = self.chance.choice(self.people[pool])
        for table, place, count in story.rows:
            last = self.last[table]
            values[place : place + count] = range(last + 1, last + 1 + count)
            self.last[table] = last + count
        count = len(story.events)
        values[story.sequence : story.sequence + count] = range(head.sequence + 1, head.sequence + 1 + count)
        for place in story.uuids:
            values[place] = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        for place, text in story.digests:
            values[place] = hashlib.sha256(text.filled(values).encode()).hexdigest()
        for place, body in story.events:
            head.hash = values[place] = event_hash(head.hash, body.filled(values))
        head.sequence += count
        return values

    def _words(self, story: Story, values: list[object]) -> None:
        """Two names of remedies, a pair that no other copy has, and numbers of people in trials."""
        found, self.made = remedies(), self.made + 1
        first = self.made % len(found)
        second = (first + 1 + self.made // len(found)) % len(found)
        for (capital, small), word in zip(story.words, (found[first], found[second]), strict=True):
            values[capital], values[small] = word, word.lower()
        for place in story.numbers:
            values[place] = self.chance.randint(40, 4_000)
