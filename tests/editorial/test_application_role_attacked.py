"""Whoever has the application's account in PostgreSQL adds to what is recorded, and can neither change nor delete it.

The guards are triggers, which whoever owns a table may switch off; the application owns none, and every way past them
that is known is tried here. tests/editorial/test_guards.py attacks the triggers themselves.
"""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from psycopg import errors

from editorial import database_roles as granting
from tests.editorial.test_guards import GUARDED, table
from tests.roles import acting, connected

pytestmark = pytest.mark.django_db

TABLES = {table: label for label in GUARDED for table in [apps.get_model(label)._meta.db_table]}

EACH = {
    "taking rows away": [
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone",
        "DROP TABLE {table}",
        "DROP TABLE {table} CASCADE",
    ],
    "changing rows": [
        "UPDATE {table} SET {column} = {column}",
        "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET {column} = t.{column}",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({column}) DO UPDATE SET {column} = excluded.{column}",
        "ALTER TABLE {table} ALTER COLUMN {column} TYPE text",
        "ALTER TABLE {table} DROP COLUMN {column}",
        "ALTER TABLE {table} ADD COLUMN mine int",
    ],
    "the triggers": [
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER USER",
        "DROP TRIGGER imprimatur_guard_{table}_delete ON {table}",
        "DROP TRIGGER imprimatur_guard_{table}_update ON {table}",
        "ALTER TRIGGER imprimatur_guard_{table}_delete ON {table} RENAME TO mine",
        "CREATE TRIGGER aaa BEFORE DELETE ON {table} EXECUTE FUNCTION imprimatur_refuse()",
    ],
    "the table itself": [
        "ALTER TABLE {table} OWNER TO {application}",
        "ALTER TABLE {table} RENAME TO mine",
        "ALTER TABLE {table} SET SCHEMA pg_temp",
        "CREATE RULE mine AS ON INSERT TO {table} DO ALSO DELETE FROM {table}",
        "CREATE TABLE mine () INHERITS ({table})",
        "ALTER TABLE {table} NO INHERIT {table}",
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON {table} FOR DELETE USING (true)",
        "CREATE INDEX mine ON {table} ({column})",
        "CLUSTER {table} USING {table}_pkey",
        "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    ],
}
ONCE = {
    "the triggers' function": [
        "DROP FUNCTION imprimatur_refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION imprimatur_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "ALTER FUNCTION imprimatur_refuse() RENAME TO mine",
        "ALTER FUNCTION imprimatur_refuse() OWNER TO {application}",
        "SELECT imprimatur_refuse()",
    ],
    "the session": [
        "SET session_replication_role = 'replica'",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "GRANT {owner} TO {application}",
        "ALTER ROLE {application} SUPERUSER",
        "REASSIGN OWNED BY {owner} TO {application}",
        "DROP OWNED BY {owner}",
    ],
    "making things": [
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE EXTENSION dblink",
        "CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION imprimatur_refuse()",
        "DO 'BEGIN END'",
        "DROP SCHEMA public CASCADE",
        "ALTER DATABASE {database} OWNER TO {application}",
    ],
    "what migrations write": [
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "UPDATE django_migrations SET name = name",
    ],
    "a publication's other columns": [
        "UPDATE articles_publication SET status = 'live', title = 'Mine'",
        "UPDATE articles_publication SET title = ''",
        "UPDATE articles_publication SET digest = digest",
    ],
    "the numbers of rows": [
        "SELECT setval('reviews_review_id_seq', 1)",
        "SELECT nextval('reviews_signature_id_seq')",
        "ALTER SEQUENCE reviews_review_id_seq RESTART",
        "ALTER TABLE reviews_review ALTER COLUMN id RESTART",
    ],
}


@pytest.fixture
def application(database_roles):
    with connected(database_roles.application) as session:
        yield session


def came_of(session: psycopg.Connection, statement: str) -> str:
    """``denied``, or what else came of it; whatever it did is undone."""
    try:
        with session.transaction(force_rollback=True):
            session.execute(statement)
    except errors.InsufficientPrivilege:
        return "denied"
    except psycopg.Error as error:
        return f"{type(error).__name__}: {error}"
    return "done"


def filled(statement: str, roles, name: str = "") -> str:
    column = apps.get_model(TABLES[name])._meta.pk.column if name else ""
    database = connection.settings_dict["NAME"]
    return statement.format(table=name, column=column, database=database, **vars(roles))


@pytest.mark.parametrize("kind", EACH)
def test_no_recorded_table_yields_to_the_application(kind, application, database_roles):
    tried = [filled(s, database_roles, name) for name in TABLES for s in EACH[kind]]
    assert {s: found for s in tried if (found := came_of(application, s)) != "denied"} == {}


@pytest.mark.parametrize("kind", ONCE)
def test_the_application_is_denied(kind, application, database_roles):
    tried = [filled(s, database_roles) for s in ONCE[kind]]
    assert {s: found for s in tried if (found := came_of(application, s)) != "denied"} == {}


def test_every_fixed_column_is_denied_by_itself_and_a_publications_status_alone_may_move(application):
    free = []
    for label in GUARDED:
        for field in apps.get_model(label)._meta.concrete_fields:
            statement = f'UPDATE {table(label)} SET "{field.column}" = "{field.column}"'
            if came_of(application, statement) != "denied":
                free.append((label, field.name))
    assert free == [(label, name) for label, moving in GUARDED.items() for name in moving]
    assert free == [("articles.Publication", "status")]


def test_no_foreign_key_takes_a_row_away_or_changes_it(database_roles):
    """Such a key acts as the owner of the table: whoever may delete what it points to would delete the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND (confdeltype <> 'a' OR confupdtype <> 'a')"
        )
        assert cursor.fetchall() == []


def test_no_table_takes_its_numbers_from_a_sequence_that_needs_a_right(database_roles):
    """Every one is an identity; a table with a plain sequence would need USAGE on it granted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'S'"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')"
        )
        assert cursor.fetchall() == []


