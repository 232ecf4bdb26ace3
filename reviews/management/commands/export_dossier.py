from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from articles.models import Article
from editorial import clock
from editorial.conditions import Refused
from editorial.models import User
from reviews.dossier.export import Options, export
from reviews.dossier.writing import Folder, Target, Zip, refuse_unless_empty


class Command(BaseCommand):
    help = "Write one article's whole record into a folder that a stranger can check with the check.py in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the last part of the article's address")
        parser.add_argument("--output", required=True, type=Path, help="a new or an empty folder")
        parser.add_argument("--redacted", action="store_true", help="for outsiders: no private words, no hidden names")
        parser.add_argument("--zip", action="store_true", help="one zip file in the folder")
        parser.add_argument("--at", help="show also what readers saw then, such as 2026-03-14T09:00Z")
        parser.add_argument("--chain", action="store_true", help="the links of the whole record, however long it is")

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.filter(slug=options["slug"]).first()
        if article is None:
            raise CommandError(f"No article has the address “{options['slug']}”.")
        now = clock.now()
        wanted = Options(redacted=options["redacted"], at=instant(options["at"]), chain=options["chain"])
        output: Path = options["output"]
        name = f"{article.slug}-dossier{'-redacted' if wanted.redacted else ''}"
        try:
            with _target(output, name, zipped=options["zip"]) as target:
                manifest = export(article, actor=User.system(), now=now, target=target, options=wanted)
        except Refused as refused:
            raise CommandError(refused.reason) from None
        except OSError as error:
            raise CommandError(f"Nothing can be written to {output}: {error.strerror or error}.") from None
        where = output / f"{name}.zip" if options["zip"] else output
        self.stdout.write(f"{where}: written. SHA-256 of its manifest: {manifest}")


def instant(text: str | None) -> datetime | None:
    """The instant that ``--at`` names. Raises CommandError in words for anything else."""
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(f"“{text}” isn't an instant with a time zone; write it as 2026-03-14T09:00Z.")
    return found


@contextmanager
def _target(output: Path, name: str, *, zipped: bool) -> Iterator[Target]:
    if not zipped:
        with Folder(output) as folder:
            yield folder
        return
    refuse_unless_empty(output)
    with Folder(output) as folder, folder.open(f"{name}.zip") as file, Zip(file, name) as archive:
        yield archive
