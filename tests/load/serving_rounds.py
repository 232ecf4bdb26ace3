"""The turns that everything takes, and the table of what came out."""

import os
import platform
import statistics
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import nginx
from tests.load import costs
from tests.load.serving_anchors import SLUG, Anchor
from tests.load.serving_clients import Clients, Fired
from tests.load.serving_servers import HOST, NGINX, OURS, Server

WAGTAIL, WAGTAIL_CACHED, ITS_YARDSTICK = 14.5, 1.34, 1.13
"""CPU ms of Wagtail 8 with the same content and of its page cache, and of the yardstick beside them."""

PAGE_GOAL, KNOWN_GOAL, MEMORY_GOAL = 1.1, 0.8, 120
WARM_SECONDS = 1.0
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}
PAGE, KNOWN = "our article page", "our article page, known (304)"


@dataclass
class Target:
    """What is asked for, of whom, and what each round of it cost."""

    name: str
    server: str
    path: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cpu: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def ms(self) -> float:
        return statistics.median(self.cpu)


def targets(slug: str, tag: str) -> list[Target]:
    article = f"/articles/{slug}/"
    return [
        Target("nginx, static file", NGINX, "/page.html"),
        Target("bare Django view, constant", Anchor.BARE, "/constant/"),
        Target("with default middleware", Anchor.MIDDLEWARE, "/constant/"),
        Target("the yardstick: and one SELECT of the page", Anchor.YARDSTICK, f"/stored/{SLUG}/"),
        Target("the same, connecting each time", Anchor.RECONNECTING, f"/stored/{SLUG}/"),
        Target("2 SELECTs, template, 20 references", Anchor.TEMPLATE, f"/rendered/{SLUG}/"),
        Target(PAGE, OURS, article),
        Target(KNOWN, OURS, article, 304, {"If-None-Match": tag}),
        Target("our history of the article", OURS, f"{article}history/"),
        Target("our front page", OURS, "/"),
        Target("our search", OURS, "/search/?q=blood+pressure"),
        Target("our feed", OURS, "/feeds/articles.atom"),
    ]


def run(servers: dict[str, Server], clients: Clients, slug: str, *, rounds: int, seconds: float) -> None:
    tag = _tag(servers[OURS], slug)
    asked = [target for target in targets(slug, tag) if target.server in servers]
    postgres = costs.parent(_backend())
    for target in asked:
        turn(target, servers[target.server], clients, postgres, WARM_SECONDS)
    for target in asked:
        target.cpu, target.rate, target.asking = [], [], []
    for number in range(rounds):
        for place in range(len(asked)):
            target = asked[(place + number) % len(asked)]
            turn(target, servers[target.server], clients, postgres, seconds)
    tell(asked, rounds, seconds, slug)
    tell_memory(servers[OURS])


def turn(target: Target, server: Server, clients: Clients, postgres: int, seconds: float) -> None:
    before = costs.cpu_of(server.process.pid) + costs.cpu_of(postgres)
    fired: Fired = clients.fire(server.port, target.path, HEADERS | target.headers, seconds)
    spent = costs.cpu_of(server.process.pid) + costs.cpu_of(postgres) - before
    assert fired.statuses == [target.status], (target.name, fired.statuses)
    target.cpu.append(spent / fired.requests * 1000)
    target.rate.append(fired.requests / fired.seconds)
    target.asking.append(fired.cpu / fired.seconds)
    target.size = fired.size


def tell(asked: list[Target], rounds: int, seconds: float, slug: str) -> None:
    by_server = {target.server: target for target in reversed(asked)}
    bare, yardstick = by_server[Anchor.BARE], by_server[Anchor.YARDSTICK]
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}; {rounds} rounds of {seconds} s, medians")
    print(f"{'':44}{'CPU ms':>8}{'req/s':>9}{'to bare':>9}{'CPU to':>11}{'bytes':>9}{'asking':>8}")
    print(f"{'':44}{'':>8}{'':>9}{'(req/s)':>9}{'yardstick':>11}{'':>9}{'(cores)':>8}")
    for target in asked:
        rate, base = statistics.median(target.rate), statistics.median(bare.rate)
        ratio, asking = target.ms / yardstick.ms, statistics.median(target.asking)
        line = f"{target.name:44}{target.ms:8.2f}{rate:9,.0f}{rate / base:9.2f}{ratio:11.2f}"
        print(f"{line}{target.size:9,}{asking:8.2f}", flush=True)
    low, high = min(yardstick.cpu), max(yardstick.cpu)
    print(f"noise: the yardstick from {low:.2f} to {high:.2f} ms, {(high - low) / yardstick.ms:.0%} of its median")
    if NGINX not in by_server:
        print(f"Its line is left out: {nginx.NONE}.")
    tell_goals({target.name: target.ms / yardstick.ms for target in asked}, slug)


def tell_goals(ratios: dict[str, float], slug: str) -> None:
    page, known = ratios[PAGE], ratios[KNOWN]
    wagtail, cached = WAGTAIL / ITS_YARDSTICK, WAGTAIL_CACHED / ITS_YARDSTICK
    goal("article page, uncached", page, PAGE_GOAL, "× the yardstick's CPU")
    goal("article page, known (304)", known, KNOWN_GOAL, "× the yardstick's CPU")
    goal("article page to Wagtail's cached one", page / cached, 1.0, f"× (it costs {cached:.2f} yardsticks)")
    goal("article page to Wagtail's", page / wagtail, 0.1, f"× (it costs {wagtail:.1f} yardsticks)")
    goal("queries of the article page", float(_queries(slug)), 1.0, "")


def goal(name: str, found: float, most: float, unit: str) -> None:
    said = "reached" if found <= most else "MISSED"
    print(f"{name}: {found:.2f} {unit}".rstrip() + f" (goal: at most {most:g}): {said}", flush=True)


def tell_memory(server: Server) -> None:
    found = [costs.memory_of(pid) for pid in server.workers()]
    resident, share = max(each[0] for each in found), max(each[1] for each in found)
    print(f"a web worker after it: {resident:.0f} MB resident, {share:.0f} MB with shared pages by share (PSS)")
    goal("memory of a web worker", resident, MEMORY_GOAL, "MB")


def _tag(server: Server, slug: str) -> str:
    """The page's ETag as that process makes it."""
    import urllib.request  # why: asked once, before anything is measured

    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/articles/{slug}/", headers=HEADERS)
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["ETag"])


def _queries(slug: str) -> int:
    client = Client()
    client.get(f"/articles/{slug}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/articles/{slug}/")
    return len(asked)


def _backend() -> int:
    """The system's number of the process that answers this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
