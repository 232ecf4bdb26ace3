"""Makes the installation: what stands before any article, the stories, the people, and the copies."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Protocol

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from articles.models import Article, PublicTopic, Reference, Topic
from editorial import clock, presets
from editorial.models import AuditHead, BoardMember, Specialty, User
from editorial.roles import Role
from editorial.verbs import record, work
from reviews.demo.cast import SPECIALTIES
from reviews.scale import people, stories, tables
from reviews.scale.bare import bare
from reviews.scale.copying import Copier, Ends
from reviews.scale.elsewhere import made_elsewhere
from reviews.scale.gaps import FIRST_EVENT, WITHIN_THE_MINUTE
from reviews.scale.people import POOLS, Person, Pool
from reviews.scale.reading import Reader, Story
from reviews.scale.stories import Planned
from reviews.scale.telling import SUBJECTS, Teller
from reviews.scale.words import Marks, name

BATCH = 250
SOURCES = 120
NUMBERS = (1_599_000_001, 1_599_000_002, 1_599_000_003)
"""The marks of the three numbers in a story's text."""

EVENT = "installation.loaded"


class _Undone(Exception):
    """Raised on purpose, so that nothing of the stories themselves stays."""


class Watcher(Protocol):
    """Is told how far a load has come."""

    def told(self, stories: int) -> None: ...

    def copied(self, articles: int) -> None: ...

    def made_again(self, done: int, of: int) -> None: ...


