from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import board_import, clock
from editorial.board_import import COLUMNS, OPTIONAL
from editorial.models import User


class Command(BaseCommand):
    help = (
        "Put board members on the list from a CSV file: UTF-8, separated by commas or semicolons, 1 MiB at most.\n"
        f"Columns, in any order: {', '.join(COLUMNS)}.\n"
        f"{', '.join(OPTIONAL)} may be empty or missing. Days are written 2027-03-14; a specialty is given by its slug "
        "or its name.\nAll lines are taken in or none. Known addresses are reported and left as they are."
    )

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--invite", action="store_true", help="send each new person an invitation")

    def handle(self, *args: Any, **options: Any) -> None:
        report = board_import.take_in(
            _bytes(options["file"]),
            actor=User.system(),
            now=clock.now(),
            dry_run=options["dry_run"],
            invite=options["invite"],
        )
        for title, lines in (("added", report.added), ("here already", report.known), ("problem", report.problems)):
            for line in lines:
                self.stdout.write(f"line {line.number}: {title}: {line.text}" if line.number else line.text)
        if report.problems:
            raise CommandError(report.headline, returncode=1)
        self.stdout.write(report.headline)


def _bytes(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(board_import.MOST_BYTES + 1)
    except OSError as problem:
        raise CommandError(f"{name} can't be read: {problem.strerror}.") from None
