"""Two groups of a worker and a beat; one is stopped past its leases and woken, again and again, in the middle of work.

``python -m tests.faults.stopped --stops 20`` prints a table and ends with 1 when a promise is broken.
"""

import argparse
import random
import signal
import sys
import time

from tests.faults import serving, tied
from tests.faults.house import PROGRAMS, House
from tests.faults.serving import Run

GROUPS = (("worker-1", "beat-1"), ("worker-2", "beat-2"))
PAST_THE_LEASE = 13
"""A lease of hurried workers lasts twelve seconds."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Stop and wake groups of workers; nothing may get lost or doubled.")
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--seats", type=int, default=60, help="obligations that come due before and in each stop (60)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tied.end_with_me()
    house = House()
    try:
        return prove(Run(house, random.Random(options.seed)), options)
    finally:
        house.end()


def prove(run: Run, options: argparse.Namespace) -> int:
    serving.connect(run.house)
    from tests.faults import settling  # why: its models need the connection to be set up

    run.original = settling.opened()
    for name in PROGRAMS:
        run.house.start(name)
    serving.all_at_work(run)
    begun = time.monotonic()
    for number in range(options.stops):
        serving.feed(run, options.seats)
        time.sleep(run.rng.uniform(0, 3))
        group = GROUPS[number % len(GROUPS)]
        run.kills.append((time.time(), settling.STOP))
        for name in group:
            run.house.signal(name, signal.SIGSTOP)
        serving.feed(run, options.seats)
        time.sleep(PAST_THE_LEASE)
        run.kills.append((time.time(), settling.WAKE))
        for name in group:
            run.house.signal(name, signal.SIGCONT)
    return settling.told(run, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
