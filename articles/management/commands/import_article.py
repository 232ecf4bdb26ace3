import json
import os
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import importing, intake
from articles.importing import Outcome
from articles.intake.manuscript import IntakeError
from editorial import clock
from editorial.models import User
from editorial.progress import Progress

MOST_BYTES = 1024 * 1024
MOST_TOLD = 20
"""Of more files only those that need attention are told in full, unless all are asked for."""

STOPPED = "Stopped after {done:,} of {total:,} files. What was imported stays. Run the same again to go on."


class Command(BaseCommand):
    help = (
        "Import manuscripts: Markdown with front matter, or plain text as pasted from a page; of a folder all that are"
        " in it and below. What was imported before is passed by, so an import that was stopped is simply run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a manuscript, or a folder of them")
        parser.add_argument("--author", help="username of the author")
        parser.add_argument("--submit", action="store_true", help="submit each draft that preflight lets pass")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")

    def handle(self, *args: Any, **options: Any) -> None:
        author = self._author(options["author"])
        actor = author or User.system()
        files = list(_files(options["files"]))
        counts: Counter[str] = Counter()
        failed = 0
        self.progress = Progress(self.stderr)
        try:
            for done, name in enumerate(files, start=1):
                outcome = self._one(name, actor, author, options)
                counts[outcome.status] += 1
                failed += outcome.failed
                if len(files) <= MOST_TOLD or outcome.failed or options["verbosity"] > 1 or options["json"]:
                    self._say(outcome, as_json=options["json"])
                if len(files) > MOST_TOLD:
                    self._tell(done, len(files))
        except KeyboardInterrupt:
            done = counts.total()
            raise CommandError(STOPPED.format(done=done, total=len(files)), returncode=130) from None
        if not options["json"]:
            self.stdout.write(_summary(counts))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files need attention.", returncode=1)

    def _tell(self, done: int, total: int) -> None:
        pace = done / max(self.progress.seconds, 0.001)
        words = f"{done:,} of {total:,} files, {pace:,.0f} a second"
        if done < total:
            words += f", {(total - done) / pace / 60:,.0f} min to go"
        self.progress.say(words, is_last=done == total)

    def _author(self, username: str | None) -> User | None:
        if username is None:
            return None
        user = User.objects.filter(username=username, kind=User.Kind.PERSON).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”. Add it in the admin, or leave --author out.")
        return user

    def _one(self, name: str, actor: User, author: User | None, options: dict[str, Any]) -> Outcome:
        try:
            data = self._bytes(Path(name))
        except IntakeError as problem:
            return Outcome(file=name, status="refused", error=f"{name}: {problem.message}")
        return importing.take_in(
            data,
            name=name,
            actor=actor,
            author=author,
            now=clock.now(),
            submit=options["submit"],
            dry_run=options["dry_run"],
        )

    def _bytes(self, path: Path) -> bytes:
        """The file, or the first byte too many of it: what is too large is never read whole."""
        try:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except IsADirectoryError:
            raise IntakeError(f"This folder holds no manuscript: no file that ends in {_endings()}.") from None
        except FileNotFoundError:
            raise IntakeError("There is no such file.") from None
        except OSError as problem:
            raise IntakeError(f"It can't be read: {problem.strerror}.") from None

    def _say(self, outcome: Outcome, *, as_json: bool) -> None:
        self.progress.clear()
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            return
        self.stdout.write(f"{outcome.file}: {outcome.status.replace('_', ' ')}")
        if outcome.title:
            self.stdout.write(f"  “{outcome.title}”")
        restored = sum(not marker["confirmed"] for marker in outcome.markers)
        if outcome.sections:
            self.stdout.write(
                f"  {len(outcome.sections)} sections, {len(outcome.references)} references, "
                f"{len(outcome.markers)} citations ({restored} restored: confirm them in the admin), "
                f"{len(outcome.left_out)} lines left out, {len(outcome.unplaced)} not placed"
            )
        for row in outcome.unplaced:
            self.stdout.write(f"  not placed, line {row['line']}: {row['text']}")
        for finding in outcome.findings:
            self.stdout.write(f"  {finding['severity']}: {finding['message']}")
        if outcome.error:
            self.stderr.write(f"  {outcome.error}")


def _files(named: list[str]) -> Iterator[str]:
    """What was named, and of each folder its manuscripts in the order of their names; hidden ones stay out."""
    for name in named:
        if not Path(name).is_dir():
            yield name
            continue
        found = list(_within(name))
        yield from found or [name]


def _within(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in intake.SUFFIXES and not name.startswith("."):
                yield os.path.join(place, name)


def _unreadable(problem: OSError) -> None:
    raise CommandError(f"{problem.filename} can't be read: {problem.strerror}. Nothing was imported.")


def _endings() -> str:
    return ", ".join(sorted(intake.SUFFIXES))


def _summary(counts: Mapping[str, int]) -> str:
    return "Summary: " + ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in counts.items()) + "."
