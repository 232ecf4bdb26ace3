"""The house under load while its parts are killed with -9, and the reckoning afterwards.

``python -m tests.faults.kills --kills 1000`` prints a table and ends with 1 when a promise is broken.
"""

import argparse
import random
import sys
import time

from tests.faults import serving, tied
from tests.faults.house import PROGRAMS, House
from tests.faults.serving import Run

SHARES = {
    "one process of a pool": 10,
    "worker-1": 3,
    "worker-2": 3,
    "beat-1": 2,
    "beat-2": 2,
    "redis": 4,
    "all of postgres": 3,
    "one process of postgres": 2,
}
"""What is killed, and how often beside the others."""

MOODS = {"keep": 12, "refuse:450": 1, "slow:3": 1, "drop": 1, "keep-and-drop": 1}
FLUSHES = 1 / 20
"""How often, for each kill, Redis forgets everything without dying."""

KILLS_A_DAY = 50
"""After so many, the backoffs of all mail that waits are over."""

BOOT_SECONDS = 5
"""So long a worker takes to be worth killing."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Kill parts of the house under load; nothing may get lost.")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=list(SHARES), choices=list(SHARES), help="what is killed")
    parser.add_argument("--seats", type=int, default=15, help="obligations that come due with each kill (15)")
    parser.add_argument("--pause", type=float, default=0.8, help="seconds between two kills, on average (0.8)")
    parser.add_argument("--steady-mail", action="store_true", help="the mail server takes every mail")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tied.end_with_me()
    house = House()
    try:
        return prove(Run(house, random.Random(options.seed)), options)
    finally:
        house.end()


def prove(run: Run, options: argparse.Namespace) -> int:
    house = run.house
    serving.connect(house)
    from tests.faults import settling  # why: its models need the connection to be set up

    run.original = settling.opened()
    for name in PROGRAMS:
        house.start(name)
    begun = time.monotonic()
    while len(run.kills) < options.kills:
        serving.feed(run, options.seats)
        if not options.steady_mail:
            house.postbox.moods(run.rng.choices(list(MOODS), list(MOODS.values()))[0])
        time.sleep(run.rng.uniform(0, 2 * options.pause))
        kill_one(run, options.only)
        serving.look_after(run)
        if len(run.kills) % KILLS_A_DAY == 0:
            settling.time_passes(run)
        if run.rng.random() < FLUSHES:
            run.flushes += house.flush_redis()
    killing = time.monotonic() - begun
    return settling.told(run, killing)


def kill_one(run: Run, only: list[str]) -> None:
    """Kill something that runs, note when, and start it again after a moment."""
    house = run.house
    for _ in range(100):
        victim = run.rng.choices(only, [SHARES[name] for name in only])[0]
        at = time.time()
        if victim in PROGRAMS:
            if not house.has_run(victim, BOOT_SECONDS):
                continue
            house.kill(victim)
            house.start(victim)
        elif victim == "one process of a pool":
            name = run.rng.choice([name for name in PROGRAMS if name.startswith("worker")])
            if not (house.has_run(name, BOOT_SECONDS) and house.kill_one_child(name, run.rng)):
                continue
        elif victim == "one process of postgres":
            if not house.kill_one_child("postgres", run.rng):
                continue
        else:
            _kill_a_server(run, victim.removeprefix("all of "))
        run.kills.append((at, victim))
        return
    time.sleep(1)


def _kill_a_server(run: Run, name: str) -> None:
    """Sometimes it comes back at once, sometimes after a while."""
    run.house.kill(name)
    time.sleep(run.rng.choice([0, 0, 0.5, 2]))
    run.house.start(name)


if __name__ == "__main__":
    sys.exit(main())
