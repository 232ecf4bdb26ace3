import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import clock, person_export
from editorial.models import User


class Command(BaseCommand):
    help = "Write what is kept about somebody into one JSON file, which only its owner may read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--output", required=True, type=Path, help="the file to write; one that exists is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        data = person_export.data_of(user, now=clock.now())
        try:
            file = os.open(options["output"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{options['output']} exists already. Name another file.") from None
        except OSError as error:
            raise CommandError(f"{options['output']} can't be written: {error.strerror}.") from None
        with os.fdopen(file, "w", encoding="utf-8") as written:
            written.write(person_export.as_json(data))
        rows = sum(map(len, data["tables"].values()))
        self.stdout.write(f"Written: {rows} rows of {len(data['tables'])} tables, {len(data['events'])} events.")
