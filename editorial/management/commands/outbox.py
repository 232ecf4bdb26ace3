import json
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from editorial import clock, holding
from editorial.composing import identity_of
from editorial.models import OutboxMessage


class Command(BaseCommand):
    help = (
        "Hold all mail, say what waits, and let it go. A restored installation starts with its mail held: "
        "docs/operating.md says what to do then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="whether mail is held, and how much waits").add_argument(
            "--json", action="store_true"
        )
        hold = actions.add_parser("hold", help="let no mail leave")
        hold.add_argument("--reason", required=True, help="without naming anybody: it stays in the record")
        hold.add_argument("--backup-at", type=_instant, metavar="INSTANT", help="when the restored backup was made")
        listing = actions.add_parser("list", help="what waits and was due until an instant, with Message-IDs")
        listing.add_argument("--until", type=_instant, metavar="INSTANT", help="now, if left out")
        listing.add_argument("--json", action="store_true")
        suppress = actions.add_parser("suppress", help="mark as sent what the mail server's log says left")
        suppress.add_argument("--log", required=True, metavar="FILE", help="the log from the backup on")
        suppress.add_argument(
            "--until", type=_instant, metavar="INSTANT", help="the disaster: also a day's mail that the log shows went"
        )
        release = actions.add_parser("release", help="let mail go again")
        release.add_argument(
            "--skip-due-before", type=_instant, metavar="INSTANT", help="give up what was due until then instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _status(self, options: dict[str, Any]) -> None:
        row = holding.held()
        counts = dict(OutboxMessage.objects.order_by().values_list("status").annotate(Count("pk")))
        if options["json"]:
            held = {"since": row.since.isoformat(), "reason": row.reason} if row else None
            self.stdout.write(json.dumps({"held": held, "messages": counts}))
            return
        self.stdout.write(f"Mail is held {row}" if row else "Mail leaves.")
        if row and row.backup_at:
            self.stdout.write(f"What happened after {row.backup_at.isoformat()} isn't in the database.")
        for status, count in sorted(counts.items()):
            self.stdout.write(f"{status}: {count}")

    def _hold(self, options: dict[str, Any]) -> None:
        row = holding.hold(reason=options["reason"], now=clock.now(), backup_at=options["backup_at"])
        self.stdout.write(f"Mail is held {row}. What a sender holds already may leave in the next minute.")

    def _list(self, options: dict[str, Any]) -> None:
        found = [_line(row) for row in holding.owed_until(options["until"] or clock.now())]
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for line in found:
            self.stdout.write("  ".join(str(value) for value in line.values()))
        kinds = Counter(line["kind"] for line in found)
        self.stdout.write(f"{len(found)} messages: {dict(kinds)}")

    def _suppress(self, options: dict[str, Any]) -> None:
        try:
            lines = Path(options["log"]).read_text(errors="replace").splitlines()
        except OSError as problem:
            raise CommandError(f"{options['log']} can't be read: {problem.strerror}.") from None
        sent = holding.read_log(lines)
        marked, unknown = holding.suppress(sent, now=clock.now(), until=options["until"])
        self.stdout.write(f"{len(sent.ids)} mails in the log; {marked} messages are marked as sent.")
        for identity, addresses in sorted(unknown.items()):
            self.stdout.write(f"left, and not in this database: {identity}  {', '.join(sorted(addresses))}")

    def _release(self, options: dict[str, Any]) -> None:
        was_held, skipped = holding.release(now=clock.now(), skip_due_before=options["skip_due_before"])
        given_up = f" {skipped} messages were given up." if skipped else ""
        self.stdout.write(("Mail leaves again." if was_held else "Mail wasn't held.") + given_up)


def _line(row: OutboxMessage) -> dict[str, Any]:
    return {
        "due": row.not_before.isoformat(),
        "mail": identity_of(row),
        "to": row.recipient.email,
        "kind": row.kind,
        "status": row.status,
        "attempts": row.attempts,
    }


def _instant(text: str) -> datetime:
    """Raises ValueError, which argparse puts into words."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_instant.__name__ = "instant (2027-03-14T09:00:00+00:00)"
