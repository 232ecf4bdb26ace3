"""Backup under load, disaster, restore on a fresh server: ``make drill``. Ends with 1 when a promise is broken.

A first house works and is written to while its backup is made, goes on for a while, and is killed. A second one, with
servers of its own, is restored from that backup. Its mail is held until the first mail server's log was read to it.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from config.backup import checked
from tests.faults import serving, tied
from tests.faults.house import House, wait_until
from tests.faults.postbox import Kept

WORKING = ("worker-1", "beat-1")
PATIENCE_SECONDS = 120
QUIET_SECONDS = 4
"""So long nothing may leave while mail is held, with a sweep each second."""


HEAD = "| what | found | as promised |\n|---|---|---|"
NOTE = """# The drill

`make drill` backs an installation up while people write and mail leaves, lets it go on, kills it, restores the backup
on fresh servers, and lets the mail go by the first mail server's log. Its last result, of {day}:

{table}

{verdict}

The times are of a small machine that did other work besides. `--careless` lets the mail go without reading the log, to
show that the drill would notice: people then get a mail twice, and it ends with 1. What it doesn't show: a disk that
is lost (its PostgreSQL runs without fsync), and the time that a large database takes, which `pg_dump` and `pg_restore`
decide.
"""


def _line(row: tuple[str, str, bool]) -> str:
    what, found, holds = row
    return f"| {what} | {found} | {'yes' if holds else '**NO**'} |"


@dataclass
class Table:
    """What was done, how long it took, and whether it came out as promised."""

    rows: list[tuple[str, str, bool]] = field(default_factory=list)

    def tell(self, what: str, found: object, holds: bool = True) -> None:
        self.rows.append((what, str(found), holds))
        print(_line(self.rows[-1]), flush=True)

    def timed(self, what: str, act: Callable[[], Any]) -> Any:
        begun = time.monotonic()
        result = act()
        self.tell(what, f"{time.monotonic() - begun:.1f} s", result is not False)
        return result

    @property
    def text(self) -> str:
        return "\n".join([HEAD, *(_line(row) for row in self.rows)])

    @property
    def verdict(self) -> str:
        return "Every promise holds." if self.holds else "A PROMISE IS BROKEN."

    @property
    def holds(self) -> bool:
        return all(holds for _what, _found, holds in self.rows)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Back up under load, lose everything, restore, mail nothing twice.")
    parser.add_argument("--seats", type=int, default=200, help="obligations before the backup (200)")
    parser.add_argument("--articles", type=int, default=10, help="published articles (10)")
    parser.add_argument("--careless", action="store_true", help="let mail go without the log: must break a promise")
    parser.add_argument("--note", type=Path, metavar="FILE", help="write the table there, with the day")
    options = parser.parse_args(arguments)
    tied.end_with_me()
    table, first = Table(), House()
    print(HEAD, flush=True)
    try:
        folder, disaster = lived(first, options, table)
        second = House()
        try:
            came_back(second, first, folder, None if options.careless else disaster, table)
        finally:
            second.end()
    finally:
        first.end()
    print(f"\n{table.verdict}", flush=True)
    if options.note:
        options.note.write_text(NOTE.format(day=datetime.now(UTC).date(), table=table.text, verdict=table.verdict))
    return 0 if table.holds else 1


def lived(house: House, options: argparse.Namespace, table: Table) -> tuple[Path, datetime]:
    """The first house's life until the disaster; the backup's folder and the disaster's instant."""
    serving.connect(house)
    from tests.faults import drilling  # why: its models need the connection to be set up

    original = table.timed("articles published, seats filled", lambda: drilling.furnished(options))
    for name in WORKING:
        house.start(name)
    stop, written = threading.Event(), Counter[str]()
    writer = threading.Thread(target=drilling.write_on, args=(original, stop, written))
    writer.start()
    try:
        wait_until(lambda: len(house.postbox.kept()) > options.seats // 10, seconds=PATIENCE_SECONDS)
        folder, before = house.folder / "backup", written["seats"]
        made = table.timed("backup, while people write and mail leaves", lambda: backed_up(house, folder))
        table.tell("seats written meanwhile", written["seats"] - before, written["seats"] > before and made)
        mails = len(house.postbox.kept())
        wait_until(lambda: len(house.postbox.kept()) > mails + options.seats // 20, seconds=PATIENCE_SECONDS)
    finally:
        stop.set()
        writer.join()
    for name in (*WORKING, "redis", "postgres"):
        house.kill(name)
    table.tell("mails that left between backup and disaster", len(house.postbox.kept()) - mails)
    return folder, datetime.now(UTC)


def backed_up(house: House, folder: Path) -> bool:
    return ran(house, sys.executable, "-m", "config.backup", str(folder))


def came_back(house: House, first: House, folder: Path, disaster: datetime | None, table: Table) -> None:
    """The second house: restored, quiet while mail is held, and silent to whoever had their mail."""
    wait_until(lambda: answers(house), seconds=60)
    restore = [sys.executable, "-m", "config.restore", str(folder)]
    table.timed("restored on a fresh server, verify green", lambda: ran(house, *restore))
    table.tell("rows in the backup, all of them here", sum(checked(folder)["rows"].values()))
    for name in WORKING:
        house.start(name)
    table.timed("the clock runs, and what was owed is planned", lambda: wait_until(steady(house), seconds=60))
    time.sleep(QUIET_SECONDS)
    table.tell("mails that left while mail was held", len(house.postbox.kept()), not house.postbox.kept())
    log = house.folder / "first-mail.log"
    log.write_text("".join(postfix(number, mail) for number, mail in enumerate(first.postbox.kept())))
    suppress = ["outbox", "suppress", "--log", str(log), "--until", disaster.isoformat() if disaster else ""]
    if disaster:
        table.timed("the mail server's log read", lambda: managed(house, *suppress))
    table.timed("mail let go", lambda: managed(house, "outbox", "release"))
    table.timed("what is due has left", lambda: wait_until(lambda: not waiting(house), seconds=120))
    reckoned(house, first, table)
    table.timed("verify, once more", lambda: managed(house, "verify"))


def reckoned(house: House, first: House, table: Table) -> None:
    """Who had mail from which house."""
    before, after = (Counter(mail.to for mail in each.postbox.kept()) for each in (first, house))
    known = people(house)
    twice = sorted((before + after).keys() & {who for who, n in (before + after).items() if n > 1})
    table.tell("mails of the first house", sum(before.values()))
    table.tell("mails of the second house, for what hadn't left", sum(after.values()))
    table.tell("people who got a mail twice", len(twice), not twice)
    missed = known - before.keys() - after.keys()
    table.tell("late people in the backup whom nobody mailed", len(missed), not missed)
    lost = before.keys() - known
    table.tell("people who came after the backup: written after it, so lost with the disaster", len(lost))


def ran(house: House, *command: str) -> bool:
    """In the house's environment, with the programs of its PostgreSQL's release first."""
    environment = {**house.environment, "PATH": f"{house.programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=tied.ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr, flush=True)
    return done.returncode == 0


def managed(house: House, *words: str) -> bool:
    return ran(house, sys.executable, "manage.py", *words)


def asked(house: House, statement: str) -> list[Any]:
    """The first column of what the house's database answers."""
    with psycopg.connect(house.environment["DATABASE_URL"]) as connection:
        return [row[0] for row in connection.execute(statement)]


def answers(house: House) -> bool:
    try:
        return asked(house, "SELECT 1") == [1]
    except psycopg.OperationalError:
        return False


def steady(house: House) -> Callable[[], bool]:
    """Whether the clock has run and no message has come for three seconds."""
    seen: list[tuple[int, float]] = []

    def settled() -> bool:
        ran = asked(
            house, "SELECT count(*) FROM editorial_heartbeat WHERE name = 'clock' AND at > now() - interval '5 s'"
        )
        found = asked(house, "SELECT count(*) FROM editorial_outboxmessage")[0]
        if not seen or seen[-1][0] != found or not ran[0]:
            seen.append((found, time.monotonic()))
        return bool(ran[0]) and time.monotonic() - seen[-1][1] > 3

    return settled


def waiting(house: House) -> int:
    """How many messages are due. Some of the cast's are for tomorrow."""
    due = "status IN ('waiting', 'leased') AND not_before <= now()"
    return int(asked(house, f"SELECT count(*) FROM editorial_outboxmessage WHERE {due}")[0])


def people(house: House) -> set[str]:
    """The addresses of those who were fed as late."""
    return set(asked(house, "SELECT email FROM editorial_user WHERE username LIKE 'member-%'"))


def postfix(number: int, mail: Kept) -> str:
    """The lines that Postfix would have written."""
    name = f"Q{number:09X}"
    return (
        f"Mar  2 09:00:00 mx postfix/cleanup[1]: {name}: message-id={mail.mail}\n"
        f"Mar  2 09:00:00 mx postfix/smtp[2]: {name}: to=<{mail.to}>, relay=mx, status=sent (250 OK)\n"
    )


if __name__ == "__main__":
    sys.exit(main())
