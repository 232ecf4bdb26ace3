"""Throwaway PostgreSQL and Redis for a test run: a pytest plugin, loaded with ``-p tests.servers``.

Servers named by ``DATABASE_URL`` and ``REDIS_URL`` are used as they are. Otherwise a keeper process
starts what is missing and takes it away when the pipe to it closes, so that nothing is left behind
even when the test run is killed. ``python -m tests.servers`` does the same by hand, until Ctrl-C.
"""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.throwaway import Unavailable, start_postgres, start_redis

STARTERS = {"DATABASE_URL": start_postgres, "REDIS_URL": start_redis}
STOP_SECONDS = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sqlite", action="store_true", help="run on a throwaway SQLite file, without servers")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Set the environment before pytest-django reads the settings; workers of xdist inherit it."""
    options = parser.parse_known_args(args)
    if "PYTEST_XDIST_WORKER" in os.environ or options.help or options.version:
        return
    os.environ["IMPRIMATUR_ENV"] = "test"
    if options.sqlite:
        use_sqlite()
        return
    missing = [name for name in STARTERS if not os.environ.get(name)]
    if missing:
        try:
            os.environ.update(keep(missing))
        except Unavailable as error:
            raise pytest.UsageError(str(error)) from None


def pytest_report_header() -> str | None:
    url = os.environ.get("DATABASE_URL", "")
    return f"database: {url.split(':', 1)[0]}" if url else None


def use_sqlite() -> None:
    """Point the settings at a SQLite file that goes away with this process."""
    folder = tempfile.mkdtemp(prefix="imprimatur-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATABASE_URL"] = f"sqlite://{quote(folder)}/db.sqlite3"
    os.environ.pop("REDIS_URL", None)


def keep(names: list[str]) -> dict[str, str]:
    """Start a keeper with the servers behind ``names``; their addresses. It stops with this process.

    Raises Unavailable.
    """
    keeper, addresses = keeper_of(names)
    atexit.register(let_go, keeper)
    return addresses


def keeper_of(names: list[str]) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """A keeper, and the addresses of its servers. ``let_go`` ends it, and so does the end of this process.

    Raises Unavailable.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", "--keep", *names],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests, which then close the pipe
    )
    assert keeper.stdout
    answer: dict[str, str] = json.loads(keeper.stdout.readline() or '{"error": "The test servers died; see above."}')
    if "error" in answer:
        let_go(keeper)
        raise Unavailable(answer["error"])
    return keeper, answer


def let_go(keeper: subprocess.Popen[str]) -> None:
    """Close the pipe, and wait until its servers have stopped."""
    assert keeper.stdin
    keeper.stdin.close()
    keeper.wait()


def serve(names: list[str], until_closed: Any) -> int:
    """The keeper: start, print the addresses as JSON, wait for ``until_closed`` to end, stop, delete."""
    folder = Path(tempfile.mkdtemp(prefix="imprimatur-tests-"))
    folder.chmod(0o755)  # the account that PostgreSQL drops to must pass through
    running: list[subprocess.Popen[bytes]] = []
    for number in (signal.SIGTERM, signal.SIGINT):  # a run in the background of a script inherits SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        print(json.dumps({name: STARTERS[name](folder, running) for name in names}), flush=True)
        until_closed.read()
    except Unavailable as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in reversed(running):
            stop(process)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown, and enough for Redis."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    by_hand = "--keep" not in sys.argv
    sys.exit(serve([name for name in STARTERS if by_hand or name in sys.argv], sys.stdin))
