"""``manage.py load_scale``: what it makes must be what the verbs would have made."""

import json
import os
import signal
from io import StringIO
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from articles import projection
from articles.models import Article, Publication
from articles.search_words import indexed
from articles.states import ArticleState, PublicationStatus
from editorial import captures, clock, guards
from editorial.models import AuditEvent, AuditHead, BoardMember, User
from editorial.roles import Role
from reviews.models import ReminderDispatch, Review, Signature
from reviews.queue import counting
from reviews.scale import bare, gaps, loading, stories, words
from reviews.scale.elsewhere import Failed, made_elsewhere
from reviews.scale.people import BOARD

needs_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="it copies with PostgreSQL's COPY")


def _loaded(total: int) -> None:
    call_command("load_scale", total, stdout=StringIO())


def _verified() -> dict[str, list[object]]:
    out = StringIO()
    try:
        call_command("verify", json=True, stdout=out)
    except CommandError:
        pass  # the JSON says what was found
    return {name: found for name, found in json.loads(out.getvalue())["checks"].items() if found}


class _Watcher:
    """Presses Ctrl-C when the load is so far."""

    def __init__(self, stop_at: str) -> None:
        self.stop_at = stop_at

    def told(self, stories: int) -> None:
        self.come_to("told")

    def copied(self, articles: int) -> None:
        self.come_to("copied")

    def made_again(self, done: int, of: int) -> None:
        if done == of // 2:
            self.come_to("half made again")

    def come_to(self, step: str) -> None:
        if step == self.stop_at:
            raise KeyboardInterrupt


