"""How long an overdue reminder takes to leave, with the settings of production: a sweep every 30 seconds.

``python -m tests.faults.punctual`` prints the seconds, with all well and after total loss of Redis, and ends with 1
when one is over the promise. Each obligation comes due at another moment of the sweep.
"""

import argparse
import random
import sys
import time

from tests.faults import serving, tied
from tests.faults.house import PRODUCTION, PROGRAMS, House, wait_until
from tests.faults.serving import Run

PROMISE, PROMISE_WITHOUT_REDIS = 60, 120


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure how late reminders leave.")
    parser.add_argument("--times", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--sweep", type=int, default=30, help="SWEEP_SECONDS (30)")
    options = parser.parse_args(arguments)
    tied.end_with_me()
    house = House(sweep_seconds=options.sweep, celery=PRODUCTION)
    try:
        return prove(Run(house, random.Random(1)), options)
    finally:
        house.end()


def prove(run: Run, options: argparse.Namespace) -> int:
    serving.connect(run.house)
    from tests.faults import feeding  # why: its models need the connection to be set up

    run.original = feeding.opened()
    for name in PROGRAMS:
        run.house.start(name)
    serving.all_at_work(run)
    well, lost = [], []
    for _ in range(options.times):
        serving.look_after(run)
        time.sleep(run.rng.uniform(0, options.sweep))
        well.append(seconds_to_leave(run))
        lost.append(seconds_to_leave_without_redis(run))
    for what, found, promise in (("all well", well, PROMISE), ("Redis lost", lost, PROMISE_WITHOUT_REDIS)):
        shown = ", ".join(f"{seconds:.1f}" for seconds in sorted(found))
        print(f"{what}: an overdue reminder left after {shown} s (promise: {promise} s)", flush=True)
    return int(max(well) > PROMISE or max(lost) > PROMISE_WITHOUT_REDIS)


def seconds_to_leave(run: Run) -> float:
    """From the instant at which a reminder is owed to the mail server's 250; infinite when it never left."""
    before, at = len(run.house.postbox.kept()), time.time()
    serving.feed(run, 1)
    left = wait_until(lambda: len(run.house.postbox.kept()) > before, seconds=2 * PROMISE_WITHOUT_REDIS)
    return run.house.postbox.kept()[-1].at - at if left else float("inf")


def seconds_to_leave_without_redis(run: Run) -> float:
    """The same, when Redis dies at that instant and comes back with nothing in it two seconds later."""
    before, at = len(run.house.postbox.kept()), time.time()
    run.house.kill("redis")
    serving.feed(run, 1)
    time.sleep(2)
    run.house.start("redis")
    left = wait_until(lambda: len(run.house.postbox.kept()) > before, seconds=2 * PROMISE_WITHOUT_REDIS)
    return run.house.postbox.kept()[-1].at - at if left else float("inf")


if __name__ == "__main__":
    sys.exit(main())
