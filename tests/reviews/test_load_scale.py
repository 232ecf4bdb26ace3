"""``manage.py load_scale``: what it makes must be what the verbs would have made."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import projection
from articles.models import Article, Publication
from articles.search_words import indexed
from articles.states import ArticleState, PublicationStatus
from editorial.models import AuditEvent, AuditHead, BoardMember, User
from reviews.models import ReminderDispatch, Review, Signature
from reviews.scale import gaps, stories, words
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


@needs_postgresql
@pytest.mark.long
def test_loaded_installation_verifies_and_holds_every_state(transactional_db):
    """Each batch commits, as each transaction must explain what the database notes of it."""
    _loaded(30)
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
    assert Article.objects.order_by("-pk").values_list("pk", flat=True)[0] == 30
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
def test_database_that_holds_people_is_refused_in_words(people):
    with pytest.raises(CommandError, match="isn't empty"):
        _loaded(30)


@needs_postgresql
@pytest.mark.long
def test_two_thousand_loaded_articles_verify(transactional_db):
    _loaded(2_000)
    assert _verified() == {}
    assert Article.objects.count() == 2_000


def test_load_of_anything_but_postgresql_is_refused_in_words(db):
    if connection.vendor == "postgresql":
        pytest.skip("this is PostgreSQL")
    with pytest.raises(CommandError, match="PostgreSQL"):
        _loaded(30)


@pytest.mark.parametrize("total", [1, 15, 16, 30, 999, 10_000])
def test_counts_of_kinds_add_up(total):
    counts = stories.counts(total)
    assert sum(counts.values()) == total
    assert total < 16 or min(counts.values()) >= 1


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
