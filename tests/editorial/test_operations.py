"""Migrations leave the release that runs alone: indexes are made beside it, and nobody waits long for a table."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from editorial import patience
from editorial.operations import AddIndexBeside, RemoveIndexBeside

TABLE = "editorial_heartbeat"
INDEX = models.Index(fields=["at"], name="heartbeats_by_time")


def names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, TABLE))


def applied(operation: migrations.operations.base.Operation, *, back: bool = False) -> list[str]:
    """Run it, and say which statements it took."""
    before = ProjectState.from_apps(apps)
    after = before.clone()
    with connection.schema_editor(atomic=False) as editor, connection.execute_wrapper(_noted):
        _said.clear()
        operation.state_forwards("editorial", after)
        if back:
            operation.database_backwards("editorial", editor, after, before)
        else:
            operation.database_forwards("editorial", editor, before, after)
    return list(_said)


_said: list[str] = []


def _noted(execute, sql, params, many, context):
    _said.append(str(sql))
    return execute(sql, params, many, context)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_and_taken_back_beside_the_traffic():
    add = AddIndexBeside("heartbeat", INDEX)
    said = applied(add)
    assert "heartbeats_by_time" in names()
    said += applied(add, back=True)
    assert "heartbeats_by_time" not in names()
    if connection.vendor == "postgresql":
        assert [("CONCURRENTLY" in statement) for statement in said if "INDEX" in statement] == [True, True]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_an_index_is_taken_away_beside_the_traffic():
    applied(AddIndexBeside("heartbeat", INDEX))
    before = ProjectState.from_apps(apps)
    AddIndexBeside("heartbeat", INDEX).state_forwards("editorial", before)
    remove = RemoveIndexBeside("heartbeat", INDEX.name)
    after = before.clone()
    remove.state_forwards("editorial", after)
    with connection.schema_editor(atomic=False) as editor:
        remove.database_forwards("editorial", editor, before, after)
    assert "heartbeats_by_time" not in names()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own")
def test_a_migration_waits_five_seconds_for_a_table_and_then_gives_up():
    seen: list[str] = []

    def look(sender, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])

    from django.db.models.signals import pre_migrate  # why: the receiver stands after the one that it looks at

    pre_migrate.connect(look, sender=apps.get_app_config("reviews"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look, sender=apps.get_app_config("reviews"))
    look(None)
    assert seen == [f"{patience.LOCK_SECONDS}s", "0"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own")
def test_whoever_waits_too_long_changes_nothing(monkeypatch):
    import psycopg  # why: another session, below Django

    monkeypatch.setattr(patience, "LOCK_SECONDS", 1)
    values = connection.get_connection_params()
    known = {name: values[name] for name in ("dbname", "user", "host", "port", "password") if values.get(name)}
    with psycopg.connect(**known) as other:
        other.execute(f"LOCK TABLE {TABLE} IN SHARE MODE")
        patience.limit(apps.get_app_config("editorial"), "default")
        with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN more text")
        patience.end(apps.get_app_config("editorial"), "default")
