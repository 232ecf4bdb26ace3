"""Eight clients in one process of their own, so that what asking costs isn't counted as answering.

Each waits for its answer before it asks again, over a connection of its own every time, as gunicorn's sync workers
close theirs. Lines of JSON come in, and one goes out for each.
"""

import json
import select
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

AT_ONCE = 1 << 18
PATIENCE = 30.0


@dataclass(frozen=True)
class Fired:
    """``cpu``: seconds that asking took; ``size``: bytes of the last answer, its head included."""

    requests: int
    seconds: float
    cpu: float
    size: int
    statuses: list[int]


class Clients:
    """The process, as the side that gives orders sees it."""

    def __init__(self, count: int) -> None:
        command = [sys.executable, "-m", __name__, str(count)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fire(self, port: int, path: str, headers: dict[str, str], seconds: float) -> Fired:
        assert self.process.stdin
        assert self.process.stdout
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
        order = {"port": port, "request": "\r\n".join([*lines, "", ""]), "seconds": seconds}
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return Fired(**json.loads(self.process.stdout.readline()))

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


class Loop:
    """So many requests on the way at any time, until the seconds are over."""

    def __init__(self, port: int, request: bytes) -> None:
        self.address, self.request = ("127.0.0.1", port), request
        self.poll = select.epoll()
        self.waiting: dict[int, tuple[socket.socket, bytearray]] = {}
        self.answered, self.size = 0, 0
        self.statuses: set[int] = set()

    def ask(self) -> None:
        asked = socket.create_connection(self.address, timeout=PATIENCE)
        asked.sendall(self.request)
        asked.setblocking(False)
        self.waiting[asked.fileno()] = (asked, bytearray())
        self.poll.register(asked, select.EPOLLIN)

    def hear(self, number: int) -> bool:
        """Take what came; whether the answer is whole now."""
        asked, so_far = self.waiting[number]
        got = asked.recv(AT_ONCE)
        so_far += got
        if got:
            return False
        del self.waiting[number]
        asked.close()
        self.answered, self.size = self.answered + 1, len(so_far)
        self.statuses.add(int(so_far[9:12] or b"0"))
        return True

    def run(self, count: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        for _ in range(count):
            self.ask()
        while self.waiting:
            for number, _event in self.poll.poll(PATIENCE) or sys.exit("no answer came in 30 seconds"):
                if self.hear(number) and time.monotonic() < until:
                    self.ask()


def fired(count: int, order: dict[str, Any]) -> dict[str, Any]:
    loop = Loop(order["port"], order["request"].encode())
    began, own = time.monotonic(), time.process_time()
    loop.run(count, order["seconds"])
    took, cpu = time.monotonic() - began, time.process_time() - own
    loop.poll.close()
    found = Fired(loop.answered, took, cpu, loop.size, sorted(loop.statuses))
    return vars(found)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(fired(int(sys.argv[1]), json.loads(line))), flush=True)
