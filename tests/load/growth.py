"""How much longer the desk and the site take as an installation grows: `python -m tests.load.growth`.

Starts a PostgreSQL of its own, loads an installation of each size with `manage.py load_scale`, and then goes round:
each act once in each installation, again and again, so that a busy machine slows all alike. Goals stand beside what
came out, and misses are named.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import servers, throwaway

GOALS = {"list": 1.5, "page": 1.5, "verb": 1.2}
MOST_QUERIES = 8
"""Of a list's own."""

OF_THE_FRAME = 4
"""Queries of every page of the desk: session, person, roles, and what waits for them."""

WARMING = 2
"""Rounds that aren't timed: the first fills what is kept between requests, and the second counts queries."""

LEAST_FREE = 15 * 10**9
BYTES_EACH = 62_000
"""On disk for an article while an installation is loaded, sorting included."""

LARGE = (
    *(each for each in throwaway.SETTINGS if not each.startswith("max_connections")),
    *("max_connections=40", "shared_buffers=1GB", "effective_cache_size=6GB", "random_page_cost=1.1"),
    *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=2GB", "checkpoint_timeout=15min", "jit=off"),
)
Installation = tuple[int, subprocess.Popen[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="articles, the smallest first")
    parser.add_argument("--rounds", type=int, default=9, help="how often each page is asked for at each size")
    parser.add_argument("--server", help="a PostgreSQL where growth_N are made, used if they stand, and stay")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is stopped
    with server(chosen.server) as address:
        compare(address, [size for size in sizes if load(address, size)], chosen.rounds)


@contextmanager
def server(address: str | None) -> Iterator[str]:
    """The address of a server, without a database; one of its own unless there is one."""
    if address:
        yield address
        return
    folder, running = Path(tempfile.mkdtemp(prefix="imprimatur-growth-")), []
    folder.chmod(0o755)  # the account that PostgreSQL drops to must pass through
    try:
        programs, home, how = throwaway.initialised(folder)
        log = folder / "postgres.log"
        with log.open("ab") as output:
            command = throwaway.postgres_command(programs, home, LARGE)
            running.append(subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **how))
        yield throwaway.with_database(running[0], programs, home, how, log)
    finally:
        for process in running:
            servers.stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def environment(address: str, size: int) -> dict[str, str]:
    url = urlsplit(address)._replace(path=f"/growth_{size}").geturl()
    return {**os.environ, "DATABASE_URL": url, "IMPRIMATUR_ENV": "test", "DJANGO_SETTINGS_MODULE": "config.settings"}


def load(address: str, size: int) -> bool:
    """An installation of so many articles, unless it stands. False, and said, where the disk is too small for it."""
    import psycopg  # why: only here, and the help needs no driver

    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"growth_{size}"]).fetchone():
            return True
        free = shutil.disk_usage(tempfile.gettempdir()).free
        if free - size * BYTES_EACH < LEAST_FREE:
            needed = f"{(size * BYTES_EACH + LEAST_FREE) / 1e9:.0f} GB"
            print(f"LEFT OUT: {size:,} articles need {needed}, and {free / 1e9:.0f} GB are free.", flush=True)
            return False
        connection.execute(f"CREATE DATABASE growth_{size}")
        began = time.monotonic()
        for command in (["migrate", "-v0"], ["load_scale", str(size)]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, env=environment(address, size))
        row = connection.execute("SELECT pg_database_size(%s)", [f"growth_{size}"]).fetchone()
        assert row
        print(f"{size:,} articles: {time.monotonic() - began:.0f} s, {row[0] / size / 1000:.0f} kB each", flush=True)
    return True


def compare(address: str, sizes: list[int], rounds: int) -> None:
    if not sizes:
        sys.exit("Not one installation fits on this disk.")
    installations = [(size, worker(address, size)) for size in sizes]
    try:
        acts, *_others = [heard(process) for _size, process in installations]
        found: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for number in range(rounds):
            for act in range(len(acts)):
                for size, process in installations if number % 2 else reversed(installations):
                    found.setdefault((act, size), []).append(asked(process, act))
        report(acts, sizes, found)
    finally:
        for _size, process in installations:
            assert process.stdin
            process.stdin.close()
            process.wait()


def worker(address: str, size: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.load.growth_worker"],
        env=environment(address, size),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(process: subprocess.Popen[str], act: int) -> dict[str, Any]:
    assert process.stdin
    process.stdin.write(f"{act}\n")
    process.stdin.flush()
    return heard(process)


def heard(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline() or sys.exit("a worker died; see above"))


def report(acts: list[tuple[str, str]], sizes: list[int], found: dict[tuple[int, int], list[dict[str, Any]]]) -> None:
    """Medians, the goals beside them, and what misses its goal."""
    print(
        f"\n{'ms of the processor (of the clock), queries':46}" + "".join(f"{size:>23,}" for size in sizes), flush=True
    )
    missed = []
    for number, (name, kind) in enumerate(acts):
        if problems := {row["problem"] for size in sizes for row in found[number, size] if "problem" in row}:
            missed.append(f"{name}: not measured, {', '.join(sorted(problems))}")
            continue
        cpu = [median(found[number, size], "cpu") for size in sizes]
        wall = [median(found[number, size], "ms") for size in sizes]
        queries = [int(found[number, size][WARMING - 1]["queries"]) for size in sizes]
        cells = "".join(f"{c:9.1f} ({w:7.1f}){q:4}" for c, w, q in zip(cpu, wall, queries, strict=True))
        print(f"{name:46}{cells}  {cpu[-1] / cpu[0]:5.2f} × (goal {GOALS[kind]})", flush=True)
        missed += misses(name, kind, cpu[-1] / cpu[0], queries)
    print("\nMissed:\n  " + "\n  ".join(missed) if missed else "\nEvery goal is met.", flush=True)


def misses(name: str, kind: str, ratio: float, queries: list[int]) -> Iterator[str]:
    own = max(queries) - (0 if name.startswith("reader") else OF_THE_FRAME)
    if ratio > GOALS[kind]:
        yield f"{name}: {ratio:.2f} × for a goal of {GOALS[kind]}"
    if kind == "list" and own > MOST_QUERIES:
        yield f"{name}: {own} queries of its own for a goal of {MOST_QUERIES}"
    if len(set(queries)) > 1:
        yield f"{name}: {queries} queries, by size"


def median(rows: list[dict[str, Any]], what: str) -> float:
    return statistics.median(row[what] for row in rows[WARMING:])


if __name__ == "__main__":
    main()
