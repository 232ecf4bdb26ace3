"""Makes the three roles in PostgreSQL, or brings them up to date: `manage.py setup_database_roles`.

All in one transaction, so that nobody meets a database that is half closed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from editorial import database_roles

READER_SECONDS = 5
"""How long a reader's query may take; a page takes thousandths of it."""

_POWERS = {
    "rolsuper": "SUPERUSER",
    "rolcreatedb": "CREATEDB",
    "rolcreaterole": "CREATEROLE",
    "rolreplication": "REPLICATION",
    "rolbypassrls": "BYPASSRLS",
}
_MAKING_OBJECTS = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)")


class NotAllowed(Exception):
    """Whoever runs this may not do it; says what is needed."""


def setup(using: str, passwords: Mapping[str, str]) -> list[str]:
    """Do it all; what was done, in sentences. ``passwords``: by the role's duty, only those that are to be set."""
    roles = database_roles.roles()
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        me, above = cursor.fetchone()
        said = []
        for duty, name in vars(roles).items():
            said += _made(cursor, name, above)
            said += _stripped(cursor, name, me, above)
            if duty != "owner":
                said += _left_groups(cursor, name)
            if duty in passwords:
                _set_password(connection, cursor, name, passwords[duty])
                said.append(f"Set the password of {name}.")
        if not above and me != roles.owner:
            cursor.execute(f'GRANT "{roles.owner}" TO CURRENT_USER')
        said += _close_database(cursor, roles, above)
        said += _close_server(cursor, roles, above)
        if above:  # whoever isn't may only move what the account that runs this owns
            cursor.execute(f'REASSIGN OWNED BY "{roles.application}", "{roles.reader}" TO "{roles.owner}"')
        count = database_roles.own(cursor)
        said += [f"Gave {count} tables and functions to {roles.owner}."] if count else []
        cursor.execute(f'ALTER DEFAULT PRIVILEGES FOR ROLE "{roles.owner}" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC')
        said += database_roles.grant(using)
    return said


def _made(cursor: Any, name: str, above: bool) -> Iterator[str]:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone() is not None:
        return
    cursor.execute("SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not above and not cursor.fetchone()[0]:
        raise NotAllowed(f"The role {name} isn't there. Run this as a superuser, or as somebody who may create roles.")
    cursor.execute(f'CREATE ROLE "{name}" LOGIN')
    yield f"Made the role {name}."


def _stripped(cursor: Any, name: str, me: str, above: bool) -> Iterator[str]:
    """No role has a power over the server. Raises NotAllowed where one has it and can't be relieved of it."""
    cursor.execute(f"SELECT {', '.join(_POWERS)} FROM pg_roles WHERE rolname = %s", [name])
    powers = [word for word, held in zip(_POWERS.values(), cursor.fetchone(), strict=True) if held]
    if powers and (name == me or not above):
        raise NotAllowed(
            f"The role {name} has {', '.join(powers)}, and none of the three may. Name another role, or run this as"
            " another superuser, who takes that away."
        )
    if powers:
        cursor.execute(f'ALTER ROLE "{name}" {" ".join(f"NO{word}" for word in powers)}')
        yield f"Took {', '.join(powers)} from {name}."


def _left_groups(cursor: Any, name: str) -> Iterator[str]:
    """Neither application nor reader acts as another role."""
    cursor.execute(
        "SELECT quote_ident(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        [name],
    )
    for (group,) in cursor.fetchall():
        cursor.execute(f'REVOKE {group} FROM "{name}"')
        yield f"Took {name} out of {group}."


def _set_password(connection: Any, cursor: Any, name: str, password: str) -> None:
    """Only its verifier travels, so that no log of the server has the password."""
    kept = connection.connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    cursor.execute(f'ALTER ROLE "{name}" PASSWORD %s', [kept.decode()])


def _close_database(cursor: Any, roles: database_roles.Roles, above: bool) -> Iterator[str]:
    """The database and its schema are the owner's; the two others may connect and look, and make nothing."""
    cursor.execute(
        "SELECT quote_ident(datname), r.rolname, quote_ident(current_schema()),"
        " pg_has_role(current_user, datdba, 'MEMBER'),"
        " (SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user)"
        " FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datname = current_database()"
    )
    database, owner, schema, mine, makes = cursor.fetchone()
    if not above and not mine:
        raise NotAllowed(f"The database {database} belongs to {owner}. Run this as {owner}, or as a superuser.")
    if owner != roles.owner and (above or makes):
        cursor.execute(f'ALTER DATABASE {database} OWNER TO "{roles.owner}"')
        yield f"Gave the database {database} to {roles.owner}."
    others = f'PUBLIC, "{roles.application}", "{roles.reader}"'
    cursor.execute(f"REVOKE ALL ON DATABASE {database} FROM {others}")
    cursor.execute(f'GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {database} TO "{roles.owner}"')
    cursor.execute(f'GRANT CONNECT ON DATABASE {database} TO "{roles.application}", "{roles.reader}"')
    cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM {others}")
    cursor.execute(f'GRANT CREATE, USAGE ON SCHEMA {schema} TO "{roles.owner}"')
    cursor.execute(f'GRANT USAGE ON SCHEMA {schema} TO "{roles.application}", "{roles.reader}"')
    yield from _time_limits(cursor, roles, database)


def _time_limits(cursor: Any, roles: database_roles.Roles, database: str) -> Iterator[str]:
    """Kept with the roles, so that they hold behind a pooler too, which takes no options from the application."""
    forgotten = settings.FORGOTTEN_SECONDS
    idle = f"idle_in_transaction_session_timeout={forgotten}s"
    for role, limit, what in (
        (roles.reader, f"statement_timeout={READER_SECONDS}s", f"A query of {{}} ends after {READER_SECONDS} seconds."),
        (roles.reader, idle, ""),
        (roles.application, idle, f"A transaction of {{}} that idles ends after {forgotten} seconds."),
    ):
        cursor.execute(
            "SELECT %s = ANY(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase"
            " WHERE datname = current_database() AND setrole = to_regrole(%s)",
            [limit, f'"{role}"'],
        )
        found = cursor.fetchone()
        if not found or not found[0]:
            setting, _, value = limit.partition("=")
            cursor.execute(f"ALTER ROLE \"{role}\" IN DATABASE {database} SET {setting} = '{value}'")
            yield from [what.format(role)] if what else []


def _close_server(cursor: Any, roles: database_roles.Roles, above: bool) -> Iterator[str]:
    """What PostgreSQL lets everybody do in a database: run blocks of code, and store objects beside its tables."""
    if not above:
        cursor.execute("SELECT has_language_privilege(%s, 'plpgsql', 'USAGE')", [roles.reader])
        if not cursor.fetchone()[0]:
            return  # a superuser was here before
        yield "Left to everybody, since only a superuser may take it: DO blocks and large objects."
        return
    cursor.execute("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    cursor.execute(f'GRANT USAGE ON LANGUAGE plpgsql TO "{roles.owner}"')
    for function in _MAKING_OBJECTS:
        cursor.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC")
