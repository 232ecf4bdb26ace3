"""Three roles in PostgreSQL, each with what it needs and no more: made by one command, and kept by every migrate."""

import logging
from io import StringIO

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from editorial import database_roles as granting
from editorial import guards, role_setup
from tests.editorial.test_guards import GUARDED, table
from tests.roles import PASSWORD, acting

pytestmark = pytest.mark.django_db

RECORDED = set(GUARDED) - {"editorial.ChangeCapture"}  # triggers alone add to that one
WRITTEN = ["SELECT", "INSERT", "UPDATE", "DELETE"]


def rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rights(role: str, name: str) -> list[str]:
    asked = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    return [right for right in asked if rows("SELECT has_table_privilege(%s, %s, %s)", role, name, right)[0][0]]


def everything_granted() -> list[tuple]:
    """Owner and rights of every table, column, function, schema, language and of this database."""
    return rows(
        "SELECT relname, relowner::regrole::text, relacl::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT attrelid::regclass || '.' || attname, '', attacl::text FROM pg_attribute"
        " WHERE attacl IS NOT NULL UNION ALL SELECT oid::regprocedure::text, proowner::regrole::text, proacl::text"
        " FROM pg_proc UNION ALL SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace"
        " UNION ALL SELECT lanname, '', lanacl::text FROM pg_language"
        " UNION ALL SELECT datname, datdba::regrole::text, datacl::text FROM pg_database ORDER BY 1, 2, 3"
    )


def said(**options: object) -> str:
    out = StringIO()
    call_command("setup_database_roles", stdout=out, **options)
    return out.getvalue()


@pytest.mark.sqlite
def test_on_sqlite_the_command_says_that_only_postgresql_has_roles():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has roles")
    with pytest.raises(CommandError, match=r"Only PostgreSQL has roles.*DATABASE_URL"):
        call_command("setup_database_roles")


def test_everything_of_ours_belongs_to_the_owner(database_roles):
    owners = rows(
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
        " UNION SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'imprimatur_refuse'"
    )
    assert owners == [(database_roles.owner,)]


def test_running_it_again_changes_nothing_and_says_what_stands(database_roles):
    before = everything_granted()
    lines = said().splitlines()
    assert everything_granted() == before
    assert lines == granting.grant()
    assert lines[0].startswith(f"{database_roles.application} writes ")
    assert f"only adds to {len(RECORDED)} recorded ones" in lines[0]
    assert lines[1] == f"{database_roles.reader} sees 8 tables, and only adds to articles_readermessage."


def test_what_guards_protect_can_be_added_to_alone_and_the_rest_written(database_roles):
    role, recorded = database_roles.application, {table(label) for label in RECORDED}
    found = {
        name: rights(role, name)
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
    }
    assert {name for name, have in found.items() if have == ["SELECT"]} == set(granting.ONLY_READ)
    found = {name: have for name, have in found.items() if name not in granting.ONLY_READ}
    assert {name for name, have in found.items() if have == ["SELECT", "INSERT"]} == recorded
    assert {name for name, have in found.items() if have == WRITTEN} == set(found) - recorded


def test_a_table_that_is_guarded_from_now_on_loses_what_it_had(database_roles, monkeypatch):
    monkeypatch.setattr(
        guards, "_guards", {**guards._guards, "articles.Topic": guards.Guard("articles.Topic", {"name"})}
    )
    granting.grant()
    assert rights(database_roles.application, "articles_topic") == ["SELECT", "INSERT"]
    moving = "SELECT attname FROM pg_attribute WHERE attrelid = 'articles_topic'::regclass AND attacl IS NOT NULL"
    assert rows(moving) == [("name",)]