def _structure() -> dict[str, list[object]]:
    """Whatever stands around the rows of the database, as the catalogue words it."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in STRUCTURE.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


STRUCTURE = {
    # Without casts and brackets: PostgreSQL words a list of values differently once it has read its own words.
    "indexes": "SELECT tablename, indexname, translate(replace(indexdef, '::text', ''), '()[]', '') FROM pg_indexes"
    " WHERE schemaname = current_schema() ORDER BY 1, 2",
    "constraints": "SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1, 2",
}


@needs_postgresql
@pytest.mark.long
@pytest.mark.parametrize("step", ["told", "copied", "half made again"])
def test_stopped_load_leaves_the_database_as_it_was(transactional_db, step):
    before = _structure()
    with pytest.raises(KeyboardInterrupt):
        loading.load(30, _Watcher(step))
    assert (Article.objects.count(), BoardMember.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)
    assert _structure() == before
    assert captures.missing() == guards.missing() == []


@needs_postgresql
@pytest.mark.long
def test_loaded_installation_verifies_and_holds_every_state(transactional_db):
    before = _structure()
    _loaded(30)
    assert _structure() == before
    assert _verified() == {}
    assert Article.objects.count() == 30
    assert set(Article.objects.values_list("state", flat=True)) == {str(state) for state in ArticleState}
    held = set(Publication.objects.values_list("status", flat=True))
    assert held == {str(status) for status in PublicationStatus} - {"scheduled"}
    assert all(not projection.differences(each) for each in Publication.objects.select_related("article"))
    _each_text_is_its_own()
    _chain_has_no_gap()
    _nothing_of_the_stories_is_left()
    _tampering_is_found()


def _each_text_is_its_own() -> None:
    for field in ("title", "slug"):
        found = list(Article.objects.values_list(field, flat=True))
        assert len(set(found)) == len(found)
    assert Publication.objects.values("digest").distinct().count() == Publication.objects.count()
    assert Signature.objects.filter(review__isnull=False).count() == Review.objects.count() > 40
    assert ReminderDispatch.objects.filter(state="planned").exists()
    assert ReminderDispatch.objects.filter(state="done").exists()


def _chain_has_no_gap() -> None:
    last = AuditHead.objects.get().sequence
    assert AuditEvent.objects.count() == last == AuditEvent.objects.latest("sequence").sequence


def _nothing_of_the_stories_is_left() -> None:
    assert BoardMember.objects.count() == len(BOARD)
    numbers = sorted(Article.objects.values_list("pk", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 30)), "a gap would tell of what was taken away"
    for row in (*Publication.objects.all(), *User.objects.all()):
        assert not words.MARK.search(str(vars(row)))


def _tampering_is_found() -> None:
    """So that a green verification of what was loaded says something."""
    signature = Signature.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE reviews_signature SET shown_name = 'Somebody Else' WHERE id = %s", [signature.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert [found["row"] for found in _verified()["audit chain"]] == [f"reviews.Signature {signature.pk}"]


@needs_postgresql
def test_bare_table_has_no_index_key_or_capture_inside_and_all_of_it_afterwards(db):
    before, told = _structure(), []
    table = Article._meta.db_table
    with bare.bare([table], told=lambda *numbers: told.append(numbers)):
        inside = _structure()
        assert not [name for on, name, _definition in inside["indexes"] if on == table]
        assert not [row for row in inside["constraints"] if f"REFERENCES {table}" in row[3]]
        assert captures.missing()
    assert _structure() == before
    assert not captures.missing()
    assert told[-1] == (len(told), len(told))
    assert len(told) > 20


@needs_postgresql
def test_row_that_points_nowhere_is_found_when_the_keys_are_made_again(db):
    through = Article.authors.through
    with pytest.raises(IntegrityError, match="foreign key"), bare.bare([through._meta.db_table]):
        through.objects.create(article_id=1, user_id=1)


def test_what_is_made_elsewhere_comes_whole_and_in_order():
    assert list(made_elsewhere(number * 2 for number in range(100))) == list(range(0, 200, 2))


def test_failure_of_the_other_process_says_why():
    with pytest.raises(Failed, match=r"ValueError: .*'two'"):
        list(made_elsewhere(int(text) for text in ("1", "two")))


def test_other_process_that_is_killed_is_missed():
    with pytest.raises(Failed, match="from outside"):
        list(made_elsewhere(os.kill(os.getpid(), signal.SIGKILL) for _ in range(2)))


def test_other_process_ends_when_nobody_takes_its_pieces():
    pieces = made_elsewhere(os.getpid() for _ in count())
    pid = next(pieces)
    pieces.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@needs_postgresql
def test_tables_of_somebody_else_are_refused_in_words(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE load_stranger; GRANT USAGE ON SCHEMA public TO load_stranger")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO load_stranger")
        cursor.execute("SET ROLE load_stranger")
    with pytest.raises(CommandError, match="only their owner may"):
        _loaded(30)


@needs_postgresql
def test_database_that_holds_people_is_refused_in_words(people):
    with pytest.raises(CommandError, match="isn't empty"):
        _loaded(30)


@needs_postgresql
@pytest.mark.long
def test_a_thousand_loaded_articles_verify(transactional_db):
    _loaded(1_000)
    assert _verified() == {}
    assert Article.objects.count() == 1_000
    editor = User.objects.filter(groups__name=Role.EDITOR).first()
    counted = counting.counts(editor, clock.now())
    assert [
        name for name in ("objection", "overdue", "decide", "triage", "reviews", "on-hold") if not counted[name]
    ] == []


def test_load_of_anything_but_postgresql_is_refused_in_words(db):
    if connection.vendor == "postgresql":
        pytest.skip("this is PostgreSQL")
    with pytest.raises(CommandError, match="PostgreSQL"):
        _loaded(30)


@pytest.mark.parametrize("total", [1, 16, 17, 30, 999, 10_000])
def test_counts_of_kinds_add_up(total):
    counts = stories.counts(total)
    assert sum(counts.values()) == total
    assert total < 17 or min(counts.values()) >= 1


def test_desk_of_a_million_articles_has_as_much_under_way_as_one_of_thirty_thousand():
    large, small = stories.counts(1_000_000), stories.counts(stories.MOST_UNDER_WAY + len(stories.KINDS))
    assert (large["half signed"], large["draft"], large["on hold"]) == (361, 901, 61)
    assert {name for name in large if large[name] == small[name]} == {
        *("revision under way", "draft", "submitted", "triaged", "invited", "half signed"),
        *("ready to decide", "objection open", "changes requested", "on hold"),
    }


def test_every_mark_gets_a_value_of_its_own():
    places = {"Qxbbbbbxq": 1, "1100000001": 2}
    text = gaps.gapped("100 % of Qxbbbbbxq, row:1100000001.", places)
    assert text.filled(["", "Dobamab", 7]) == "100 % of Dobamab, row:7."


@pytest.mark.parametrize("text", ["Qxcccccxq", "row:1100000002", "x1100000002", "f" * 64])
def test_mark_without_a_value_is_refused(text):
    with pytest.raises(ValueError, match="story"):
        gaps.gapped(text, {"Qxbbbbbxq": 1})


def test_marks_and_made_up_words_are_indexed_as_they_are():

    marks = words.Marks()
    given = [marks.word().lower() for _ in range(3_000)]
    assert len(set(given)) == 3_000
    assert [indexed(word) for word in given] == given
    made_up = words.remedies()
    assert len(set(made_up)) == len(made_up) > 5_000
    assert {len(word) for word in made_up} == {9}


def test_names_of_people_are_each_once():
    assert len({words.name(number) for number in range(3_100)}) == 3_100
