from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from editorial.progress import Progress
from reviews.scale import loading
from reviews.scale.elsewhere import Failed

NOTHING_KEPT = "Stopped. Nothing of this load was kept: the database is as it was, and can be loaded anew."


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
        watched = Watched(self.stdout, total)
        try:
            loading.load(total, watched)
        except (KeyboardInterrupt, Failed) as error:
            raise CommandError(f"{NOTHING_KEPT} ({error or 'Ctrl-C'})") from error
        self.stdout.write(
            f"{total:,} articles in {watched.progress.seconds:.0f} s. `manage.py verify` checks them. The load stands"
            " in the record as one event; of its single rows the database noted nothing."
        )


class Watched:
    """Says how far the load is."""

    def __init__(self, out: OutputWrapper, total: int) -> None:
        self.progress, self.total = Progress(out), total

    def told(self, stories: int) -> None:
        self.progress.out.write(f"{stories} stories are told ({self.progress.seconds:.0f} s); copying them …")
        self.copying = monotonic()

    def copied(self, articles: int) -> None:
        pace = articles / (monotonic() - self.copying)
        words = f"{articles:,} of {self.total:,} articles, {pace:,.0f} a second"
        self.progress.say(words, is_last=articles >= self.total)

    def made_again(self, done: int, of: int) -> None:
        words = f"{done} of {of} indexes and keys made again ({self.progress.seconds:.0f} s)"
        self.progress.say(words, is_last=done >= of)