def test_roles_that_can_too_much_are_brought_back(database_roles):
    application, reader = database_roles.application, database_roles.reader
    sql(f"ALTER ROLE {application} CREATEROLE SUPERUSER")
    sql(f"GRANT {database_roles.owner} TO {application}")
    sql(f"GRANT pg_read_all_data TO {reader}")
    sql(f"GRANT ALL ON editorial_user TO {reader}")
    sql(f"GRANT UPDATE (title) ON articles_publication TO {application}")
    sql("GRANT SELECT ON articles_article TO PUBLIC")
    sql("GRANT CREATE ON SCHEMA public TO PUBLIC")
    sql("ALTER TABLE articles_article OWNER TO CURRENT_USER")
    before = said()
    assert f"Took SUPERUSER, CREATEROLE from {application}." in before
    assert f"Took {application} out of {database_roles.owner}." in before
    assert f"Took {reader} out of pg_read_all_data." in before
    assert f"Gave 1 tables and functions to {database_roles.owner}." in before
    assert said().splitlines() == granting.grant()
    assert rights(reader, "editorial_user") == rights(reader, "articles_article") == []
    column = "SELECT has_column_privilege(%s, 'articles_publication', %s, 'UPDATE')"
    assert rows(column, application, "title") == [(False,)]
    assert rows(column, application, "status") == [(True,)]
    assert rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", reader) == [(False,)]


def test_an_account_that_owned_the_database_can_stay_as_the_application(database_roles):
    """Its tables, functions and extensions too: whoever owns an extension may drop it, and with it the search."""
    application = database_roles.application
    for what in ("DATABASE {}", "SCHEMA public", "TABLE editorial_auditevent", "FUNCTION imprimatur_refuse()"):
        sql(f"ALTER {what.format(connection.settings_dict['NAME'])} OWNER TO {application}")
    with acting(application):
        sql("CREATE EXTENSION hstore")
    said()
    owned = "SELECT classid::regclass, objid FROM pg_shdepend WHERE deptype = 'o' AND refobjid = %s::regrole"
    assert rows(owned, application) == []
    assert rights(application, "editorial_auditevent") == ["SELECT", "INSERT"]


def test_a_password_is_set_where_it_is_given_and_never_said_or_logged(database_roles, settings, caplog):
    settings.DATABASE_ROLE_PASSWORDS = {"reader": "a password for the reader"}
    kept = f"SELECT rolpassword FROM pg_authid WHERE rolname = '{database_roles.reader}'"
    before = rows(kept)
    with CaptureQueriesContext(connection) as asked, caplog.at_level(logging.DEBUG):
        told = said()
    assert f"Set the password of {database_roles.reader}." in told
    assert told.count("Set the password") == 1
    sent = [query["sql"] for query in asked.captured_queries]
    assert len([statement for statement in sent if "PASSWORD" in statement]) == 1
    assert "a password" not in told + caplog.text + "".join(sent)
    assert rows(kept) != before
    assert rows(kept)[0][0].startswith("SCRAM-SHA-256$")
    assert PASSWORD not in repr(before)


def test_without_a_password_none_is_touched(database_roles, settings):
    settings.DATABASE_ROLE_PASSWORDS = {}
    kept = "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1"
    before = rows(kept)
    said()
    assert rows(kept) == before


def test_the_owner_may_not_be_a_superuser_who_runs_it(database_roles, settings):
    me = rows("SELECT current_user")[0][0]
    settings.DATABASE_ROLES = {**settings.DATABASE_ROLES, "owner": me}
    with pytest.raises(CommandError, match=rf"The role {me} has SUPERUSER.*Nothing was changed"):
        said()


def test_whoever_may_not_make_roles_is_told_who_may(database_roles, settings):
    settings.DATABASE_ROLES = {**settings.DATABASE_ROLES, "reader": "test_nobody_yet"}
    with (
        acting(database_roles.owner),
        transaction.atomic(),
        pytest.raises(CommandError, match=r"test_nobody_yet isn't there.*as somebody who may create roles"),
    ):
        said()


def test_the_owner_itself_renews_what_it_may(database_roles):
    """So an installation may keep the superuser's account out of the way afterwards."""
    sql(f"REVOKE SELECT ON articles_publicpage FROM {database_roles.reader}")
    with acting(database_roles.owner):
        told = said()
    assert told.splitlines() == granting.grant()
    assert rights(database_roles.reader, "articles_publicpage") == ["SELECT"]


