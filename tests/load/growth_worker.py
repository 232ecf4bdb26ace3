"""Does the acts in one installation, and says what each cost. ``tests.load.growth`` starts one for each size.

Reads the number of an act from a line, and answers with a line of JSON: milliseconds of the clock, of the processor
(its own and its database connection's: what others do on the machine doesn't count), and queries where it counted
them, which it does the second time. The first time fills what is kept between requests.
"""

import gc
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.load.stage import unwatched

COUNTED = 2


def main() -> None:
    unwatched()
    logging.disable(logging.INFO)
    from tests.load.growth_acts import all_acts  # why: it reads models, which need the settings

    acts = all_acts()
    gc.collect()
    gc.freeze()  # as deploy/gunicorn.conf.py does
    say([(act.name, act.kind) for act in acts])
    done: Counter[int] = Counter()
    for line in sys.stdin:
        number = int(line)
        done[number] += 1
        try:
            say(cost(acts[number].steps, counting=done[number] == COUNTED))
        except Exception as problem:  # the others are still worth their loading
            say({"problem": repr(problem)})


def say(what: Any) -> None:
    print(json.dumps(what), flush=True)


def cost(steps: Callable[[], Any], *, counting: bool) -> dict[str, float | int | None]:
    from django.db import connection  # why: it needs the settings
    from django.test.utils import CaptureQueriesContext  # why: as above

    wall = cpu = 0.0
    queries: int | None = 0 if counting else None
    for step in steps():
        began, used = time.perf_counter(), processor()
        if queries is None:
            step()
        else:
            with CaptureQueriesContext(connection) as captured:
                step()
            queries += len(captured)
        wall, cpu = wall + time.perf_counter() - began, cpu + processor() - used
    return {"ms": wall * 1000, "cpu": cpu * 1000, "queries": queries}


def processor() -> float:
    """Seconds that this process and the one at the other end of its connection have worked."""
    from django.db import connection  # why: as above

    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(spent) / 1e9


if __name__ == "__main__":
    main()
