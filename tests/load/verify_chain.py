"""How long the audit chain takes to verify at 10,000, 100,000 and 1,000,000 events, and that it grows no faster.

Starts a PostgreSQL of its own and takes it away again. Events are written past the verbs, as the chain has them.
"""

import argparse
import hashlib
import os
import resource
import secrets
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import django

from tests.servers import keep

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEPS = (10_000, 100_000, 1_000_000)
ROUNDS = 3
KINDS = ("article.submitted", "round.opened", "review.signed", "publication.published")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=STEPS[-1], help="how many at the last step")
    chosen = parser.parse_args()
    os.environ.update(keep(["DATABASE_URL"]))
    os.environ.update(IMPRIMATUR_ENV="test", DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from django.core.management import call_command  # why: the settings were made just now

    call_command("migrate", verbosity=0)
    run([step for step in STEPS if step < chosen.events] + [chosen.events])


def run(steps: list[int]) -> None:
    print(f"{'events':>10} {'median':>9} {'own CPU':>9} {'events/s':>10} {'to first':>9} {'memory':>9}")
    first = 0.0
    for step in steps:
        fill(step)
        times = sorted(timed() for _round in range(ROUNDS))
        median, cpu = times[len(times) // 2]
        first = first or median / step
        ratio, peak = median / step / first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{step:>10,} {median:>8.2f}s {cpu:>8.2f}s {step / median:>10,.0f} {ratio:>9.2f} {peak:>6.0f} MB")


def timed() -> tuple[float, float]:
    """Seconds on the clock, and of them this process's own: the rest waited for the database, or for the machine."""
    from editorial import audit  # why: it reads models, which need the settings that were made in main

    began, cpu = time.perf_counter(), time.process_time()
    problems = list(audit.chain_problems({}))
    took = time.perf_counter() - began, time.process_time() - cpu
    assert problems == [], problems[:3]
    return took


def fill(upto: int) -> None:
    """Add events until there are so many, in one COPY."""
    from django.db import connection, transaction  # why: as above

    from editorial import guards  # why: as above
    from editorial.models import AuditHead  # why: as above

    head = AuditHead.objects.get(pk=1)
    with transaction.atomic(), connection.cursor() as cursor:
        guards.remove()
        cursor.execute("ALTER TABLE editorial_auditevent DISABLE TRIGGER ALL")
        columns = "sequence, body, previous_hash, hash, at, kind, subject"
        with cursor.copy(f"COPY editorial_auditevent ({columns}) FROM STDIN") as copy:
            for row in events(head.sequence + 1, upto, head.hash):
                copy.write_row(row)
        cursor.execute("ALTER TABLE editorial_auditevent ENABLE TRIGGER ALL")
        AuditHead.objects.filter(pk=1).update(sequence=upto, hash=row[3])
        guards.install()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE editorial_auditevent")


def events(first: int, last: int, before: str) -> Iterator[tuple[object, ...]]:
    from editorial import audit  # why: as above

    actor, digest = str(uuid.uuid4()), hashlib.sha256(secrets.token_bytes(8)).hexdigest()
    for number in range(first, last + 1):
        at, kind, subject = (
            BEGIN + timedelta(seconds=number),
            KINDS[number % 4],
            f"article:{uuid.UUID(int=number // 40)}",
        )
        said = {"sequence": number, "at": at, "kind": kind, "subject": subject, "actor": actor}
        data = {"digest": digest, "state": "under_review", "reason": "New studies have come out since."}
        records = [{"model": "reviews.Review", "pk": str(number), "sha256": digest}] if number % 4 == 2 else []
        body = audit.canonical({**said, "data": data, "records": records})
        own = audit.event_hash(before, body)
        yield number, body, before, own, at, kind, subject
        before = own


if __name__ == "__main__":
    main()
