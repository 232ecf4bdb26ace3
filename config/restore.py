"""Restores a backup into an empty database: ``python -m config.restore FOLDER``.

Data, then this release's migrations and the database's guards, then `verify`. All mail is held afterwards, since nobody
knows yet what left after the backup, and everybody signs in anew. Ends with 1 where something isn't as it was, with 2
where nothing was begun.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config import backup, postgres
from config.postgres import Refused

ROOT = Path(__file__).resolve().parent.parent
OPTIONAL = ("setup_database_roles",)
"""Commands that are run where this release has them."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.restore", description="Restores a backup.")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        manifest = backup.checked(options.folder)
        url = postgres.address()
        fits(url, manifest)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    steps: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("data", lambda: _data(url, options.folder)),
        ("rows and audit head as in the backup", lambda: compared(url, manifest)),
        ("sessions ended", lambda: _sessions(url)),
        ("migrations and guards", lambda: _manage(url, "migrate", "--no-input", "--verbosity", "0")),
        ("mail held", lambda: _manage(url, "outbox", "hold", "--reason", "restored", "--backup-at", manifest["at"])),
        ("database roles", lambda: [line for name in OPTIONAL if _has(name) for line in _manage(url, name)]),
        ("verify", lambda: _manage(url, "verify")),
    )
    if all(_done(name, step) for name, step in steps):
        print("Restored. Mail is held: `manage.py outbox` lets it go; docs/operating.md says how.")
        return 0
    print("Start neither web nor workers nor beat on this database: mend what failed, and restore into a new one.")
    return 1


def fits(url: str, manifest: dict[str, Any]) -> None:
    """Raises Refused unless this database and this release can take the backup."""
    unknown = _unknown(manifest["migrations"])
    if unknown:
        raise Refused(f"The backup is of a later release: this one doesn't know {unknown[-1]}. Install that release.")
    with postgres.connected(url) as connection:
        there = int(postgres.one(connection, "SHOW server_version_num")) // 10_000
        needed = int(manifest["server"]) // 10_000
        if there < needed:
            raise Refused(f"The server is PostgreSQL {there}; the backup needs {needed} or later.")
        if postgres.tables(connection):
            raise Refused("This database isn't empty. Make a new one with createdb, and name it in DATABASE_URL.")
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        if postgres.one(connection, f"{others} AND backend_type = 'client backend'"):
            raise Refused("Somebody else is connected to this database. Stop web, workers and beat first.")


def compared(url: str, manifest: dict[str, Any]) -> list[str]:
    """What isn't as the manifest says; nothing where all is."""
    with postgres.connected(url) as connection:
        rows, head = postgres.counts(connection), postgres.head(connection)
    wrong = [
        f"{name}: {rows.get(name)} rows, {manifest['rows'].get(name)} in the backup"
        for name in sorted(rows.keys() | manifest["rows"].keys())
        if rows.get(name) != manifest["rows"].get(name)
    ]
    return [*wrong, *([] if head == manifest["head"] else ["the audit chain ends with another event"])]


def _data(url: str, folder: Path) -> list[str]:
    """In one transaction: what fails leaves the database empty. An extension that stands is no error."""
    words = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments")
    try:
        database = postgres.variables(url)["PGDATABASE"]
        postgres.run(url, "pg_restore", *words, f"--dbname={database}", str(folder / backup.DUMP))
    except Refused as refused:
        return [str(refused)]
    return []


def _sessions(url: str) -> list[str]:
    """Somebody may have been signed out, or shut out, after the backup."""
    with postgres.connected(url) as connection:
        connection.execute("DELETE FROM django_session")
    return []


def _manage(url: str, *words: str) -> list[str]:
    """What went wrong in a command of Django's, run as the database's owner."""
    environment = postgres.variables(url) | {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": url}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()[-30:]


def _has(command: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{command}.py"))


OWN = ("articles", "editorial", "reviews")


def _unknown(migrations: list[str]) -> list[str]:
    """Those of this project's migrations that this release doesn't have; libraries' are pinned with it."""
    return [
        name
        for name in sorted(migrations)
        if name.partition(".")[0] in OWN and not (ROOT / f"{name.replace('.', '/migrations/')}.py").exists()
    ]


def _done(name: str, step: Callable[[], list[str]]) -> bool:
    wrong = step()
    print(f"{name}: {'ok' if not wrong else 'FAILED'}", *(f"  {line}" for line in wrong), sep="\n", flush=True)
    return not wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
