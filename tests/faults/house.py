"""The whole house on private servers: PostgreSQL, Redis, a mail server, workers and beats, each a process to kill."""

import atexit
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from tests import throwaway
from tests.faults import tied
from tests.faults.postbox import Postbox
from tests.faults.tied import Process

SAFE = ("listen_addresses=", "max_connections=200", "max_parallel_workers_per_gather=0", "fsync=off")
"""PostgreSQL as it comes: what is committed has left the process. Only a machine that dies needs fsync, and kills don't
kill it; with it each recovery first syncs every file of the data folder, ten seconds long here."""

PROGRAMS = ("worker-1", "worker-2", "beat-1", "beat-2")
LOG = "WARNING"
HURRIED = [sys.executable, "-m", "celery", "-A", "tests.faults.hurried"]
PRODUCTION = [sys.executable, "-m", "celery", "-A", "config"]


class House:
    """Start it, kill what is in it, start that again. Nothing of it outlives this process."""

    def __init__(self, *, sweep_seconds: int = 1, celery: list[str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="imprimatur-faults-"))
        atexit.register(self.end)
        self.folder.chmod(0o755)  # the account that PostgreSQL drops to must pass through
        self.celery = celery or HURRIED
        self.parts: dict[str, Process] = {}
        self.since: dict[str, float] = {}
        self.postbox = Postbox(self.folder)
        self.redis_port, self.redis_password = throwaway.free_port(), secrets.token_hex(16)
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "IMPRIMATUR_ENV": "production",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "desk.example.org",
            "PUBLIC_URL": "https://desk.example.org",
            "DATABASE_URL": self._new_postgres(),
            "REDIS_URL": f"redis://:{self.redis_password}@127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": self.postbox.url,
            "SWEEP_SECONDS": str(sweep_seconds),
        }
        self.start("redis")

    def start(self, name: str) -> None:
        """``postgres``, ``redis``, ``worker-1``, ``beat-2``: at once, without waiting until it is ready."""
        starters: dict[str, Callable[[str], Process]] = {
            "postgres": self._postgres,
            "redis": self._redis,
            "worker": self._worker,
            "beat": self._beat,
        }
        self.parts[name] = starters[name.partition("-")[0]](name)
        self.since[name] = time.monotonic()

    def has_run(self, name: str, seconds: float) -> bool:
        """Whether it runs, and has for so long."""
        return self.parts[name].poll() is None and time.monotonic() - self.since[name] >= seconds

    def kill(self, name: str) -> None:
        """The process and all that it forked, with -9."""
        tied.kill(self.parts[name])

    def kill_one_child(self, name: str, rng: random.Random) -> bool:
        """One process of a worker's pool, or one of PostgreSQL's; False when it has none at this instant."""
        forked = tied.children(self.parts[name].pid)
        for pid in rng.sample(forked, len(forked)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended by itself meanwhile
            return True
        return False

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the process and its pool, which stand in one group."""
        os.killpg(self.parts[name].pid, number)

    def flush_redis(self) -> bool:
        """Everything in Redis is gone; False when it doesn't answer."""
        try:
            redis.Redis.from_url(self.environment["REDIS_URL"], socket_timeout=2).flushall()
        except redis.ConnectionError:
            return False
        return True

    def last_words(self, name: str) -> str:
        return throwaway.last_lines(self.folder / f"{name}.log", 3)

    def end(self) -> None:
        atexit.unregister(self.end)
        for process in reversed(self.parts.values()):
            tied.kill(process)
        tied.kill_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_postgres(self) -> str:
        """The server with an empty database; its address."""
        self.programs, self.home, self.account = throwaway.initialised(self.folder)
        self.start("postgres")
        log = self.folder / "postgres.log"
        return throwaway.with_database(self.parts["postgres"], self.programs, self.home, self.account, log)

    def _postgres(self, name: str) -> Process:
        return self._run(name, throwaway.postgres_command(self.programs, self.home, SAFE), **self.account)

    def _redis(self, name: str) -> Process:
        command = throwaway.redis_command(self.folder, self.redis_port, self.redis_password)
        return self._run(name, command, cwd=self.folder, env=throwaway.plain_environment())

    def _worker(self, name: str) -> Process:
        words = ["worker", "--concurrency", "2", "--hostname", f"{name}@%h", "--loglevel", LOG]
        return self._run(name, [*self.celery, *words], cwd=tied.ROOT, env=self.environment)

    def _beat(self, name: str) -> Process:
        words = ["beat", "--schedule", str(self.folder / f"{name}.schedule"), "--pidfile", "", "--loglevel", LOG]
        return self._run(name, [*self.celery, *words], cwd=tied.ROOT, env=self.environment)

    def _run(self, name: str, command: list[Any], **how: Any) -> Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            return tied.start(command, stdout=log, stderr=log, **how)


def wait_until(holds: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(every)
    return holds()
