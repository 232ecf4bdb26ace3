"""Plain SQL against what was recorded: refused by the database itself, on PostgreSQL and on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, models, transaction

from articles import lifecycle
from articles.models import Article, Publication
from editorial import guards
from editorial.management.commands.migrate import Command as Migrate
from editorial.models import AuditHead, ChangeCapture
from reviews import objections
from reviews.models import Objection, Signature, SignatureKept, SignatureVoided
from reviews.states import VerdictKind

pytestmark = pytest.mark.sqlite

GUARDED = {
    "editorial.AuditEvent": set(),
    "editorial.HandledRequest": set(),
    "editorial.ChangeCapture": set(),
    "articles.Publication": {"status"},
    "articles.Notice": set(),
    "reviews.Review": set(),
    "reviews.Signature": set(),
    "reviews.SignatureVoided": set(),
    "reviews.SignatureKept": set(),
    "reviews.Objection": set(),
    "reviews.ObjectionStep": set(),
    "reviews.ConflictDeclaration": set(),
}
"""house.md, “Audit”: what may never be changed or deleted, and the fields that verbs still move."""

OTHER = {
    models.BooleanField: True,
    models.DateField: "2001-01-01",
    models.DateTimeField: "2001-01-01 00:00:00+00:00",
    models.JSONField: '{"changed": 1}',
    models.UUIDField: "00000000000000000000000000000001",
}
"""Another value for a column, by the kind of its field; 987 for numbers and keys, a word for text."""


@pytest.fixture
def recorded(story, people):
    """A row in every guarded table."""
    round = story.round()
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="Harm.")
    story.sign(round, "ravi")
    objection, article = Objection.objects.get(), Article.objects.get()
    values = {"actor": people["claire"], "now": story.tick(), "objection": objection, "reason": "Mended."}
    values["proof"] = story.proof("claire")
    objections.withdraw_objection(article, request=uuid4(), **values)
    story.confirm(story.sign(round, "claire"))
    story.tick()
    lifecycle.retract(
        article, actor=people["ingrid"], now=story.now, notice="The trial was made up.", proof=story.proof("ingrid")
    )
    SignatureVoided.objects.create(
        signature=Signature.objects.first(), by=people["ingrid"], reason="Not hers.", at=story.now
    )
    SignatureKept.objects.create(
        signature=Signature.objects.last(), by=people["ingrid"], reason="Looked at.", at=story.now
    )
    ChangeCapture.objects.create(table="articles_article", operation="U", transaction=1, at=story.now, role="nobody")
    return article


def sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def is_refused(statement: str, *values: object) -> bool:
    """Whether the guard stops this statement; whatever it did is undone."""
    connection.check_constraints()
    try:
        with transaction.atomic():
            sql(statement, *values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "recorded rows never change" in str(error)
    return False


@contextmanager
def unguarded() -> Iterator[None]:
    connection.check_constraints()
    with transaction.atomic():
        guards.remove()
        yield
        transaction.set_rollback(True)
    assert guards.missing() == []


def another(field: models.Field) -> object:
    kind = next((value for cls, value in OTHER.items() if type(field) is cls), None)
    if kind is not None:
        return kind
    return (
        987
        if isinstance(field, (models.IntegerField, models.ForeignKey, models.AutoField))
        else "changed"[: field.max_length]
    )


def table(label: str) -> str:
    return apps.get_model(label)._meta.db_table


def statements(label: str) -> list[tuple[str, object]]:
    """An UPDATE of each column that may not move, and a DELETE, of one row."""
    model = apps.get_model(label)
    key, pk = model._meta.pk.column, model._base_manager.order_by("pk").values_list("pk", flat=True).first()
    pk = pk.hex if hasattr(pk, "hex") and connection.vendor == "sqlite" else pk
    assert pk is not None, f"{label} has no row to attack"
    fixed = [field for field in model._meta.concrete_fields if field.name not in GUARDED[label]]
    updates = [(f'UPDATE {table(label)} SET "{f.column}" = %s WHERE "{key}" = %s', (another(f), pk)) for f in fixed]
    return [*updates, (f'DELETE FROM {table(label)} WHERE "{key}" = %s', (pk,))]


def test_what_the_house_says_is_guarded():
    assert {label: set(guard.moving) for label, guard in guards._guards.items()} == GUARDED


def test_no_column_of_a_recorded_row_is_changed_and_none_is_deleted(recorded):
    done = [(s, v) for label in GUARDED for s, v in statements(label) if not is_refused(s, *v)]
    assert done == []


def test_without_the_guards_the_same_statements_would_pass(recorded):
    """So it is the guards that refuse them, and not a typing error."""
    for label in GUARDED:
        delete, values = statements(label)[-1]
        update, changed = statements(label)[1 if label == "editorial.AuditEvent" else -2]
        with unguarded():
            assert sql(update, *changed) == 1, update
        with unguarded():
            assert sql(delete, *values) == 1, delete


def test_the_orm_is_refused_just_the_same(recorded):
    for label in GUARDED:
        rows = apps.get_model(label)._base_manager.all()
        with pytest.raises(DatabaseError, match="recorded rows never change"), transaction.atomic():
            rows._raw_delete(rows.db)
    publication = Publication.objects.get()
    publication.title = "Another title"
    with pytest.raises(DatabaseError, match="recorded rows never change"), transaction.atomic():
        publication.save()


def test_a_publications_status_alone_may_be_updated(recorded):
    with transaction.atomic():
        assert sql("UPDATE articles_publication SET status = 'live'") == 1
        transaction.set_rollback(True)
    assert is_refused("UPDATE articles_publication SET status = 'live', title = 'Mine'")


def test_no_table_is_emptied(recorded):
    empty = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
    assert [label for label in GUARDED if not is_refused(empty.format(table(label)))] == []


@pytest.mark.django_db
def test_a_row_is_not_replaced_under_its_own_key(request):
    """SQLite's INSERT OR REPLACE deletes without firing a DELETE trigger."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    request.getfixturevalue("recorded")
    for label in GUARDED:
        assert is_refused(f"INSERT OR REPLACE INTO {table(label)} SELECT * FROM {table(label)} LIMIT 1"), label