def load(total: int, watcher: Watcher) -> None:
    """``total`` articles into an empty database. Raises CommandError in words where it can't be.

    All of it is one transaction: whatever ends it early leaves the database as it was, with all that guards it.
    """
    _refuse_unless_ready()
    with transaction.atomic():
        _quickly()
        today = clock.now().date()
        with work(actor=User.system()):
            _ground(today)
            call_command("setup_roles", stdout=StringIO())
            record(EVENT, "installation", articles=total)
        told = _told(total)
        watcher.told(sum(map(len, told.values())))
        copier = Copier(_crowd(total, today), _ends())
        filled = {table.name for stories in told.values() for story in stories for table, _text in story.texts}
        with bare(sorted(filled), told=watcher.made_again):
            _copy(copier, _batches(total, told), watcher)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _quickly() -> None:
    """Until the transaction ends. Compressing long texts would else be most of the work, and waiting for locks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('load_scale'))")
        if not cursor.fetchone()[0]:
            raise CommandError("Another load of this database runs, or is being undone. Wait for it, then try again.")
        cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL default_toast_compression = 'lz4'")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL jit = off")


def _copy(copier: Copier, batches: Iterable[list[Story]], watcher: Watcher) -> None:
    """Write every batch, and let chain and numbers go on after the last."""
    for batch in made_elsewhere(map(copier.copies, batches)):
        for table, rows in batch.rows.items():
            table.write(rows)
        watcher.copied(batch.made)
    AuditHead.objects.filter(pk=1).update(sequence=batch.ends.sequence, hash=batch.ends.hash)
    tables.continue_after(batch.ends.rows)


def _ends() -> Ends:
    head = AuditHead.objects.select_for_update().get(pk=1)
    return Ends(tables.reached(tables.numbered()), head.sequence, head.hash)


def _refuse_unless_ready() -> None:
    if connection.vendor != "postgresql":
        raise CommandError("This loads PostgreSQL alone. Set DATABASE_URL to an empty PostgreSQL database.")
    people = User.objects.exclude(kind=User.Kind.SYSTEM)
    if Article.objects.exists() or people.exists() or BoardMember.objects.exists():
        raise CommandError(
            "This database isn't empty: it holds articles or people, which a load must not be mixed with. Make a fresh"
            " one, run `manage.py migrate` on it, and load that."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')"
        )
        if others := [name for (name,) in cursor.fetchall()]:
            raise CommandError(
                f"These tables belong to {', '.join(others)}, and a load takes their indexes away and makes them again,"
                " which only their owner may. Put the owner's account into DATABASE_URL: the one that migrates."
            )


def _ground(today: date) -> None:
    """The policy, in force before the first article came in; specialties, topics, and a library of sources."""
    for role in Role:
        Group.objects.get_or_create(name=role.value)
    presets.standard_policy(in_force_from=today - timedelta(days=2_000))
    Specialty.objects.bulk_create([Specialty(slug=slug, name=each) for slug, each in SPECIALTIES.items()])
    topics = [{"slug": subject.replace(" ", "-"), "name": subject.capitalize()} for subject in SUBJECTS]
    Topic.objects.bulk_create([Topic(**topic) for topic in topics])
    PublicTopic.objects.bulk_create([PublicTopic(**topic) for topic in topics])
    Reference.objects.bulk_create([_source(number, today) for number in range(SOURCES)])


def _source(number: int, today: date) -> Reference:
    subject, (_given, family) = SUBJECTS[number % len(SUBJECTS)], name(number * 7)
    is_guideline = number % 2 == 0
    return Reference(
        kind=Reference.Kind.GUIDELINE if is_guideline else Reference.Kind.RESEARCH,
        title=f"Guideline on {subject}, part {number}"
        if is_guideline
        else f"A randomised trial in {subject}, {number}",
        authors=f"{family}, A",
        container_title="Journal of Invented Medicine",
        year=2010 + number % 15,
        volume=str(40 + number),
        page=f"{number + 1}-{number + 9}",
        doi=f"10.5555/invented.{number}",
        status=Reference.Status.OK,
        status_checked_on=today - timedelta(days=20),
    )


def _crowd(total: int, today: date) -> dict[Pool, list[Person]]:
    sizes = people.sizes(total)
    pools = [pool for pool in POOLS for _ in range(sizes[pool])]
    found: dict[Pool, list[Person]] = {pool: [] for pool in POOLS}
    for pool, person in zip(pools, people.make(pools, map(name, range(len(pools))), today=today), strict=True):
        found[pool].append(person)
    return found


def _told(total: int) -> dict[str, list[Story]]:
    """Every story, by kind. They are told in a transaction that is rolled back."""
    found: dict[str, list[Story]] = {}
    try:
        with transaction.atomic():
            for story in _telling(stories.planned(total)):
                found.setdefault(story.kind, []).append(story)
            raise _Undone
    except _Undone:
        return found  # the stories are read; their own rows are gone, as meant


def _telling(planned: list[Planned]) -> Iterator[Story]:
    numbered, marks, now = tables.numbered(), Marks(), _a_minute_ago()
    tables.count_from_marks(numbered)
    AuditHead.objects.filter(pk=1).update(sequence=FIRST_EVENT)
    cast = dict(zip(POOLS, people.make(POOLS, _marked(marks), today=now.date()), strict=True))
    users = User.objects.select_related("board_member").in_bulk([person.user for person in cast.values()])
    desk = {role: users[cast[Pool(group)].user] for role, group in people.DESK.items()}
    board = {slug: [users[cast[pool].user] for pool in POOLS if pool.specialty == slug] for slug in SPECIALTIES}
    for each in planned:
        low, first = tables.reached(numbered), _last_event()
        words = _Words(marks)
        begins = now - timedelta(days=each.days, hours=each.subject % 24)
        teller = Teller(desk, board, words, list(NUMBERS), each.subject, begins, now, each.specialty)
        each.kind.tell(teller)
        stories.settle(each, since=teller.at, now=now)
        used = {pool: person for pool, person in cast.items() if pool.specialty in ("", each.specialty)}
        reader = Reader(used, numbered, low, tables.reached(numbered), first, _last_event(), teller.frozen)
        yield reader.read(Story(each.kind.name, (now - teller.at).days), words.given_out, list(NUMBERS))


def _a_minute_ago() -> datetime:
    """With the mark of all times that stories tell of, and in the past whatever a copy has instead."""
    second, fraction = WITHIN_THE_MINUTE.split(".")
    return (clock.now() - timedelta(minutes=1)).replace(second=int(second), microsecond=int(fraction))


class _Words(Marks):
    """Remembers which marks one story got."""

    def __init__(self, marks: Marks) -> None:
        super().__init__(marks.given)
        self.given_out: list[str] = []

    def word(self) -> str:
        self.given_out.append(super().word())
        return self.given_out[-1]


def _marked(marks: Marks) -> Iterator[tuple[str, str]]:
    while True:
        yield marks.word(), marks.word()


def _last_event() -> int:
    return int(AuditHead.objects.values_list("sequence", flat=True).get(pk=1))


def _batches(total: int, told: dict[str, list[Story]]) -> Iterator[list[Story]]:
    """Which story each article is a copy of, kinds mixed, in batches. The same every time."""
    order = [kind for kind, count in stories.counts(total).items() for _ in range(count)]
    random.Random(total).shuffle(order)
    quiet = {kind: [one for one in found if one.quiet >= stories.QUIET] or found for kind, found in told.items()}
    turns = dict.fromkeys(told, 0)
    for start in range(0, total, BATCH):
        batch = []
        for kind in order[start : start + BATCH]:
            found = (told if start < stories.MOST_UNDER_WAY else quiet)[kind]
            batch.append(found[turns[kind] % len(found)])
            turns[kind] += 1
        yield batch
