"""Runs the demo as an installation runs: on PostgreSQL and Redis, with two workers and two beats.

``python -m config.dev`` serves until Ctrl-C, ``--check`` stops as soon as all of it answers. The servers are throwaway
ones, and ``var/dev``, where all that is written lies, goes with them. After a failure the folder stays, for its logs.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config import demo
from config.demo import HOST, SIGNALS, Stopped
from config.supervisor import ROOT, Child, Failed, Supervisor, shown
from tests.servers import STARTERS, keeper_of, let_go
from tests.throwaway import Unavailable

FOLDER = ROOT / "var" / "dev"
EACH = (1, 2)
"""There are two of the workers and of the beats: what any number may do safely shows from two on."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.dev", description="Runs the demo on PostgreSQL and Redis.")
    parser.add_argument("--check", action="store_true", help="stop as soon as all of it answers")
    options = parser.parse_args(arguments)
    try:
        return dev(check=options.check)
    except (Failed, Unavailable) as error:
        print(f"{error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        return 0


def dev(*, check: bool) -> int:
    port = demo.wanted_port(os.environ.get("PORT", ""))
    for number in SIGNALS:
        signal.signal(number, demo.on_signal)
    with demo.lock(FOLDER) as held:
        clear(FOLDER)
        demo.make_folders(FOLDER)
        try:
            run(port, held, check=check)
        except Stopped:
            pass  # Ctrl-C is how it ends
        shutil.rmtree(FOLDER)
    print("Stopped. Nothing of it runs any more, and what it wrote is deleted.", flush=True)
    return 0


def run(port: int, held: IO[str], *, check: bool) -> None:
    """Start everything, watch over it, and stop it however this ends. Raises Failed, Unavailable or Stopped."""
    with servers() as (keeper, addresses):
        own = {"DEMO_DIR": str(FOLDER), **addresses}
        supervisor = Supervisor(FOLDER / "log", demo.environment(port) | own, (held.fileno(),))
        try:
            people = demo.prepare(supervisor)
            serve(supervisor, port)
            demo.note(held, supervisor)
            print(welcome(port, people), flush=True)
            while not check:
                supervisor.check()
                if keeper.poll() is not None:
                    raise Failed("PostgreSQL and Redis ended by themselves.")
                time.sleep(0.5)
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            print("Stopping the web server, workers and beats, then PostgreSQL and Redis …", flush=True)
            supervisor.stop()


@contextmanager
def servers() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A throwaway PostgreSQL and Redis, which go when this does, even if it is killed. Raises Unavailable."""
    print("Starting a throwaway PostgreSQL and Redis …", flush=True)
    keeper, addresses = keeper_of(list(STARTERS))
    try:
        yield keeper, addresses
    finally:
        let_go(keeper)


def serve(supervisor: Supervisor, port: int) -> None:
    """Start all processes, and wait until each is at work. Raises Failed."""
    print("Starting the web server, two workers and two beats …", flush=True)
    supervisor.start("web", demo.web_command(port, FOLDER))
    workers = [supervisor.start(f"worker-{number}", worker_command(number)) for number in EACH]
    beats = [supervisor.start(f"beat-{number}", beat_command(number)) for number in EACH]
    supervisor.wait_until(lambda: demo.answers(f"http://{HOST}:{port}/"), "the site didn't answer")
    supervisor.wait_until(lambda: all(said(worker, " ready.") for worker in workers), "the workers weren't ready")
    supervisor.wait_until(lambda: all(said(beat, "beat: Starting") for beat in beats), "the beats weren't ready")


def worker_command(number: int) -> list[str]:
    words = f"celery -A config worker --hostname worker-{number}@%h --concurrency 2 --loglevel INFO"
    return [sys.executable, "-m", *words.split()]


def beat_command(number: int) -> list[str]:
    """Each with its own file: two that share one spoil it."""
    words = "celery -A config beat --loglevel INFO --pidfile= --schedule"
    return [sys.executable, "-m", *words.split(), str(FOLDER / "celery" / f"beat-{number}")]


def said(child: Child, words: str) -> bool:
    return words.encode() in child.log.read_bytes()


def clear(folder: Path) -> None:
    """What a run left that failed or was killed; the lock stays, since it is held."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "lock":
            entry.unlink()


def welcome(port: int, people: str) -> str:
    return (
        f"\n{people}\n\nIt runs on PostgreSQL and Redis at http://{HOST}:{port}/ (its desk is at /admin/, its people's"
        f" mail at /accounts/demo/mail/).\nLogs are in {shown(FOLDER / 'log')}. Ctrl-C stops it, and deletes its data."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
