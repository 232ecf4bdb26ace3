"""Copies of stories, worked out in batches: the rows of each table as text, the events at the end of the chain."""

import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from editorial.audit import event_hash
from reviews.scale.people import Person, Pool
from reviews.scale.reading import PREVIOUS, Story, values_of
from reviews.scale.tables import Table
from reviews.scale.words import remedies


@dataclass
class Ends:
    """Where the installation stands: the last number of each table, and of the chain its last event's and its hash."""

    rows: dict[str, int]
    sequence: int
    hash: str


@dataclass
class Batch:
    """``made``: how many copies there are with these. ``ends``: where the installation stands after them."""

    made: int
    ends: Ends
    rows: dict[Table, bytes]


class Copier:
    """Numbers rows, and chooses people and words. Asks the database nothing."""

    def __init__(self, people: dict[Pool, list[Person]], ends: Ends, *, seed: int = 1) -> None:
        self.people = {pool: [values_of(person) for person in found] for pool, found in people.items()}
        self.ends = ends
        self.chance = random.Random(seed)
        self.remedies = remedies()
        self.made = 0

    def copies(self, stories: Iterable[Story]) -> Batch:
        """A copy of each."""
        written: dict[Table, list[str]] = defaultdict(list)
        for story in stories:
            values = self._values(story)
            for table, text in story.texts:
                written[table].append(text.filled(values))
        rows = {table: "".join(texts).encode() for table, texts in written.items()}
        return Batch(self.made, self.ends, rows)

    def _values(self, story: Story) -> list[object]:
        """All that fills the gaps of one copy; moves the ends past its rows and events."""
        values: list[object] = [""] * story.size
        ends = self.ends
        values[PREVIOUS] = ends.hash
        self._words(story, values)
        for pool, place in story.people:
            values[place : place + 8] = self.chance.choice(self.people[pool])
        for table, place, count in story.rows:
            last = ends.rows[table.name]
            values[place : place + count] = range(last + 1, last + 1 + count)
            ends.rows[table.name] = last + count
        count = len(story.events)
        values[story.sequence : story.sequence + count] = range(ends.sequence + 1, ends.sequence + 1 + count)
        for place in story.uuids:
            values[place] = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        for place, text in story.digests:
            values[place] = hashlib.sha256(text.filled(values).encode()).hexdigest()
        for place, body in story.events:
            ends.hash = values[place] = event_hash(ends.hash, body.filled(values))
        ends.sequence += count
        return values

    def _words(self, story: Story, values: list[object]) -> None:
        """Two names of remedies, a pair that no other copy has, numbers of people in trials, and a second."""
        found, self.made = self.remedies, self.made + 1
        first = self.made % len(found)
        second = (first + 1 + self.made // len(found)) % len(found)
        for (capital, small), word in zip(story.words, (found[first], found[second]), strict=True):
            values[capital], values[small] = word, word.lower()
        for place in story.numbers:
            values[place] = self.chance.randint(40, 4_000)
        values[story.second] = f"{self.chance.randrange(60):02}.{self.chance.randrange(10**5):05}1"
