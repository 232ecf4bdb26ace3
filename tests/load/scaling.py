"""Run it as it would grow, on one machine: ``make scaling``. What it shows stands in docs/scaling.md.

Two desks and three reader processes behind nginx with its cache, all databases behind PgBouncer with transaction
pooling, the public pages on a streaming replica. Ends with 1 when a promise didn't hold.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import psycopg

from tests import throwaway
from tests.faults import tied
from tests.faults.house import wait_until
from tests.load.site import Missing, Site
from tests.load.standing import signed_in, stand, status_of
from tests.load.visiting import Browser, Readers, Watch

MINUTE = 60.0
GRAIN = 1.0
"""nginx counts a page's age in whole seconds, and the door is looked at four times in each."""
READERS, DESKS, POOL = 3, 2, 6
REASON = "The dose in the second section is ten times too high."


class Trial:
    """The steps in order; each says what it saw, and adds to ``broken`` what should have been otherwise."""

    def __init__(self, site: Site, holds: int) -> None:
        self.site = site
        self.holds = holds
        self.broken: list[str] = []
        self.slugs: list[str] = []
        self.password = ""

    def say(self, words: str) -> None:
        print(words, flush=True)

    def expect(self, held: bool, words: str) -> None:
        if not held:
            self.broken.append(words)
            self.say(f"  BROKEN: {words}")

    def build(self) -> None:
        self.slugs, self.password = stand(self.site, pages=self.holds + 2, readers=READERS, desks=DESKS, pool=POOL)
        self.say(
            f"{platform.python_version()}, {os.cpu_count()} cores: {DESKS} desks and {READERS} reader processes of two"
            f" workers each, PgBouncer with {POOL} connections an account, a replica, nginx with its cache"
        )

    def address(self, slug: str) -> str:
        return f"/articles/{slug}/"

    # The steps

    def holds_are_seen(self) -> None:
        """A hold at one desk, under the load of readers: how long each door still shows the page."""
        site = self.site
        readers = Readers(site.ports["nginx"], [self.address(slug) for slug in self.slugs], count=6).begin()
        chief = signed_in(site.ports["nginx"], "claire", self.password)
        direct, cached = [], []
        for slug in self.slugs[: self.holds]:
            shown = Watch(site.ports["nginx"], self.address(slug))
            wait_until(lambda shown=shown: status_of(shown.port, shown.path) == 200, seconds=5)
            answer = chief.fill(f"/admin/hold/{slug}/", having="reason", reason=REASON, password=self.password)
            since = time.monotonic()
            self.expect(answer.status in (200, 302), f"the desk answered {answer.status} to a hold")
            doors = [Watch(site.ports[name], self.address(slug)) for name in site.of("reader")]
            wait_until(lambda doors=doors, since=since: not [d for d in doors if not d.look(since)], seconds=MINUTE)
            wait_until(lambda shown=shown, since=since: shown.look(since), seconds=MINUTE + 5, every=0.25)
            direct += [door.gone for door in doors if door.gone is not None]
            cached += [shown.gone] if shown.gone is not None else []
            self.expect(all(door.gone is not None for door in doors), f"{slug}: a reader process still shows it")
            self.expect(
                shown.gone is not None and shown.gone <= MINUTE + GRAIN, f"{slug}: nginx showed it for {shown.gone} s"
            )
        readers.stop()
        if direct and cached:
            self.say(
                f"{len(cached)} holds: each of the {READERS} reader processes gave the page no more after"
                f" {max(direct) * 1000:.0f} ms at most, nginx after {max(cached):.1f} s at most (goal {MINUTE:.0f} s)"
            )
        errors = {status: count for status, count in readers.statuses.items() if status not in (200, 404)}
        self.say(
            f"  {sum(readers.statuses.values()):,} pages through nginx meanwhile, median"
            f" {statistics.median(readers.seconds) * 1000:.1f} ms, errors: {errors or 'none'}"
        )
        self.expect(not errors, f"readers met {errors}")

    def connections_are_few(self) -> None:
        query = (
            "SELECT usename, count(*) FROM pg_stat_activity WHERE usename LIKE 'imprimatur\\_%' GROUP BY 1 ORDER BY 1"
        )
        found = {}
        for where, url in (("primary", self.site.superuser), ("replica", self.site.replicas_superuser)):
            with psycopg.connect(url) as connection:
                found[where] = dict(connection.execute(query).fetchall())
        self.say(f"server connections: {found}")
        self.expect(all(n <= POOL for counts in found.values() for n in counts.values()), "the pool grew")
        self.expect(set(found["replica"]) == {"imprimatur_reader"}, "somebody else reads from the replica")

    def letters_arrive(self) -> None:
        """A reader's message is taken in by the process on the primary; a replica says that it can't, and keeps it."""
        path, text = f"{self.address(self.slugs[-1])}report/", "The second source is misquoted."
        sent = Browser(self.site.ports["nginx"]).fill(path, having="text", typing=2.5, text=text)
        self.expect(sent.status == 303, f"a message was answered with {sent.status}")
        with psycopg.connect(self.site.superuser) as connection:
            kept = connection.execute("SELECT count(*) FROM articles_readermessage WHERE text = %s", [text]).fetchone()
        self.expect(kept == (1,), f"a message is kept {kept} times")
        there = Browser(self.site.ports[self.site.of("reader")[0]]).fill(path, having="text", typing=2.5, text=text)
        self.say(f"a reader's message: {sent.status}, kept; on a replica {there.status}, with what was typed")
        self.expect(there.status == 503 and text in there.text, "a replica loses what was typed")

    def a_reader_process_dies(self) -> None:
        site, last = self.site, self.site.of("reader")[-1]
        readers = Readers(site.ports["nginx"], ["/", *(f"/search/?q=w{n}" for n in range(40))], count=4).begin()
        time.sleep(2)
        site.kill(last)
        time.sleep(4)
        readers.stop()
        self.say(f"{last} killed: readers met {dict(readers.statuses)}")
        self.expect(set(readers.statuses) <= {200, 404}, f"readers met {dict(readers.statuses)}")
        site.begin(last)

    def a_replica_stands_still(self) -> None:
        """Its log isn't followed any more: a hold isn't seen there, and the process must say so."""
        site, slug = self.site, self.slugs[-1]
        door = site.ports[site.of("reader")[0]]
        with psycopg.connect(site.replicas_superuser, autocommit=True) as replica:
            replica.execute("SELECT pg_wal_replay_pause()")
            chief = signed_in(site.ports["nginx"], "claire", self.password)
            chief.fill(f"/admin/hold/{slug}/", having="reason", reason=REASON, password=self.password)
            since = time.monotonic()
            self.say(f"the replica stands still: its door answers {status_of(door, self.address(slug))} to a held page")
            unready = wait_until(lambda: status_of(door, "/readyz") == 503, seconds=150, every=1)
            self.expect(unready, "a replica that stands still is called ready")
            self.say(f"  /readyz answered 503 after {time.monotonic() - since:.0f} s")
            replica.execute("SELECT pg_wal_replay_resume()")
        seen = wait_until(lambda: status_of(door, self.address(slug)) == 404, seconds=30)
        self.expect(seen, "after catching up the replica still shows a held page")
        ready = wait_until(lambda: status_of(door, "/readyz") == 200, seconds=60, every=1)
        self.expect(ready, "after catching up the replica isn't ready")
        self.say("  it follows again: the hold is seen, and it is ready")

    def the_primary_goes(self) -> None:
        """Readers go on reading what the replica has; the desk waits and says so."""
        site = self.site
        site.kill("postgres")
        door = site.ports[site.of("reader")[0]]
        page = status_of(door, self.address(self.slugs[-2]))
        self.say(f"the primary is gone: a page answers {page}, the desk {status_of(site.ports['nginx'], '/admin/')}")
        self.expect(page == 200, "without the primary there are no pages")
        site.start("postgres")
        back = wait_until(
            lambda: signed_in(site.ports["nginx"], "claire", self.password).get("/admin/").status == 200, seconds=60
        )
        self.expect(back, "the desk doesn't come back with the primary")
        verified = site.manage("verify", DATABASE_URL=site.superuser, DATABASE_POOLER="off")
        self.say(f"  it is back, the desk too; verify: {verified.strip().splitlines()[-1]}")


def steps(trial: Trial) -> Iterator[Callable[[], None]]:
    yield trial.build
    yield trial.holds_are_seen
    yield trial.connections_are_few
    yield trial.letters_arrive
    yield trial.a_reader_process_dies
    yield trial.a_replica_stands_still
    yield trial.the_primary_goes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holds", type=int, default=3, help="pages taken off the site one after the other")
    chosen = parser.parse_args()
    tied.end_with_me()
    try:
        site = Site()
    except (Missing, throwaway.Unavailable) as problem:
        print(problem)
        return 1
    trial = Trial(site, chosen.holds)
    try:
        for step in steps(trial):
            step()
    finally:
        site.end()
    print(f"\n{len(trial.broken)} promises broken" if trial.broken else "\nall held")
    return 1 if trial.broken else 0


if __name__ == "__main__":
    sys.exit(main())
