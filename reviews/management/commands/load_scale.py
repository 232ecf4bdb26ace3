from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.scale import loading


class Command(BaseCommand):
    help = (
        "Fill an empty PostgreSQL database with a believable installation of so many articles: to try out what a large"
        " one is like. Run it as the tables' owner, right after `manage.py migrate`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("articles", type=int, help="how many articles; the board grows with them, to 2,000 at most")

    def handle(self, *args: Any, **options: Any) -> None:
        total = options["articles"]
        if not 1 <= total <= 2_000_000:
            raise CommandError("Say how many articles: from 1 to 2000000.")
        self.total, self.began, self.told = total, monotonic(), 0.0
        loading.load(total, progress=self._progress)
        self.stdout.write(f"{total:,} articles in {monotonic() - self.began:.0f} s. `manage.py verify` checks them.")

    def _progress(self, done: int) -> None:
        """One line, written over where somebody watches, and each ten seconds on a line of its own elsewhere."""
        if not done:
            self.stdout.write(f"The stories are told ({monotonic() - self.began:.0f} s); copying them …")
            self.copying = monotonic()
            return
        seconds = monotonic() - self.copying
        said = f"{done:,} of {self.total:,} articles, {done / seconds:,.0f} a second"
        if self.stdout.isatty():
            self.stdout.write(f"\r{said}   ", ending="\n" if done >= self.total else "")
            self.stdout.flush()
        elif seconds - self.told > 10 or done >= self.total:
            self.told = seconds
            self.stdout.write(said)
