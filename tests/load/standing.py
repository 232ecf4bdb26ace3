"""Brings a site up, step by step, until every process says that it is ready."""

import json
import subprocess
import sys

import psycopg

from tests.faults import tied
from tests.faults.house import wait_until
from tests.load.site import Site
from tests.load.visiting import Browser


def stand(site: Site, *, pages: int, readers: int, desks: int, pool: int) -> tuple[list[str], str]:
    """The slugs of so many live pages, and everybody's password. Raises RuntimeError, with a part's last words."""
    if not wait_until(lambda: answers(site.superuser), seconds=60):
        raise RuntimeError(f"PostgreSQL didn't start: {site.last_words('postgres')}")
    site.manage("migrate", "--verbosity", "0")
    site.make_roles()
    found = _published(site, pages)
    site.replicate()
    if not wait_until(lambda: answers(site.replicas_superuser), seconds=60):
        raise RuntimeError(f"The replica didn't start: {site.last_words('replica')}")
    site.pool(pool)
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    site.serve("reader", readers)
    site.serve("desk", desks)
    site.serve("letters", 1)
    site.front()
    for name in ("worker-1", "beat-1"):
        site.start(name)
    for name in (*site.of("reader"), *site.of("desk"), *site.of("letters")):
        if not wait_until(lambda name=name: status_of(site.ports[name], "/readyz") == 200, seconds=120, every=1):
            raise RuntimeError(f"{name} isn't ready: {site.last_words(name)}")
    return found


def _published(site: Site, count: int) -> tuple[list[str], str]:
    words = [sys.executable, "-m", "tests.load.publishing", str(count)]
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(words, cwd=tied.ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    return found["slugs"], found["password"]


def signed_in(port: int, username: str, password: str) -> Browser:
    browser = Browser(port)
    browser.fill("/accounts/login/", having="login", login=username, password=password)
    return browser


def status_of(port: int, path: str) -> int:
    """0 where nothing answers."""
    try:
        return Browser(port).get(path).status
    except OSError:
        return 0


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
