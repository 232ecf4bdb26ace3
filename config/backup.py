"""Backs up an installation while it runs: ``python -m config.backup FOLDER``.

One snapshot of the database, whatever is written meanwhile, with the files that ``--with`` names (the file of anchors)
and a manifest: sums, releases, migrations, how many rows each table has, the head of the audit chain. What is in FOLDER
afterwards is whole: it is written beside it and moved there last. Nothing is encrypted here; age or gpg does that.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import postgres
from config.postgres import Refused

MANIFEST = "manifest.json"
DUMP = "database.dump"
VERSION = 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.backup", description="Backs up an installation.")
    parser.add_argument("folder", type=Path, help="a folder that doesn't exist yet")
    parser.add_argument("--with", dest="files", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--check", action="store_true", help="look whether the backup in FOLDER is whole, and stop")
    options = parser.parse_args(arguments)
    try:
        manifest = checked(options.folder) if options.check else made(options.folder, options.files)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    size = sum(file["bytes"] for file in manifest["files"].values())
    rows = sum(manifest["rows"].values())
    print(f"{options.folder}: {rows} rows as of {manifest['at']}, {size} bytes, every sum is right.")
    return 0


def made(folder: Path, files: list[Path]) -> dict[str, Any]:
    """Make the backup. Raises Refused, and leaves nothing behind then."""
    if folder.exists():
        raise Refused(f"{folder} exists already. Give each backup a folder of its own.")
    names = [DUMP, MANIFEST, *(file.name for file in files)]
    if len(set(names)) < len(names):
        raise Refused("Two of the files have the same name. Rename one.")
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    fresh.mkdir(mode=0o700, parents=True)
    try:
        manifest = _dumped(postgres.address(), fresh)
        for file in files:
            _copied(file, fresh / file.name)
        manifest["files"] = {path.name: _sum(path) for path in sorted(fresh.iterdir())}
        (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1))
        for path in (*fresh.iterdir(), fresh):
            path.chmod(0o700 if path == fresh else 0o600)
            _to_disk(path)
        fresh.rename(folder)
        _to_disk(folder.resolve().parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return checked(folder)


def _dumped(url: str, folder: Path) -> dict[str, Any]:
    """Dump one snapshot, and say what is in that same snapshot."""
    with postgres.connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = postgres.one(connection, "SELECT pg_export_snapshot()")
        described = {
            "version": VERSION,
            "at": postgres.one(connection, "SELECT transaction_timestamp()").astimezone(UTC).isoformat(),
            "made_at": datetime.now(UTC).isoformat(),
            "server": postgres.one(connection, "SHOW server_version_num"),
            "migrations": postgres.migrations(connection),
            "head": postgres.head(connection),
            "rows": postgres.counts(connection),
        }
        words = ("--format=custom", "--compress=6", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s")
        postgres.run(url, "pg_dump", *words, f"--snapshot={snapshot}", f"--file={folder / DUMP}")
    if not described["migrations"]:
        raise Refused("This database holds no installation: it was never migrated.")
    return described


def checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole. Raises Refused."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        files, version = dict(manifest["files"]), manifest["version"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Refused(f"{folder} holds no backup: its {MANIFEST} can't be read ({type(problem).__name__}).") from None
    if version != VERSION:
        raise Refused(
            f"This backup is of version {version}; this release reads {VERSION}. Use the release that made it."
        )
    for name, said in files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file() or _sum(path) != said:
            raise Refused(f"{name} isn't what the manifest says: the backup is damaged. Use another one.")
    if DUMP not in files:
        raise Refused(f"{folder} holds no {DUMP}.")
    return dict(manifest)


def _copied(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as problem:
        raise Refused(f"{source} can't be copied: {problem.strerror}.") from None


def _sum(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
