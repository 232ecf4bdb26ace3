"""Whether the record is kept as an installation that lasts should keep it: closed, watched, signed elsewhere."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from editorial import anchors, captures, clock, database_roles, unexplained
from editorial.doctor.findings import Finding, fault, fine, warning


def rights() -> Iterator[Finding]:
    """Guards are triggers: whoever owns a table is free of them."""
    if connection.vendor != "postgresql":
        yield fine("SQLite has none")
    elif database_roles.may_rewrite():
        yield warning(
            "the site's account may change what is recorded",
            "Run `manage.py setup_database_roles`, and give DATABASE_URL the application's account.",
        )
    else:
        yield fine("what is recorded can be added to alone")


def changes() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        yield fine("SQLite notes none")
        return
    missing = captures.missing()
    if missing:
        yield fault(
            f"changes of {len(missing)} tables aren't noted, such as {missing[0]}",
            "Run `manage.py migrate` as the tables' owner, then `manage.py verify`.",
        )
    past = unexplained.waiting(clock.now())
    if past:
        yield warning(
            f"{past:.0f} were made past the desk, and nobody looked into them",
            "A chief editor opens “changes past the desk”, and says in the record what came of each.",
        )
    if not missing and not past:
        yield fine("all are noted and explained")


def signing() -> Iterator[Finding]:
    lacking = anchors.lacking()
    if lacking:
        yield warning(lacking, "Make a key with `manage.py make_audit_key PATH`, and set what is missing for workers.")
    elif anchors.readiness(clock.now()) != "ok":
        yield fault("the end of the record wasn't signed lately", "Look at the worker's log: it says why.")
    else:
        yield fine("the end of the record is signed each minute")


def second_factors() -> Iterator[Finding]:
    if settings.SECOND_FACTOR:
        yield fine("board members and editors need one")
    else:
        yield warning("nobody needs one", "Set SECOND_FACTOR=required, then run `manage.py migrate`.")


EXAMINATIONS = (
    ("rights in the database", rights, "migrations"),
    ("changes", changes, "migrations"),
    ("signed record", signing, "migrations"),
    ("second factors", second_factors, ""),
)
