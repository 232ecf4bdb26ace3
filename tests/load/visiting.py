"""Readers and a desk's person who come over HTTP, whatever stands in between."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.forms import fields_of
from tests.load.site import HOST


@dataclass
class Answer:
    status: int
    text: str
    location: str = ""
    seconds: float = 0.0


class Browser:
    """Keeps cookies, and sends forms back filled in."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def fill(self, path: str, *, having: str, typing: float = 0.0, **values: str) -> Answer:
        """The form with the field ``having``. ``typing``: seconds until its button; two at least for readers' forms."""
        fields = fields_of(self.get(path).text, having=having)
        time.sleep(typing)
        return self.post(path, {**fields, **values})

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        begun = time.monotonic()
        # As behind a proxy that ended TLS; one in between says the same.
        headers = {"Host": HOST, "Referer": f"https://{HOST}{path}", "X-Forwarded-Proto": "https"}
        if body is not None:
            headers["Origin"] = f"https://{HOST}"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            text = found.read().decode()
        finally:
            connection.close()
        for cookie in found.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        location = found.headers.get("Location", "")
        return Answer(found.status, text, urlsplit(location).path, time.monotonic() - begun)


@dataclass
class Readers:
    """So many readers who open one page after the other, with a breath in between, until ``stop``."""

    port: int
    paths: list[str]
    count: int
    breath: float = 0.02
    statuses: Counter[int | str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> "Readers":
        self.threads = [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(self.count)]
        for thread in self.threads:
            thread.start()
        return self

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _read(self, number: int) -> None:
        browser = Browser(self.port)
        while not self.over.wait(self.breath):
            number += 1
            try:
                answer = browser.get(self.paths[number % len(self.paths)])
            except OSError as problem:
                self.statuses[type(problem).__name__] += 1
                continue
            self.statuses[answer.status] += 1
            self.seconds.append(answer.seconds)


@dataclass
class Watch:
    """Looks at one page at one door every so often, and notes when it was last seen as it had been."""

    port: int
    path: str
    gone: float | None = None

    def look(self, since: float) -> bool:
        """Whether the page is gone from this door; ``gone``: the seconds from ``since`` on by which it was."""
        if self.gone is None and Browser(self.port).get(self.path).status == 404:
            self.gone = time.monotonic() - since
        return self.gone is not None
