"""Importing many manuscripts: `python -m tests.load.intake`. Linear in their number, in memory that doesn't grow.

Writes manuscripts into a folder, imports it by `manage.py import_article` in a process of its own that looks at its own
clock, processor and memory after each tenth, and imports it once more: all are passed by. The anchor is one row of a
reference, saved by the framework with its history, in the same process and the same database.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load import stage

TENTHS = 10
SAVED = 500
"""Rows of the anchor."""

GROWN = 1.2
"""What the last tenth may take of the second, and memory of what it was after the first."""

PAGE = """---
title: Does {0} or {1} help in {2}?
short_answer: For most adults with {2}, {0} helps if it is well tolerated.
references:
  - id: one
    kind: guideline
    type: article-journal
    title: {0} in {2}
    container-title: Annals of Examples
    DOI: 10.5555/{3}.1
    issued: {{date-parts: [[2024, 3]]}}
  - id: two
    type: article-journal
    title: {1} beside {0}
    container-title: Annals of Examples
    DOI: 10.5555/{3}.2
    issued: {{date-parts: [[2025, 5]]}}
---

## From the guidelines {{.guideline certainty=moderate strength=strong}}

{0} is recommended for most adults with {2} whose symptoms stay in spite of {1} [@one].

## From the research {{.research}}

{4}

In one large trial with {3} people, {0} relieved symptoms in more people than {1} did [@two].
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="manuscripts")
    chosen = parser.parse_args()
    stage.begin()
    stage.story(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), chosen.count)
        sys.exit(run(folder, chosen.count))


def write(folder: Path, count: int) -> None:
    """Of some 4 kB each, two sources in each, and none like another."""
    from reviews.scale.words import remedies  # why: it reads models, which need the settings of main

    names = remedies()
    filler = "The benefit lasted for two years in most of those who took part, and was larger in older adults. " * 30
    for number in range(count):
        turn, place = divmod(number, len(names))
        first, second = names[place], names[(place + turn + 1) % len(names)]
        subject = ("gout", "osteoporosis", "hypertension", "hip fracture")[number % 4]
        text = PAGE.format(first, second, subject, 1000 + number, filler)
        (folder / f"{number:06}.md").write_text(text, encoding="utf-8")


def run(folder: str, count: int) -> int:
    from django.core.management import call_command  # why: as above

    from articles import importing  # why: as above

    watch = Watch(count)
    take_in = importing.take_in
    importing.take_in = lambda *args, **named: watch.seen(take_in(*args, **named))
    with open(os.devnull, "w") as nowhere:
        call_command("import_article", folder, "--author", "nora", stdout=nowhere, stderr=nowhere)
        importing.take_in = take_in
        began = time.perf_counter()
        call_command("import_article", folder, "--author", "nora", stdout=nowhere, stderr=nowhere)
    again = time.perf_counter() - began
    return watch.report(again, saved_row())


def saved_row() -> float:
    """The anchor: milliseconds for a reference, its history and its event of the record."""
    from articles.models import Reference  # why: as above
    from editorial.models import User  # why: as above
    from editorial.verbs import save, work  # why: as above

    nora, times = User.objects.get(username="nora"), []
    for number in range(SAVED):
        began = time.perf_counter()
        with work(actor=nora):
            save(Reference(title=f"Anchor {number}", kind=Reference.Kind.RESEARCH, csl_type="book"), actor=nora)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


class Watch:
    """Looks at the clock, the processor and the memory whenever a tenth is done."""

    def __init__(self, count: int) -> None:
        self.count, self.done, self.each = count, 0, max(1, count // TENTHS)
        self.rows: list[tuple[int, float, float, float]] = []
        self.clock, self.cpu = time.perf_counter(), time.process_time()

    def seen(self, outcome: Any) -> Any:
        if outcome.status != "imported":
            sys.exit(f"{outcome.file}: {outcome.status} {outcome.error}")
        self.done += 1
        if self.done % self.each == 0:
            clock, cpu = time.perf_counter(), time.process_time()
            spent = ((clock - self.clock) / self.each * 1000, (cpu - self.cpu) / self.each * 1000)
            self.rows.append((self.done, *spent, memory()))
            self.clock, self.cpu = time.perf_counter(), time.process_time()
        return outcome

    def report(self, again: float, anchor: float) -> int:
        print("   files   ms each   of our processor   memory")
        for done, clock, cpu, held in self.rows:
            print(f"{done:8,}{clock:10.1f}{cpu:19.1f}{held:8.0f} MB", flush=True)
        first, second, last = self.rows[0], self.rows[1], self.rows[-1]
        slower, grown = last[1] / second[1], last[3] / first[3]
        print(f"the last tenth takes {slower:.2f} of the second (goal: {GROWN}), in {grown:.2f} of the memory")
        print(f"a file takes {last[1] / anchor:.0f} rows of a reference ({anchor:.1f} ms)")
        print(f"all of it again, passed by: {again / self.count * 1000:.1f} ms each")
        return int(slower > GROWN or grown > GROWN)


def memory() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