def test_a_table_of_a_later_migration_has_its_rights_when_migrate_ends(database_roles):
    may = "SELECT has_function_privilege(%s, 'later_word()', 'EXECUTE')"
    with acting(database_roles.owner):
        sql("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, word text)")
        sql("CREATE FUNCTION later_word() RETURNS text LANGUAGE sql AS 'SELECT word FROM later'")
        assert rights(database_roles.application, "later") == []
        assert rows(may, database_roles.reader) == [(False,)]
        call_command("migrate", verbosity=0)
    assert rights(database_roles.application, "later") == WRITTEN
    assert rights(database_roles.reader, "later") == []
    assert rows(may, database_roles.application) == [(True,)]
    assert rows(may, database_roles.reader) == [(False,)]
    with acting(database_roles.application):
        sql("INSERT INTO later (word) VALUES ('x')")


def test_a_table_that_a_superuser_migrated_comes_to_the_owner(database_roles):
    sql("CREATE TABLE later (id int)")
    call_command("migrate", verbosity=0)
    assert rows("SELECT tableowner FROM pg_tables WHERE tablename = 'later'") == [(database_roles.owner,)]
    assert rights(database_roles.application, "later") == WRITTEN


def test_where_no_roles_were_set_up_migrate_grants_nothing(database_roles, settings):
    settings.DATABASE_ROLES = {duty: f"{name}_other" for duty, name in vars(database_roles).items()}
    before = everything_granted()
    assert granting.is_set_up() is False
    call_command("migrate", verbosity=0)
    assert everything_granted() == before


def test_migrating_as_the_application_is_refused_in_a_sentence(database_roles):
    for role in (database_roles.application, database_roles.reader):
        with (
            acting(role),
            pytest.raises(CommandError, match=rf"{role} may not change tables. Set MIGRATION_DATABASE_URL"),
        ):
            call_command("migrate", verbosity=0)


def test_the_application_may_see_what_there_is_to_migrate(database_roles):
    out = StringIO()
    with acting(database_roles.application):
        call_command("migrate", plan=True, stdout=out)
        call_command("migrate", check_unapplied=True, verbosity=0)
    assert "No planned migration operations" in out.getvalue()


def test_migrate_and_the_setup_use_the_owners_address_and_give_the_connection_back(database_roles, settings):
    settings.MIGRATION_DATABASE = {"USER": "test_nobody_at_all", "PASSWORD": "", "OPTIONS": {}}
    before = connection.settings_dict
    for command in ("migrate", "setup_database_roles"):
        connection.close = lambda: None  # the test's transaction lives in it
        try:
            with pytest.raises(Seen):
                _look_at_settings(command)
        finally:
            del connection.close
        assert connection.settings_dict is before


class Seen(Exception):
    pass


def _look_at_settings(command: str) -> None:
    """Run the command until it first asks the database, and say with which account it would have."""

    def look(execute, statement, params, many, context):
        assert context["connection"].settings_dict["USER"] == "test_nobody_at_all"
        assert context["connection"].settings_dict["NAME"] == connection.settings_dict["NAME"]
        raise Seen

    with connection.execute_wrapper(look):
        call_command(command)


def test_the_public_site_makes_no_tables(settings):
    settings.SURFACE = "reader"
    with pytest.raises(CommandError, match=r"SURFACE is .reader., and the public site makes no tables"):
        call_command("migrate", verbosity=0)


def test_a_setup_that_fails_leaves_everything_as_it_was(database_roles, monkeypatch):
    before = everything_granted()

    def fails(using: str) -> list[str]:
        raise role_setup.NotAllowed("Not today.")

    sql(f"GRANT {database_roles.owner} TO {database_roles.application}")
    monkeypatch.setattr(granting, "grant", fails)
    with pytest.raises(CommandError, match=r"Not today\. Nothing was changed"):
        said()
    assert everything_granted() == before
    assert rows("SELECT FROM pg_auth_members WHERE member = %s::regrole", database_roles.application) == [()]


def test_the_deployment_check_warns_of_an_account_that_may_rewrite_the_record(database_roles):
    def warned() -> list[str]:
        found = checks.run_checks(databases=["default"], include_deployment_checks=True)
        return [message.id for message in found if message.id == "editorial.W001"]

    assert warned() == ["editorial.W001"]
    for role, expected in ((database_roles.owner, ["editorial.W001"]), (database_roles.application, [])):
        with acting(role):
            assert warned() == expected
    sql(f"GRANT DELETE ON reviews_review TO {database_roles.application}")
    with acting(database_roles.application):
        assert warned() == ["editorial.W001"]