def test_the_application_owns_nothing_and_is_nobody_else(database_roles):
    names = [database_roles.application, database_roles.reader]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refobjid::regrole::text, classid::regclass, objid FROM pg_shdepend"
            " WHERE deptype = 'o' AND refobjid::regrole::text = ANY(%s)",
            [names],
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT FROM pg_auth_members WHERE member::regrole::text = ANY(%s)", [names])
        assert cursor.fetchall() == []


def test_the_application_gives_itself_nothing(application, database_roles):
    """PostgreSQL only warns where nothing of what was asked may be given."""
    for name in TABLES:
        application.execute(f"GRANT ALL ON {name} TO {database_roles.application} WITH GRANT OPTION")
        assert came_of(application, f"DELETE FROM {name}") == "denied"


@pytest.mark.django_db(transaction=True)
def test_with_a_right_too_many_only_the_trigger_is_left_and_the_attack_is_seen(database_roles):
    """So it is the missing right that denies, and these tests would notice one that is given by mistake."""
    wrong = f"GRANT DELETE ON editorial_auditevent TO {database_roles.application}"
    with connection.cursor() as cursor:
        cursor.execute(wrong)
    try:
        with connected(database_roles.application) as session:
            assert came_of(session, "DELETE FROM editorial_auditevent") == "done"  # no row, so no trigger fired
    finally:
        granting.grant()
    with connected(database_roles.application) as session:
        assert came_of(session, "DELETE FROM editorial_auditevent") == "denied"


def test_the_application_adds_to_the_record_and_writes_everything_else(database_roles):
    """Whether that is enough for every verb is asked in tests/reviews/test_application_role.py."""
    with transaction.atomic(), acting(database_roles.application), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM editorial_auditevent")
        cursor.execute("UPDATE editorial_audithead SET sequence = sequence")
        cursor.execute("SELECT id FROM articles_publication FOR UPDATE")
        transaction.set_rollback(True)
