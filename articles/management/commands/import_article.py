import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import importing
from articles.importing import Outcome
from articles.intake.manuscript import IntakeError
from editorial import clock
from editorial.models import User

MOST_BYTES = 1024 * 1024


class Command(BaseCommand):
    help = "Import manuscripts: Markdown with front matter, or plain text as pasted from a page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--author", help="username of the author")
        parser.add_argument("--submit", action="store_true", help="submit each draft that preflight lets pass")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")

    def handle(self, *args: Any, **options: Any) -> None:
        author = self._author(options["author"])
        actor = author or User.system()
        outcomes = []
        for name in options["files"]:
            outcome = self._one(name, actor, author, options)
            outcomes.append(outcome)
            self._say(outcome, as_json=options["json"])
        failed = sum(outcome.failed for outcome in outcomes)
        if not options["json"]:
            self.stdout.write(self._summary(outcomes))
        if failed:
            raise CommandError(f"{failed} of {len(outcomes)} files need attention.", returncode=1)

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
            raise IntakeError("This is a folder. Name the files in it.") from None
        except FileNotFoundError:
            raise IntakeError("There is no such file.") from None
        except OSError as problem:
            raise IntakeError(f"It can't be read: {problem.strerror}.") from None

    def _say(self, outcome: Outcome, *, as_json: bool) -> None:
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

    def _summary(self, outcomes: list[Outcome]) -> str:
        counts = {
            status: sum(o.status == status for o in outcomes) for status in dict.fromkeys(o.status for o in outcomes)
        }
        return "Summary: " + ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items()) + "."
