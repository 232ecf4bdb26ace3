"""A backup is one snapshot and whole, or it isn't one; a restore says what it can't do before it begins."""

import json
import os
import shutil
import sys
import uuid
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import backup, postgres, restore
from config.postgres import Refused
from tests.throwaway import postgres_programs

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own programs")
HELD = "SELECT count(*) FROM editorial_mailhold"


@pytest.fixture
def database(monkeypatch):
    """Makes empty databases beside the tests' own; their addresses. The last one is the installation's."""
    server, made = os.environ["DATABASE_URL"], []
    if "PATH" in os.environ:
        monkeypatch.setenv("PATH", f"{postgres_programs()}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("MIGRATION_DATABASE_URL", raising=False)

    def make() -> str:
        name = f"backup_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as maker:
            maker.execute(f"CREATE DATABASE {name}")
        made.append(name)
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        monkeypatch.setenv("DATABASE_URL", url)
        return url

    yield make
    with psycopg.connect(server, autocommit=True) as maker:
        for name in made:
            maker.execute(f"DROP DATABASE {name} WITH (FORCE)")


def asked(url: str, statement: str):
    with psycopg.connect(url) as line:
        return line.execute(statement).fetchone()[0]


def small(url: str) -> None:
    """Something that looks like an installation, from before all migrations of this release."""
    with psycopg.connect(url) as line:
        line.execute("CREATE TABLE django_migrations (app text, name text)")
        line.execute("INSERT INTO django_migrations VALUES ('editorial', '0001_first')")
        line.execute("CREATE TABLE editorial_auditevent (sequence int, hash text)")
        line.execute("INSERT INTO editorial_auditevent VALUES (1, 'a'), (2, 'b')")


def test_a_backup_says_what_is_in_it_and_nobody_else_can_read_it(database, tmp_path):
    small(database())
    anchors = tmp_path / "anchors.jsonl"
    anchors.write_text("{}\n")
    manifest = backup.made(tmp_path / "one", [anchors])
    assert manifest["rows"] == {"django_migrations": 1, "editorial_auditevent": 2}
    assert manifest["head"] == {"sequence": 2, "hash": "b"}
    assert manifest["migrations"] == ["editorial.0001_first"]
    assert sorted(manifest["files"]) == ["anchors.jsonl", "database.dump"]
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "one").iterdir()} == {0o600}
    assert backup.main([str(tmp_path / "one"), "--check"]) == 0


def test_what_is_written_while_a_backup_is_made_is_in_neither_the_dump_nor_the_manifest(
    database, tmp_path, monkeypatch
):
    """The dump is of the manifest's own snapshot, however late it begins."""
    url = database()
    small(url)
    run = postgres.run

    def late(*words):
        with psycopg.connect(url) as line:
            line.execute("INSERT INTO editorial_auditevent VALUES (3, 'c')")
        return run(*words)

    monkeypatch.setattr(postgres, "run", late)
    manifest = backup.made(tmp_path / "one", [])
    monkeypatch.undo()
    assert asked(url, "SELECT count(*) FROM editorial_auditevent") == 3
    other = postgres_url_of(database)
    restore._data(other, tmp_path / "one")
    assert restore.compared(other, manifest) == []
    assert asked(other, "SELECT count(*) FROM editorial_auditevent") == 2


def postgres_url_of(database) -> str:
    os.environ["PATH"] = f"{postgres_programs()}{os.pathsep}{os.environ['PATH']}"
    return database()


@pytest.mark.parametrize("what", ["there", "name", "file", "empty", "server"])
def test_a_backup_that_cant_be_made_leaves_nothing_behind(database, tmp_path, monkeypatch, what):
    url, folder = database(), tmp_path / "backups" / "one"
    if what != "empty":
        small(url)
    files = {"name": [tmp_path / "database.dump"], "file": [tmp_path / "nothing"]}.get(what, [])
    if what == "there":
        folder.mkdir(parents=True)
    if what == "server":
        monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Refused):
        backup.made(folder, files)
    left = [path.name for path in (tmp_path / "backups").glob("*")] if folder.parent.exists() else []
    assert left == (["one"] if what == "there" else [])


