"""Runs the whole demo under one command: prepares ``var/demo``, then watches over web server and worker.

``python -m config.demo`` serves until Ctrl-C. ``--check`` stops as soon as all of it answers, ``--reset``
deletes ``var/demo``, where all that the demo writes is.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.supervisor import ROOT, Failed, Supervisor, shown

FOLDER = ROOT / "var" / "demo"
HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LEFT_ALONE = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "READER_DATABASE_URL", "SURFACE")
LEFT_ALONE += ("REDIS_URL", "IMPRIMATUR_ENV", "GUNICORN_CMD_ARGS")

PREPARATION = (
    ("Preparing the database", ["migrate", "--no-input", "--verbosity", "1"]),
    ("Setting up the roles", ["setup_roles"]),
    ("Loading the demo's people and articles", ["seed_demo"]),
    ("Collecting style sheets and scripts", ["collectstatic", "--no-input", "--verbosity", "0"]),
)


class Stopped(BaseException):
    """Someone asked the demo to stop. No ``except Exception`` on the way may catch it."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.demo", description="Runs the demo here.")
    parser.add_argument("--check", action="store_true", help="stop as soon as the demo answers")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data")
    options = parser.parse_args(arguments)
    try:
        return reset() if options.reset else demo(check=options.check)
    except Failed as error:
        print(f"{error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        return 0


def demo(*, check: bool) -> int:
    port = wanted_port(os.environ.get("PORT", ""))
    for number in SIGNALS:
        signal.signal(number, on_signal)
    with lock(FOLDER) as held:
        make_folders(FOLDER)
        supervisor = Supervisor(FOLDER / "log", environment(port), (held.fileno(),))
        try:
            people = prepare(supervisor)
            serve(supervisor, port)
            note(held, supervisor)
            print(welcome(port, people), flush=True)
            while not check:
                supervisor.check()
                time.sleep(0.5)
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            print("Stopping the demo …", flush=True)
            supervisor.stop()
            print("Stopped. Nothing of it runs any more.", flush=True)
    return 0


def make_folders(folder: Path) -> None:
    for name in ("log", "celery", "mail", "run"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def on_signal(number: int, frame: object) -> None:
    raise Stopped


def wanted_port(text: str) -> int:
    """The port to serve on, shown to be free by binding it. Raises Failed."""
    if not (text or "8000").isdecimal() or not 1 <= int(text or "8000") <= 65535:
        raise Failed(f"PORT is “{text}”; it takes a number from 1 to 65535, as in `make demo PORT=8001`.")
    port = int(text or "8000")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Failed(f"Port {port} is for root alone. Use a higher one: `make demo PORT=8001`.") from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise Failed(
                f"Port {port} is taken by another program. Stop that one, or use another port:"
                f" `make demo PORT={other}`."
            ) from None
    return port


@contextmanager
def lock(folder: Path) -> Iterator[IO[str]]:
    """Held while a demo runs, by its children too, so that orphans are noticed. Raises Failed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            who = held.read().strip()
            raise Failed(
                "A demo is running from this folder already. Stop it with Ctrl-C in its own window"
                + (f", or with `kill {who}`." if who else ".")
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        try:
            yield held
        finally:
            held.truncate(0)


def note(held: IO[str], supervisor: Supervisor) -> None:
    """Write into the lock which processes to end if the demo itself was killed."""
    held.truncate(0)
    processes = [os.getpid(), *(child.process.pid for child in supervisor.children)]
    held.write(" ".join(str(process) for process in processes))
    held.flush()


def environment(port: int) -> dict[str, str]:
    """The children's: the demo's own database and broker whatever this shell points at."""
    for name in LEFT_ALONE:
        if os.environ.get(name):
            print(f"{name} is set in this shell; the demo leaves it alone and uses its own.", flush=True)
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_ALONE}
    return (
        {"SWEEP_SECONDS": "10"}
        | kept
        | {
            "IMPRIMATUR_ENV": "demo",
            "DEMO_DIR": str(FOLDER),
            "PORT": str(port),
            "PYTHONDONTWRITEBYTECODE": "1",  # nothing outside var/demo is written
            "PYTHONUNBUFFERED": "1",
        }
    )


def prepare(supervisor: Supervisor) -> str:
    """Bring ``var/demo`` up to date; what the loading said about who can sign in. Raises Failed."""
    people = ""
    for sentence, command in PREPARATION:
        print(f"{sentence} …", flush=True)
        said = supervisor.run(command[0], [sys.executable, "manage.py", *command])
        if command[0] == "seed_demo":
            people = without_notice(said)
    return people


def without_notice(said: str) -> str:
    """What a command printed without the line of the settings that names the database."""
    lines = [line for line in said.splitlines() if not line.startswith("DATABASE_URL isn't set")]
    return "\n".join(lines).strip("\n")


def serve(supervisor: Supervisor, port: int) -> None:
    """Start web server and worker, and wait until both are at work. Raises Failed."""
    print("Starting the web server, and the worker that sends reminders and mail …", flush=True)
    supervisor.start("web", web_command(port, FOLDER))
    worker = supervisor.start("worker", worker_command())
    supervisor.wait_until(lambda: answers(f"http://{HOST}:{port}/"), "the site didn't answer")
    supervisor.wait_until(lambda: b" ready." in worker.log.read_bytes(), "the worker wasn't ready")


def web_command(port: int, folder: Path) -> list[str]:
    words = f"gunicorn config.wsgi:application --bind {HOST}:{port} --workers 2 --threads 4"
    return [
        sys.executable,
        "-m",
        *words.split(),
        "--no-control-socket",
        "--worker-tmp-dir",
        str(folder / "run"),
    ]


def worker_command() -> list[str]:
    words = "celery -A config worker -B --pool solo --loglevel INFO --without-gossip --without-mingle"
    return [sys.executable, "-m", *words.split(), "--schedule", str(FOLDER / "celery" / "beat-schedule")]


def answers(url: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(port: int, people: str) -> str:
    return (
        f"\n{people}\n\nThe demo runs at http://{HOST}:{port}/ (its desk is at http://{HOST}:{port}/admin/)."
        f"\nIts people's mail is at http://{HOST}:{port}/accounts/demo/mail/, logs are in {shown(FOLDER / 'log')}."
        "\nCtrl-C stops it."
    )


def reset() -> int:
    """Delete what the demo wrote. Raises Failed while one runs."""
    if not FOLDER.exists():
        print("There is no demo data to delete.")
        return 0
    with lock(FOLDER):
        shutil.rmtree(FOLDER)
    print(f"Deleted {shown(FOLDER)}. `make demo` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
