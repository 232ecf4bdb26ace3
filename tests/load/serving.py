"""What it costs to serve a page, beside what others cost that promise nothing: CPU a request, and requests a second.

Starts a PostgreSQL and a Redis of its own, loads an installation with one long article, and serves it by gunicorn as
production does, with two sync workers. The same page is served as a file by nginx, as a constant by Django, and from
a row by the yardstick (serving_anchors). All take turns, round after round, so that a busy machine slows all alike.
CPU is that of the web server's workers and of PostgreSQL, told by the system; asking costs extra, and is said.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from tests.load.serving_clients import Clients
from tests.servers import keep

CLIENTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="how many stand around the long one")
    parser.add_argument("--rounds", type=int, default=9, help="how often each takes its turn")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn is")
    chosen = parser.parse_args()
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    os.environ.update(keep(missing) if missing else {})
    os.environ.update(IMPRIMATUR_ENV="test", DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from tests.load import serving_house, serving_rounds, serving_servers  # why: the settings were made just now

    slug = serving_house.build(chosen.articles)
    folder, clients = Path(tempfile.mkdtemp(prefix="imprimatur-serving-")), Clients(CLIENTS)
    try:
        with serving_servers.running(folder, serving_house.served(f"/articles/{slug}/")) as servers:
            serving_rounds.run(servers, clients, slug, rounds=chosen.rounds, seconds=chosen.seconds)
    finally:
        clients.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
