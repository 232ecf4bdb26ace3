"""Whoever has the public site's account in PostgreSQL has the public tables to read, one table to add to, and no more.

Each kind of attack is tried in a session that signed in as the reader; afterwards by a superuser, who gets through, so
that it is the role that stops them and not a typing error.
"""

import psycopg
import pytest
from django.db import connection
from psycopg import errors

from articles.reader.search import postgres
from tests.roles import connected

pytestmark = pytest.mark.django_db

SHOWN = {
    "articles_publictopic",
    "articles_publicmember",
    "articles_publicpage",
    "articles_publicpage_in_topics",
    "articles_publicpage_reviewed_by",
    "articles_publicnotice",
    "articles_publicpolicy",
    "articles_searchentry",
}
"""house.md, “What readers' tables hold”; and articles_readermessage, to which the reader adds."""

MESSAGE = "INSERT INTO articles_readermessage ({}uuid, kind, text, slug, email, outcome, received_at{}) VALUES ({}"
MESSAGE += "gen_random_uuid(), 'error', 'x', '', '', '', now(){})"

ATTACKS = {
    "a join, a subquery, a union": [
        "SELECT q.title FROM articles_publicpage p JOIN articles_publication q ON q.id = p.publication_id",
        "SELECT slug FROM articles_publicpage WHERE EXISTS (SELECT FROM articles_article WHERE title LIKE 'a%')",
        "SELECT title FROM articles_publicpage UNION SELECT title FROM articles_article",
        "SELECT text FROM articles_readermessage",
    ],
    "a function that runs a query": [
        "SELECT query_to_xml('SELECT * FROM editorial_user', true, true, '')",
        "SELECT table_to_xml('editorial_user', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(email) FROM editorial_user')",
        "SELECT imprimatur_refuse()",
    ],
    "copying out and in": [
        "COPY editorial_user TO STDOUT",
        "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'",
        "COPY articles_readermessage (text) FROM PROGRAM 'true'",
        "COPY articles_readermessage (text) FROM '/dev/null'",
        "COPY (SELECT 1) TO '/dev/null'",
    ],
    "large objects": [
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_import('/dev/null')",
    ],
    "the server's files": [
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_read_binary_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_stat_file('PG_VERSION')",
        "SELECT * FROM pg_ls_waldir()",
        "SELECT * FROM pg_hba_file_rules",
    ],
    "becoming somebody else": [
        "SET ROLE {owner}",
        "SET ROLE {application}",
        "SET SESSION AUTHORIZATION {application}",
        "GRANT {application} TO {reader}",
        "ALTER ROLE {reader} SUPERUSER",
        "ALTER ROLE {reader} CREATEROLE",
        "CREATE ROLE {reader}_2",
        "SET session_replication_role = 'replica'",
        "GRANT SELECT ON articles_article TO {reader}",
    ],
    "making things": [
        "CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE sql COST 0.0001 AS 'SELECT true'",
        "CREATE TEMP TABLE kept AS SELECT 1",
        "CREATE TABLE kept (id int)",
        "SELECT 1 AS one INTO kept",
        "CREATE VIEW seen AS SELECT * FROM articles_publicpage",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "DO 'BEGIN END'",
        "CREATE OPERATOR <<<< (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)",
        "CREATE RULE r AS ON INSERT TO articles_readermessage DO INSTEAD NOTHING",
        "CREATE TRIGGER t BEFORE INSERT ON articles_readermessage EXECUTE FUNCTION imprimatur_refuse()",
        "CREATE PUBLICATION everything FOR ALL TABLES",
    ],
    "changing what readers see": [
        *(f"UPDATE {table} SET id = id" for table in sorted(SHOWN)),
        *(f"DELETE FROM {table}" for table in sorted(SHOWN)),
        *(f"TRUNCATE {table} CASCADE" for table in sorted(SHOWN)),
        "INSERT INTO articles_publictopic (slug, name, mesh_id) VALUES ('x', 'x', '')",
        "SELECT id FROM articles_publicpage FOR UPDATE",
        "LOCK TABLE articles_publicpage IN ACCESS EXCLUSIVE MODE",
        "ALTER TABLE articles_publicpage ADD COLUMN mine int",
        "DROP TABLE articles_searchentry",
        "MERGE INTO articles_publictopic t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ],
    "what is hidden in the catalogue": [
        "SELECT rolpassword FROM pg_authid",
        "SELECT passwd FROM pg_shadow",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_file_settings",
        "SELECT subconninfo FROM pg_subscription",
    ],
    "numbers of rows": [
        "SELECT nextval('articles_readermessage_id_seq')",
        "SELECT setval('articles_readermessage_id_seq', 1)",
        "SELECT last_value FROM articles_article_id_seq",
    ],
    "a message with more in it than a reader writes": [
        MESSAGE.format("id, ", "", "900, ", ""),
        MESSAGE.format("", ", handled_at", "", ", now()"),
        MESSAGE.format("", ", article_id", "", ", NULL"),
        MESSAGE.format("", ", handled_by_id", "", ", NULL"),
        MESSAGE.format("", "", "", "") + " RETURNING id",
        MESSAGE.format("", "", "", "") + " ON CONFLICT (uuid) DO UPDATE SET text = 'mine'",
        "UPDATE articles_readermessage SET text = 'mine'",
        "DELETE FROM articles_readermessage",
    ],
    "others' sessions": ["SELECT pg_terminate_backend({other})", "SELECT pg_cancel_backend({other})"],
}


@pytest.fixture
def reader(database_roles):
    with connected(database_roles.reader) as session:
        yield session


@pytest.fixture
def other(database_roles):
    """The application at work, for whoever would look over its shoulder."""
    with connected(database_roles.application) as session:
        yield session


def named(statement: str, roles, other) -> str:
    return statement.format(**vars(roles), other=other.info.backend_pid)


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


@pytest.mark.parametrize("kind", ATTACKS)
def test_the_reader_is_denied(kind, reader, other, database_roles):
    tried = [named(statement, database_roles, other) for statement in ATTACKS[kind]]
    assert {s: found for s in tried if (found := came_of(reader, s)) != "denied"} == {}


def test_there_are_more_than_ten_kinds_and_a_superuser_gets_through_with_each(database_roles, other):
    assert len(ATTACKS) > 10
    known = connection.get_connection_params()
    where = {name: known[name] for name in ("host", "port", "dbname", "user", "password") if known.get(name)}
    left_out = ("COPY editorial_user TO STDOUT", "SELECT imprimatur_refuse()", *ATTACKS["others' sessions"])
    harmless = [s for found in ATTACKS.values() for s in found if s not in left_out]
    with psycopg.connect(**where, autocommit=True) as above:
        found = {s: came_of(above, named(s, database_roles, other)) for s in harmless}
    assert {s: came for s, came in found.items() if came == "denied"} == {}
    assert {s: came for s, came in found.items() if came != "done"} == {}


def test_the_reader_counts_words_and_the_statistics_tell_it_of_its_own_tables_alone(reader, database_roles):
    assert reader.execute(postgres._COUNTS, [20, 10, 10, ["yak"], 1000, 1000]).fetchone()[0] == "yak"
    with connected(database_roles.owner) as owner:
        owner.execute("ANALYZE editorial_user, articles_publicpage")
    named = reader.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'").fetchall()
    assert {table for (table,) in named} <= SHOWN


def test_the_reader_may_exactly_this(database_roles):
    """Every table and every column, asked of PostgreSQL itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, p.name FROM pg_class c, (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'),"
            " ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p(name)"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
            " AND CASE WHEN p.name IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(%s, c.oid, p.name)"
            " ELSE has_any_column_privilege(%s, c.oid, p.name) END",
            [database_roles.reader] * 2,
        )
        found = set(cursor.fetchall())
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'articles_readermessage'::regclass AND attnum > 0"
            " AND has_column_privilege(%s, attrelid, attnum, 'INSERT')",
            [database_roles.reader],
        )
        columns = {name for (name,) in cursor.fetchall()}
    assert found == {(table, "SELECT") for table in SHOWN} | {("articles_readermessage", "INSERT")}
    assert columns == {"uuid", "kind", "text", "slug", "version", "email", "received_at", "outcome"}


def test_the_reader_reads_and_writes_what_the_site_needs(reader):
    for table in SHOWN:
        assert came_of(reader, f"SELECT * FROM {table}") == "done"
    assert came_of(reader, MESSAGE.format("", "", "", "") + " ON CONFLICT DO NOTHING") == "done"
    assert came_of(reader, "SELECT word_similarity('presure', 'blood pressure') > 0.3") == "done"


def test_the_reader_sees_nothing_of_what_others_are_doing(reader, other):
    other.execute("SELECT 'a secret of the desk'")
    seen = reader.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.info.backend_pid]).fetchone()
    assert seen == ("<insufficient privilege>",)
    everything = reader.execute("SELECT pg_stat_activity::text FROM pg_stat_activity").fetchall()
    assert [row for (row,) in everything if "a secret of the desk" in row and "<insuff" not in row] == []


def test_a_readers_query_ends_after_five_seconds(reader):
    assert reader.execute("SHOW statement_timeout").fetchone() == ("5s",)
    reader.execute("SET statement_timeout = '50ms'")
    with pytest.raises(errors.QueryCanceled):
        reader.execute("SELECT pg_sleep(3)")
