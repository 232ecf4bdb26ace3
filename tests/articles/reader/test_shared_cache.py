"""With a real shared cache between the site and its readers, a hold or a retraction reaches all within a minute."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import Client

from articles.reader import showing
from reviews import workflow
from tests import nginx
from tests.articles.test_ending import ended

pytestmark = pytest.mark.long

MINUTE = 60
SERVED = """
proxy_cache_path {folder}/cache keys_zone=site:1m;
server {{
  listen 127.0.0.1:{port};
  location / {{
    proxy_pass {origin};
    proxy_set_header Host $proxy_host;
    proxy_cache site;
    proxy_cache_revalidate on;
    add_header X-Cache $upstream_cache_status always;
  }}
}}
"""
"""What the cache keeps, and for how long, is what the site's own headers say: nothing here adds to it."""


class Answer(NamedTuple):
    status: int
    cache: str
    text: str


@pytest.fixture
def cached(live_server, tmp_path: Path) -> Iterator[str]:
    """The site behind nginx; the address in front of it."""
    if nginx.program() is None:
        pytest.skip(f"Not run: {nginx.NONE}.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = SERVED.format(folder=tmp_path, port=port, origin=live_server.url)
    process = subprocess.Popen(nginx.command(tmp_path, served))
    try:
        until(lambda: listens(port), seconds=20)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def until(is_so, *, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, f"not so after {seconds} s"
        time.sleep(0.5)


def get(url: str) -> Answer:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return Answer(answer.status, answer.headers["X-Cache"], answer.read().decode())
    except urllib.error.HTTPError as answer:
        return Answer(answer.code, answer.headers["X-Cache"], answer.read().decode())


def test_what_is_taken_down_or_retracted_is_seen_by_every_reader_within_a_minute(story, cached):
    held, gone, stays = (story.published(title=f"Is {word} safe?") for word in ("salt", "sugar", "tea"))
    urls = [f"{cached}/articles/{article.slug}/" for article in (held, gone, stays)]
    assert [get(url)[:2] for url in urls] == [(200, "MISS")] * 3
    assert [get(url)[:2] for url in urls] == [(200, "HIT")] * 3

    ended(story, held, "on_hold")
    ended(story, gone, "retracted")
    assert Client().get(f"/articles/{held.slug}/").status_code == 404  # the site itself says so at once
    time.sleep(MINUTE + 1)

    off = get(urls[0])
    assert (off.status, "mm Hg" in off.text) == (404, False)
    assert get(urls[0])[:2] != (404, "HIT")
    assert "RETRACTED" in get(urls[1]).text
    assert get(urls[2])[:2] == (200, "REVALIDATED")
    assert get(urls[2])[:2] == (200, "HIT")
    workflow.lift(
        held, actor=story.people["ingrid"], now=story.tick(), reason="The dose was right.", proof=story.proof("ingrid")
    )
    assert get(urls[0]).status == 200  # a page that was away isn't kept away


def test_errors_are_kept_by_no_cache(story, cached, monkeypatch):
    article = story.published()
    for _time in range(2):
        unknown = get(f"{cached}/articles/unknown/")
        assert (unknown.status, unknown.cache) in {(404, "MISS"), (404, "EXPIRED")}
    url = f"{cached}/articles/{article.slug}/v/1/"
    with monkeypatch.context() as broken:
        broken.setattr(showing, "version", None)
        assert [get(url)[:2] for _time in range(2)] == [(500, "MISS")] * 2
    assert get(url)[:2] == (200, "MISS")
