"""Says by its exit code whether a process on this host lives: ``python -m config.alive web|worker|beat``.

For health checks of containers, where each process has a host of its own. Web is asked; worker and beat leave signs of
life in the database, which are looked up without loading the site.
"""

import http.client
import os
import socket
import sys

import psycopg

from config import env

FRESH_SECONDS = 120
WEB = ("127.0.0.1", 8000)


def main(arguments: list[str]) -> int:
    part = arguments[0] if len(arguments) == 1 else ""
    if part not in ("web", "worker", "beat"):
        print("usage: python -m config.alive web|worker|beat", file=sys.stderr)
        return 2
    try:
        alive = web() if part == "web" else gave_a_sign(part)
    except (OSError, http.client.HTTPException, psycopg.Error) as problem:
        print(f"{part} can't be asked: {type(problem).__name__}", file=sys.stderr)
        return 1
    return 0 if alive else 1


def web() -> bool:
    host, _, port = os.environ.get("WEB_BIND", "").rpartition(":")
    connection = http.client.HTTPConnection(
        "127.0.0.1" if host in ("", "0.0.0.0") else host, int(port or WEB[1]), timeout=4
    )
    connection.request("GET", "/healthz")
    return connection.getresponse().status == 200


def gave_a_sign(part: str) -> bool:
    """Within two minutes, by the database's own clock."""
    env.read_files()
    url = env.text("DATABASE_URL", takes="postgres://user:password@host:5432/name")
    fresh = "SELECT count(*) FROM editorial_heartbeat WHERE name = %s AND at > now() - make_interval(secs => %s)"
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(fresh, [f"{part}:{socket.gethostname()}", FRESH_SECONDS]).fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
