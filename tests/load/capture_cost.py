"""What noting changes costs: last signature, approval and publication with its triggers and without, in one run.

Starts a PostgreSQL of its own. Rounds of both kinds alternate, so that a busy machine slows both alike.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from tests.load import stage

WARMING = 4
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="publications of each kind")
    chosen = parser.parse_args()
    stage.begin()
    run(chosen.rounds)


def run(rounds: int) -> None:
    from editorial import captures  # why: it reads models, which need the settings that were made in main

    story, times, rows = stage.story(NOW), {True: [], False: []}, []
    for number in range(2 * rounds + WARMING):
        noted = number % 2 == 0
        captures.install() if noted else captures.remove()
        took, written = timed(story, number)
        if number >= WARMING:
            times[noted].append(took)
            rows += [written] * noted
    captures.install()
    with_, without = statistics.median(times[True]), statistics.median(times[False])
    print(f"last signature, approval, publication: {without * 1000:.1f} ms without, {with_ * 1000:.1f} ms with")
    print(f"({statistics.median(rows):.0f} rows noted); ratio {with_ / without:.3f}; medians of {rounds}, alternating")


def timed(story: Any, number: int) -> tuple[float, int]:
    """Seconds from the last signature to the live page, and what was noted; what leads up to it isn't counted."""
    from editorial.models import ChangeCapture  # why: as above

    round = story.round(title=f"Question {number} of the bench?")
    story.sign(round, "claire")
    story.declare(round, "ravi")
    before, began = ChangeCapture.objects.count(), time.perf_counter()
    story.sign(round, "ravi")
    article = story.confirm(round.article)
    took = time.perf_counter() - began
    assert article.publications.exists()
    return took, ChangeCapture.objects.count() - before


if __name__ == "__main__":
    main()