def test_a_missing_guard_is_named_by_the_check(recorded):
    connection.check_constraints()
    guard = guards._guards["reviews.Review"]
    with connection.cursor() as cursor:
        guards.remove_one(cursor, guard, connection.vendor)
    names = guard.names(connection.vendor)
    try:
        assert guards.missing() == names
        found = checks.run_checks(databases=["default"])
        assert [m.id for m in found if m.id == "editorial.E001"] == ["editorial.E001"] * 3
        assert [name for name in names if any(name in m.msg for m in found)] == names
        with pytest.raises(SystemCheckError, match="database guard"):
            call_command("check", databases=["default"])
    finally:
        guards.install()
    assert guards.missing() == []
    assert [m for m in checks.run_checks(databases=["default"]) if m.id == "editorial.E001"] == []


@pytest.mark.django_db
def test_a_guard_that_is_switched_off_counts_as_missing():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite can't switch a trigger off")
    name = guards._guards["reviews.Review"].names("postgresql")[0]
    with transaction.atomic():
        sql(f'ALTER TABLE reviews_review DISABLE TRIGGER "{name}"')
        assert guards.missing() == [name]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_migrating_installs_what_is_missing():
    """As after a table was rebuilt on SQLite, which drops its triggers silently."""
    guards.remove()
    AuditHead.objects.all().delete()
    for name in ("editorial", "articles", "reviews"):
        guards.install_after_migrate(apps.get_app_config(name), using="default")
    assert guards.missing() == []
    assert AuditHead.objects.get().sequence == 0


@pytest.mark.django_db
def test_a_guard_that_a_release_brings_keeps_nobody_from_migrating():
    """Each command looks at the database first; this one is what mends it."""
    guards.remove()
    with pytest.raises(SystemCheckError, match="is missing"):
        call_command("check", databases=["default"])
    Migrate(stdout=StringIO()).check(databases=["default"])


@pytest.mark.django_db
def test_lifted_guards_stand_again_even_after_an_error():
    with pytest.raises(DatabaseError), guards.lifted(), transaction.atomic():
        sql("SELECT nothing FROM nowhere")
    assert guards.missing() == []


@pytest.mark.django_db
def test_nothing_is_guarded_while_the_guards_are_lifted():
    with guards.lifted():
        assert len(guards.missing()) == 3 * len(GUARDED)
