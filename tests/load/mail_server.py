"""A mail server in a process of its own that takes everything, keeps nothing, and says how much it took.

``python -m tests.load.mail_server`` prints its port; for each line it reads it prints what came since the last one.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.throwaway import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Counting:
    """Counts mails, their bytes, and the connections that brought them."""

    def __init__(self) -> None:
        self.took: dict[str, Any] = {}
        self.forget()

    def forget(self) -> None:
        self.took = {"mails": 0, "bytes": 0, "peers": []}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.took["mails"] += 1
        self.took["bytes"] += len(envelope.content)
        if session.peer[1] not in self.took["peers"]:
            self.took["peers"].append(session.peer[1])
        return "250 OK"


def serve() -> None:
    counting, port = Counting(), free_port()
    controller = Controller(counting, hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    for _line in sys.stdin:
        print(json.dumps(counting.took), flush=True)
        counting.forget()
    controller.stop()


class MailServer:
    """The process, as seen from the one that started it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.load.mail_server"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def took(self) -> dict[str, Any]:
        """What came since this was asked last."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


if __name__ == "__main__":
    serve()
