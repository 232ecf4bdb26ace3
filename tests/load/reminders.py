"""``make bench``: 10,000 due reminders among 1,000,000 review assignments, planned, dispatched and mailed.

Starts a PostgreSQL, a Redis, a mail server and two Celery workers of its own, and takes all of them away again.
"""

import argparse
import os
import secrets
import signal

import django

from tests.load.mail_server import MailServer
from tests.servers import STARTERS, keep


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="review assignments")
    parser.add_argument("--due", type=int, default=10_000, help="of which became overdue with the last midnight")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is sent, and as many plain mails")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is stopped
    server = MailServer()
    os.environ.update(keep(list(STARTERS)))
    os.environ.update(
        IMPRIMATUR_ENV="production",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="localhost",
        PUBLIC_URL="https://imprimatur.example.org",
        EMAIL_URL=f"smtp://127.0.0.1:{server.port}",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    try:
        django.setup()
        from tests.load import bench  # why: it reads models, which need the settings that were made just now

        bench.run(chosen.rows, chosen.due, chosen.rounds, server)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
