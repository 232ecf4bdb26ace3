"""Starts the demo's processes, notices when one dies, and ends them with all that they started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90
GRACE_SECONDS = 10
SHOWN_LINES = 15


class Failed(Exception):
    """The demo can't go on; the message says why and what to do."""


@dataclass
class Child:
    """A process in a group of its own: Ctrl-C reaches the demo alone, and the whole group can be ended."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()[-SHOWN_LINES:]
        return "\n".join(f"    {line}" for line in lines) or "    (it said nothing)"

    def send(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass  # the whole group has ended already


@dataclass
class Supervisor:
    """The children of one demo, their environment, and the descriptors that they keep open."""

    logs: Path
    environment: dict[str, str]
    held: tuple[int, ...] = ()
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: list[str]) -> Child:
        """Start ``command`` with its output in ``logs/name.log``; it inherits the descriptors in ``held``."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.held,
            )
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def run(self, name: str, command: list[str]) -> str:
        """Run ``command`` to its end; what it printed. Raises Failed."""
        child = self.start(name, command)
        if child.process.wait() != 0:
            raise Failed(f"This step failed. Its last lines, from {shown(child.log)}:\n{child.last_lines()}")
        self.children.remove(child)
        return child.log.read_text(errors="replace")

    def check(self) -> None:
        """Raises Failed when a child has died."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise Failed(
                    f"The {child.name} process ended by itself (exit code {code})."
                    f" Its last lines, from {shown(child.log)}:\n{child.last_lines()}"
                )

    def wait_until(self, ready: Callable[[], bool], what: str) -> None:
        """Raises Failed when a child dies or ``ready`` stays false for too long."""
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Failed(f"After {START_SECONDS} seconds {what}. The logs are in {shown(self.logs)}.")
            time.sleep(0.2)

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End every child and all that it started: asked first, killed after ``grace`` seconds."""
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + grace
        for child in self.children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"The {child.name} process didn't stop in {grace:g} seconds and is killed.", flush=True)
            child.send(signal.SIGKILL)
            child.process.wait()
        self.children.clear()


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