def test_a_backup_that_was_touched_is_refused(database, tmp_path):
    small(database())
    backup.made(tmp_path / "one", [])
    for harm in (spoiled, cut, without_dump, of_another_version, no_manifest, reaching_out):
        copy = tmp_path / harm.__name__
        shutil.copytree(tmp_path / "one", copy)
        harm(copy)
        with pytest.raises(Refused):
            backup.checked(copy)
        assert restore.main([str(copy)]) == 2


def spoiled(folder):
    data = bytearray((folder / "database.dump").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "database.dump").write_bytes(data)


def cut(folder):
    (folder / "database.dump").write_bytes((folder / "database.dump").read_bytes()[:-1])


def without_dump(folder):
    changed(folder, files={})


def of_another_version(folder):
    changed(folder, version=99)


def no_manifest(folder):
    (folder / "manifest.json").write_text("[1]")


def reaching_out(folder):
    changed(folder, files={"../one/database.dump": {"sha256": "", "bytes": 0}})


def changed(folder, **values) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_a_restore_refuses_a_database_with_tables_or_people_in_it_and_a_later_backup(database, tmp_path, capsys):
    small(database())
    manifest = backup.made(tmp_path / "one", [])
    url = postgres.address()
    with pytest.raises(Refused, match="isn't empty"):
        restore.fits(url, manifest)
    fresh = database()
    restore.fits(fresh, manifest)
    with psycopg.connect(fresh), pytest.raises(Refused, match="Somebody else is connected"):
        restore.fits(fresh, manifest)
    with pytest.raises(Refused, match="later release"):
        restore.fits(fresh, {**manifest, "migrations": ["editorial.9999_later"]})
    with pytest.raises(Refused, match="needs 99"):
        restore.fits(fresh, {**manifest, "server": "990001"})


def test_what_isnt_as_in_the_backup_is_named(database, tmp_path):
    small(database())
    manifest = backup.made(tmp_path / "one", [])
    other = database()
    assert restore._data(other, tmp_path / "one") == []
    with psycopg.connect(other) as line:
        line.execute("DELETE FROM editorial_auditevent WHERE sequence = 2")
    wrong = restore.compared(other, manifest)
    assert wrong == ["editorial_auditevent: 1 rows, 2 in the backup", "the audit chain ends with another event"]


@pytest.mark.long
def test_an_installation_comes_back_with_its_guards_its_mail_held_and_everybody_signed_out(database, tmp_path, capsys):
    url = database()
    assert restore._manage(url, "migrate", "--no-input", "--verbosity", "0") == []
    assert restore._manage(url, "setup_roles") == []
    with psycopg.connect(url) as line:
        line.execute("INSERT INTO django_session VALUES ('k', 'd', now() + interval '1 day')")
    assert backup.main([str(tmp_path / "one")]) == 0
    fresh = database()
    assert restore.main([str(tmp_path / "one")]) == 0, capsys.readouterr().out
    assert "Mail is held" in capsys.readouterr().out
    assert asked(fresh, HELD) == 1
    assert asked(fresh, "SELECT count(*) FROM django_session") == 0
    guards = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'imprimatur_guard%'"
    assert asked(fresh, guards) == asked(url, guards) > 0


def test_a_password_is_in_no_command_line():
    found = postgres.variables("postgres://me:p%40ss@db.example:5433/name?sslmode=require")
    wanted = {"PGUSER": "me", "PGPASSWORD": "p@ss", "PGHOST": "db.example", "PGPORT": "5433", "PGDATABASE": "name"}
    assert {name: found[name] for name in wanted} == wanted
    assert found["PGSSLMODE"] == "require"


@pytest.mark.parametrize("url", ["", "sqlite:///x"])
def test_whatever_is_no_postgresql_is_refused(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.delenv("MIGRATION_DATABASE_URL", raising=False)
    with pytest.raises((Refused, ImproperlyConfigured)):
        postgres.address()


def test_a_program_that_isnt_there_is_named():
    with pytest.raises(Refused, match="pg_nothing wasn't found"):
        postgres.run("postgres://a@b/c", "pg_nothing")
    with pytest.raises(Refused, match="failed"):
        postgres.run("postgres://a@b/c", sys.executable, "-c", "raise SystemExit(1)")
