"""The three roles as they stand in production, under names of this process's own; and connections as one of them."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.test import override_settings

from editorial import database_roles, role_setup
from editorial.database_roles import Roles

PASSWORD = secrets.token_urlsafe(16)


def names() -> dict[str, str]:
    """A cluster has one set of roles for all its databases, and another process may be testing in another."""
    own = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    return {duty: f"{own}_{duty}" for duty in ("owner", "application", "reader")}


@contextmanager
def standing() -> Iterator[Roles]:
    """Set up by the command's own code, committed, and gone afterwards."""
    with override_settings(DATABASE_ROLES=names()):
        as_delivered()
        roles = database_roles.roles()
        role_setup.setup("default", dict.fromkeys(names(), PASSWORD))
        try:
            yield roles
        finally:
            drop(roles)


def as_delivered() -> None:
    """What PostgreSQL gives to everybody in a new database, whatever an earlier set-up took from it."""
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" TO PUBLIC')
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        cursor.execute("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")
        cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
        for function in role_setup._MAKING_OBJECTS:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO PUBLIC")


def drop(roles: Roles) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REASSIGN OWNED BY {roles.owner} TO CURRENT_USER")
        cursor.execute(f"DROP OWNED BY {roles.owner}, {roles.application}, {roles.reader}")
        cursor.execute(f"DROP ROLE {roles.owner}, {roles.application}, {roles.reader}")


@contextmanager
def connected(role: str) -> Iterator[Any]:
    """A session that signed in as the role, so that there is nobody it could go back to be."""
    known = connection.get_connection_params()
    where = {name: known[name] for name in ("host", "port", "dbname") if known.get(name)}
    with psycopg.connect(**where, user=role, password=PASSWORD, autocommit=True) as session:
        yield session


@contextmanager
def acting(role: str) -> Iterator[None]:
    """Inside, the test's own connection has the rights of the role, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        connection.needs_rollback = False
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
