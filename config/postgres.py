"""PostgreSQL as its own programs see it: for backup and restore, which work below Django."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
import psycopg.sql

from config import env


class Refused(Exception):
    """It can't be done; the message says what to do."""


PASSED_ON = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")


def address() -> str:
    """The database of this installation, as its owner where one is named. Raises Refused."""
    env.read_files()
    for name in ("MIGRATION_DATABASE_URL", "DATABASE_URL"):
        url = env.text(name, default="", takes="postgres://user:password@host:5432/name")
        if url:
            break
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise Refused("DATABASE_URL doesn't name a PostgreSQL: it takes postgres://user:password@host:5432/name.")
    return url


def variables(url: str) -> dict[str, str]:
    """What PostgreSQL's programs read from the environment: there a password is seen by nobody else."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": options.get("host", "") or unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        **{f"PG{name.upper().replace('_', '')}": options[name] for name in PASSED_ON if name in options},
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: value for name, value in found.items() if value}


def run(url: str, *command: str) -> str:
    """Run one of PostgreSQL's programs on this database; what it said. Raises Refused."""
    try:
        done = subprocess.run(command, env=variables(url), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Refused(
            f"{command[0]} wasn't found. Install PostgreSQL's client programs, of the server's release."
        ) from None
    if done.returncode:
        raise Refused(f"{command[0]} failed: {done.stderr.strip()[-800:]}")
    return done.stdout


@contextmanager
def connected(url: str) -> Iterator["psycopg.Connection[Any]"]:
    """A connection of one's own, that may idle in its transaction while a program works. Raises Refused."""
    try:
        connection = psycopg.connect(url, options="-c idle_in_transaction_session_timeout=0")
    except psycopg.OperationalError as problem:
        raise Refused(f"The database can't be reached: {str(problem).strip()}") from None
    with connection:
        yield connection


def one(connection: "psycopg.Connection[Any]", statement: Any, values: Sequence[Any] = ()) -> Any:
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None


def tables(connection: "psycopg.Connection[Any]") -> list[str]:
    found = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    return [name for (name,) in connection.execute(found)]


def counts(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """How many rows each table has, in this connection's snapshot."""
    statement = psycopg.sql.SQL("SELECT count(*) FROM {}").format
    return {name: one(connection, statement(psycopg.sql.Identifier(name))) for name in tables(connection)}


def migrations(connection: "psycopg.Connection[Any]") -> list[str]:
    if "django_migrations" not in tables(connection):
        return []
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in rows]


def head(connection: "psycopg.Connection[Any]") -> dict[str, Any] | None:
    """The last event of the audit chain: what the restored chain must end with."""
    if "editorial_auditevent" not in tables(connection):
        return None
    rows = connection.execute("SELECT sequence, hash FROM editorial_auditevent ORDER BY sequence DESC LIMIT 1")
    row = rows.fetchone()
    return {"sequence": row[0], "hash": row[1]} if row else None
