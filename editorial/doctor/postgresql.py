"""Whether the database is one that this release can live on."""

from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from editorial import guards
from editorial.doctor.findings import Finding, fault, fine, warning

OLDEST, ADVISED = 15, 16
DATABASE = "database"


def database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError) as problem:
        yield fault(
            f"it can't be reached ({type(problem).__name__})",
            "Look whether it runs, and whether DATABASE_URL names its host, port, name and account.",
        )
        return
    if connection.vendor != "postgresql":
        yield warning("SQLite: for the demo", "Name a PostgreSQL in DATABASE_URL for whatever shall last.")
        return
    yield _version(asked("SHOW server_version"), int(asked("SHOW server_version_num")) // 10_000)
    if asked("SHOW server_encoding") != "UTF8":
        yield fault("its encoding isn't UTF8", "Make a database with ENCODING 'UTF8', and restore a backup into it.")


def account() -> Iterator[Finding]:
    """Whoever may do anything may also take the guards away."""
    if connection.vendor != "postgresql":
        yield fine("SQLite has none")
    elif asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        yield fault("the site's account is a superuser, so no guard holds", "Give it an account without SUPERUSER.")
    else:
        yield fine("no superuser")


def _version(named: str, major: int) -> Finding:
    if major < OLDEST:
        return fault(f"PostgreSQL {named} is too old", f"Upgrade to PostgreSQL {ADVISED} or later.")
    if major < ADVISED:
        return warning(f"PostgreSQL {named}", f"It works; {ADVISED} or later is what installations should run.")
    return fine(f"PostgreSQL {named}")


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def migrations() -> Iterator[Finding]:
    written = set(MigrationLoader(None).disk_migrations)
    applied = set(MigrationRecorder(connection).applied_migrations())
    ours = {app for app, _name in written}
    missing, later = written - applied, {(app, name) for app, name in applied - written if app in ours}
    if missing:
        yield fault(f"{len(missing)} aren't applied, such as {'.'.join(min(missing))}", "Run `manage.py migrate`.")
    if later:
        yield warning(
            f"the database knows {'.'.join(max(later))}, which this release doesn't",
            "Install the release that the database is of; docs/upgrading.md says how to go back.",
        )
    if not missing and not later:
        yield fine(f"all {len(written)} are applied")


def guards_stand() -> Iterator[Finding]:
    missing = guards.missing()
    if missing:
        yield fault(
            f"{len(missing)} are missing, such as {missing[0]}", "Run `manage.py migrate`, then `manage.py verify`."
        )
    else:
        yield fine("all stand")


def extensions() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        yield fine("SQLite needs none")
    elif asked("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"):
        yield fine("pg_trgm is there")
    else:
        yield fault(
            "pg_trgm is missing: search mends no typing errors",
            "As the database's owner or a superuser: CREATE EXTENSION pg_trgm; then `manage.py migrate`.",
        )


EXAMINATIONS = (
    (DATABASE, database, ""),
    ("database account", account, DATABASE),
    ("migrations", migrations, DATABASE),
    ("guards", guards_stand, "migrations"),
    ("extensions", extensions, DATABASE),
)
