"""What every run on a house does: connect to it, feed it, and start again what ended by itself."""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import django
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from tests.faults.house import House, wait_until


@dataclass
class Run:
    """What was done to a house, and what was fed to it."""

    house: House
    rng: random.Random
    original: Any = None
    fed: set[int] = field(default_factory=set)
    kills: list[tuple[float, str]] = field(default_factory=list)
    unfed: Counter[str] = field(default_factory=Counter)
    retried: Counter[str] = field(default_factory=Counter)
    flushes: int = 0
    ended_by_themselves: Counter[str] = field(default_factory=Counter)


def connect(house: House) -> None:
    """This process is one more client of the house, with the settings of its workers."""
    os.environ.update(house.environment, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    if not wait_until(answers, seconds=60):
        raise RuntimeError(f"PostgreSQL didn't start: {house.last_words('postgres')}")
    call_command("migrate", verbosity=0)


def answers() -> bool:
    """Whether the database takes statements."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        connection.close()
        return False
    return True


def feed(run: Run, count: int) -> None:
    """What isn't committed because the database died under it is fed with the next kill."""
    from tests.faults import feeding  # why: its models need the connection to be set up

    if not answers():
        run.unfed["no connection"] += 1
        return
    try:
        run.fed |= set(feeding.feed(run.original, count))
    except (OperationalError, InterfaceError) as problem:
        run.unfed[str(problem).partition("\n")[0]] += 1
        connection.close()


def look_after(run: Run) -> None:
    """As a supervisor does: what ended by itself is started again, and counted."""
    for name, process in list(run.house.parts.items()):
        if process.poll() is not None:
            run.ended_by_themselves[name] += 1
            print(f"{name} ended with {process.returncode}: {run.house.last_words(name)}", flush=True)
            run.house.start(name)


def all_at_work(run: Run) -> None:
    """Wait until one mail has left: servers, workers and beats are up."""
    feed(run, 1)
    if not wait_until(lambda: bool(run.house.postbox.kept()), seconds=180):
        raise RuntimeError(f"No mail left: {run.house.last_words('worker-1')}")
