"""An hour of everything at once: ``make soak``. Ends with 1 when something grew or failed.

Readers through nginx and at a process' own door, articles on their whole way at the desk, lists, late seats and their
mail. Twice a minute memory, connections, queues and latency are read; the last third of the time is held against the
second, since the first is when processes fill their pools.
"""

import argparse
import os
import platform
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import psycopg
import redis

from tests.faults import tied
from tests.load.site import Missing, Site
from tests.load.standing import stand
from tests.load.visiting import Readers
from tests.throwaway import Unavailable

READERS, DESKS, POOL, PAGES = 2, 1, 6, 8
EVERY = 30.0
MOST_GROWTH = {"memory": 1.1, "latency": 1.5}
WEB_MB, WORKER_MB = 120, 150
KINDS = ("reader", "desk", "letters", "worker", "beat", "pgbouncer", "nginx")
WAITING = (
    "SELECT count(*) FROM editorial_outboxmessage WHERE status = 'waiting' AND not_before < now() - interval '2 min'"
)


@dataclass
class Sample:
    """MB by kind of process (each process alone, the largest of its kind), connections, and what waits."""

    at: float
    memory: dict[str, float]
    connections: int
    mail: int
    tasks: int


@dataclass
class Sampler:
    site: Site
    samples: list[Sample] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        broker = redis.Redis.from_url(self.site.environment["REDIS_URL"])
        with psycopg.connect(self.site.superuser, autocommit=True) as primary:
            while not self.over.wait(EVERY):
                backends = _one(primary, "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'imprimatur\\_%'")
                queue = int(broker.llen("celery"))  # type: ignore[arg-type]
                memory = {kind: self._largest(kind) for kind in KINDS}
                self.samples.append(Sample(time.monotonic(), memory, backends, _one(primary, WAITING), queue))

    def _largest(self, kind: str) -> float:
        pids = [part.pid for name, part in self.site.parts.items() if name.partition("-")[0] == kind]
        return max((_own_mb(pid) for parent in pids for pid in (parent, *tied.children(parent))), default=0.0)


def _own_mb(pid: int) -> float:
    """Memory that the process alone uses, and its share of what it uses with others. 0 when it ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:")), 0.0)


def _one(connection: "psycopg.Connection", query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def soak(site: Site, minutes: float) -> tuple[list[str], list[str]]:
    """What was seen, and what shouldn't have been."""
    slugs, _password = stand(site, pages=PAGES, readers=READERS, desks=DESKS, pool=POOL)
    os.environ.update(site.environment, DJANGO_SETTINGS_MODULE="config.settings")
    import django  # why: only now does the environment name the site's servers

    django.setup()
    from tests.load.soaking import Desk  # why: its models need the settings

    paths = ["/", "/search/?q=heart", "/board/", *(f"/articles/{slug}/" for slug in slugs)]
    behind = Readers(site.ports["nginx"], paths, count=3, breath=0.05).begin()
    direct = Readers(site.ports[site.of("reader")[0]], paths, count=1, breath=0.05).begin()
    sampler, begun = Sampler(site), time.monotonic()
    thread = threading.Thread(target=sampler.run, daemon=True)
    thread.start()
    end = begun + 60 * minutes
    desk = Desk(site.ports["nginx"], lambda: time.monotonic() > end)
    desk.run()
    for readers in (behind, direct):
        readers.stop()
    sampler.over.set()
    thread.join()
    said, wrong = _memory(sampler.samples)
    for part in (_waiting(sampler.samples), _served(behind, direct), _desk(desk), _ended(site)):
        said, wrong = said + part[0], wrong + part[1]
    return said, wrong


Found = tuple[list[str], list[str]]
T = TypeVar("T")


def thirds(rows: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """The second and the last."""
    third = max(1, len(rows) // 3)
    return rows[third : 2 * third], rows[-third:]


def _memory(samples: list[Sample]) -> Found:
    said, wrong = [], []
    for kind in KINDS:
        before, after = (statistics.median(s.memory[kind] for s in part) for part in thirds(samples))
        most = max(sample.memory[kind] for sample in samples)
        said.append(f"{kind}: {before:.0f} MB, later {after:.0f}, at most {most:.0f}")
        limit = WORKER_MB if kind == "worker" else WEB_MB
        if most > limit or after > before * MOST_GROWTH["memory"] + 1:
            wrong.append(f"memory of {kind}: {before:.0f} MB, then {after:.0f}, at most {most:.0f} (limit {limit})")
    return said, wrong


def _waiting(samples: list[Sample]) -> Found:
    said, wrong = [], []
    for name in ("connections", "mail", "tasks"):
        before, after = (statistics.median(getattr(s, name) for s in part) for part in thirds(samples))
        most = max(getattr(sample, name) for sample in samples)
        said.append(f"{name}: {before:.0f}, later {after:.0f}, at most {most}")
        if after > before + 2:
            wrong.append(f"{name} grew from {before:.0f} to {after:.0f}")
    return said, wrong


def _served(behind: Readers, direct: Readers) -> Found:
    said, wrong = [], []
    for where, readers in (("through nginx", behind), ("at a process' door", direct)):
        before, after = (statistics.median(part) * 1000 for part in thirds(readers.seconds))
        slow = statistics.quantiles(readers.seconds, n=100)[98] * 1000
        said.append(
            f"pages {where}: {dict(readers.statuses)}, median {before:.1f} ms, later {after:.1f},"
            f" 99 of 100 within {slow:.0f}"
        )
        if set(readers.statuses) != {200}:
            wrong.append(f"readers {where} met {dict(readers.statuses)}")
        if after > before * MOST_GROWTH["latency"] + 1:
            wrong.append(f"a page {where} took {before:.1f} ms, then {after:.1f}")
    return said, wrong


def _desk(desk: "object") -> Found:
    said, wrong = [], []
    for name, paces in desk.paces.items():  # type: ignore[attr-defined]
        before, after = (statistics.median(seconds for _at, seconds in part) for part in thirds(paces))
        said.append(f"{name}: {desk.done[name]:,}, {before:.2f} s each, later {after:.2f}")  # type: ignore[attr-defined]
        if after > before * MOST_GROWTH["latency"]:
            wrong.append(f"{name} took {before:.2f} s, then {after:.2f}")
    wrong += [f"{count} × {words}" for words, count in desk.faults.items()]  # type: ignore[attr-defined]
    return said, wrong


def _ended(site: Site) -> Found:
    mails = len(site.postbox.kept())
    wrong = [f"{name} ended: {site.last_words(name)}" for name, part in site.parts.items() if part.poll() is not None]
    wrong += [] if mails else ["no mail left"]
    verified = site.manage("verify", DATABASE_URL=site.superuser, DATABASE_POOLER="off").strip().splitlines()[-1]
    return [f"{mails:,} mails left; verify: {verified}"], wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    chosen = parser.parse_args()
    tied.end_with_me()
    try:
        site = Site()
    except (Missing, Unavailable) as problem:
        print(problem)
        return 1
    print(f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    try:
        said, wrong = soak(site, chosen.minutes)
    finally:
        site.end()
    print(f"{chosen.minutes:g} minutes of everything at once:", *said, sep="\n  ")
    print(*(f"NOT SO: {words}" for words in wrong), f"{len(wrong)} things grew or failed", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
