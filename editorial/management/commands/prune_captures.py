from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import audit, clock, unexplained

LEAST_DAYS = 30


class Command(BaseCommand):
    help = (
        "Delete what was noted of old changes that an event explains. Checks the chain first, and keeps whatever "
        "nobody explained or acknowledged. Needs the tables' owner (MIGRATION_DATABASE_URL)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than-days", type=int, default=400, metavar="DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["older_than_days"]
        if days < LEAST_DAYS:
            raise CommandError(f"Keep {LEAST_DAYS} days at least: --older-than-days {LEAST_DAYS}.")
        if not unexplained.is_noted():
            self.stdout.write("Nothing is noted here: only PostgreSQL notes changes.")
            return
        broken = next(audit.chain_problems({}), None)
        if broken is not None:
            raise CommandError(f"{broken.row}: {broken.message}. Nothing was deleted: run `manage.py verify`.")
        deleted = unexplained.prune(clock.now() - timedelta(days=days))
        self.stdout.write(f"{deleted} deleted.")
