"""A real mail server as a process of its own, that does to each mail what a file tells it.

``mood.json`` in its folder maps an address, or ``*``, to what happens to mail for it:
``keep`` · ``slow:12`` keeps, and answers after 12 seconds · ``refuse:450`` and ``refuse:554`` after DATA ·
``unknown:550`` at RCPT · ``drop`` cuts the line after DATA · ``keep-and-drop`` cuts it too, but has kept the mail.
Several moods after one another, separated by commas, come in turn; the last one stays.

``mails.jsonl`` gets a line for each mail kept, written before the answer.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from tests import throwaway
from tests.faults import tied

THINKING_SECONDS = 0.02
"""What any mail server takes before it keeps a mail."""


@dataclass(frozen=True)
class Kept:
    """A mail that the server has taken: ``answered`` is whether it said 250 at once."""

    mail: str
    to: str
    at: float
    answered: bool


class Postbox:
    """The server's process, and the hand that steers it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, throwaway.free_port()
        self.moods("keep")
        (folder / "mails.jsonl").touch()
        self.process = tied.start([sys.executable, "-m", "tests.faults.postbox", folder, str(self.port)], cwd=tied.ROOT)
        for _ in throwaway.patience(self.process, "The mail server", folder / "mails.jsonl"):
            if (folder / "ready").exists():
                break

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def moods(self, everyone: str = "keep", **others: str) -> None:
        """``others``: by what stands before the @."""
        fresh = self.folder / "mood.fresh"
        fresh.write_text(json.dumps({"*": everyone, **others}))
        fresh.rename(self.folder / "mood.json")

    def kept(self) -> list[Kept]:
        lines = (self.folder / "mails.jsonl").read_text().splitlines()
        return [Kept(**json.loads(line)) for line in lines]

    def copies(self) -> Counter[str]:
        """How often each mail came, by Message-ID."""
        return Counter(mail.mail for mail in self.kept())

    def stop(self) -> None:
        tied.kill(self.process)


class Handler:
    """What the server does with each mail."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.turns = folder, Counter[str]()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:
        what, _sep, how = self.mood(address).partition(":")
        if what == "unknown":
            self.turns[address] += 1
            return f"{how} no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        what, _sep, how = self.mood(address).partition(":")
        self.turns[address] += 1
        await asyncio.sleep(THINKING_SECONDS)
        if what == "refuse":
            return f"{how} not now"
        if what != "drop":
            self.keep(envelope, answered=what == "keep")
        if what == "slow":
            await asyncio.sleep(float(how))
        if what in ("drop", "keep-and-drop"):
            server.transport.abort()
        return "250 OK"

    def mood(self, address: str) -> str:
        """The mood whose turn it is for this address."""
        moods = json.loads((self.folder / "mood.json").read_text())
        turns = moods.get(address.partition("@")[0], moods["*"]).split(",")
        return str(turns[min(self.turns[address], len(turns) - 1)])

    def keep(self, envelope: Any, *, answered: bool) -> None:
        mail = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
        line = {"mail": mail, "to": envelope.rcpt_tos[0], "at": time.time(), "answered": answered}
        with (self.folder / "mails.jsonl").open("a") as kept:
            kept.write(json.dumps(line) + "\n")


async def serve(folder: Path, port: int) -> None:
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="postbox"), "127.0.0.1", port)
    (folder / "ready").touch()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
