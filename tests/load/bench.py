"""Runs the measurements of ``make bench`` in order, and prints each as soon as it is there."""

import os
import platform
import sys

from django.core.management import call_command
from django.db import connection

from editorial import clock
from reviews.models import ReminderDispatch, ReviewAssignment
from tests.load import filling, posting, selecting
from tests.load.mail_server import MailServer


def say(*words: object) -> None:
    print(*words, flush=True)


def run(rows: int, due: int, rounds: int, server: MailServer) -> None:
    house = filling.House(rows, due, clock.now())
    say(f"{house.today}, {os.cpu_count()} cores, Python {platform.python_version()}, {_database()}")
    call_command("migrate", verbosity=0)
    filling.begin(house)
    filling.fill(house, 1, house.due_rounds)
    filling.ready()
    selecting.settle(house)
    small = selecting.planning(house)
    say(f"\nAmong {ReviewAssignment.objects.count():,} assignments:")
    say(small.words())
    filling.fill(house, house.due_rounds + 1, house.rounds)
    filling.ready()
    loose = filling.loose()
    if loose:
        sys.exit(f"the load made rows that point nowhere: {loose}")
    selecting.settle(house)
    seats, earlier = ReviewAssignment.objects.count(), ReminderDispatch.objects.count()
    say(f"\nAmong {seats:,} assignments ({earlier:,} reminders so far):")
    large = selecting.planning(house)
    say(large.words())
    say(f"growth: {large.seconds / small.seconds:.2f} ×")
    selecting.selection(house, say)
    posting.run(house, rounds, server, say)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}, its disk never waited for (fsync off)"
