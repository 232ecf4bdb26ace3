"""Roles and migrations by the commands themselves, where nobody is a superuser: as on a managed server."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests import roles

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch():
    """A database that belongs to an account which may make roles and databases; all of it gone afterwards."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has roles")
    admin, names = f"test_{os.getpid()}_admin", roles.names()
    known = connection.get_connection_params()
    where = {name: known[name] for name in ("host", "port", "dbname", "user", "password") if known.get(name)}
    with psycopg.connect(**where, autocommit=True) as session:
        session.execute(f"CREATE ROLE {admin} LOGIN CREATEROLE CREATEDB PASSWORD '{roles.PASSWORD}'")
        session.execute(f"CREATE DATABASE {admin} OWNER {admin}")
        try:
            yield {"admin": admin, **names}
        finally:
            session.execute(f"DROP DATABASE {admin} WITH (FORCE)")
            made = session.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(names.values())])
            for (name,) in [*made.fetchall(), (admin,)]:
                session.execute(f"DROP OWNED BY {name}")
                session.execute(f"DROP ROLE {name}")


def url(role: str, scratch: dict[str, str]) -> str:
    known = connection.get_connection_params()
    port = f"&port={known['port']}" if known.get("port") else ""
    host = quote(known.get("host", ""), safe="")
    return f"postgres://{role}:{quote(roles.PASSWORD)}@/{scratch['admin']}?host={host}{port}"


def manage(scratch: dict[str, str], role: str, *words: str, migrates: str = "") -> subprocess.CompletedProcess[str]:
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given |= {"IMPRIMATUR_ENV": "test", "DATABASE_URL": url(role, scratch)}
    given |= {f"DATABASE_{duty.upper()}_ROLE": scratch[duty] for duty in ("owner", "application", "reader")}
    given |= {f"DATABASE_{duty.upper()}_PASSWORD": roles.PASSWORD for duty in ("owner", "application", "reader")}
    if migrates:
        given["MIGRATION_DATABASE_URL"] = url(migrates, scratch)
    command = [sys.executable, "-B", "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=300)


def test_from_an_empty_database_to_roles_that_migrate_and_work(scratch):
    admin, owner, application = scratch["admin"], scratch["owner"], scratch["application"]
    assert manage(scratch, admin, "migrate", "-v", "0").returncode == 0

    made = manage(scratch, admin, "setup_database_roles")
    assert made.returncode == 0, made.stderr
    assert f"Made the role {owner}." in made.stdout
    assert f"Set the password of {application}." in made.stdout
    assert "Left to everybody, since only a superuser may take it" in made.stdout
    assert roles.PASSWORD not in made.stdout + made.stderr

    refused = manage(scratch, application, "migrate")
    assert refused.returncode == 1
    assert f"account {application} may not change tables. Set MIGRATION_DATABASE_URL to the" in refused.stderr
    for words in (["migrate", "reviews", "0005", "-v", "0"], ["migrate", "-v", "0"]):
        done = manage(scratch, application, *words, migrates=owner)
        assert done.returncode == 0, done.stderr

    assert manage(scratch, application, "setup_roles").returncode == 0
    verified = manage(scratch, application, "verify")
    assert verified.returncode == 0, verified.stdout
    again = manage(scratch, admin, "setup_database_roles")
    assert again.returncode == 0, again.stderr
    assert "Made" not in again.stdout
