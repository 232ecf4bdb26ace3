"""The commands of compose.yaml, run without containers on servers of their own, with the settings of production."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

from config.lint_sources import ROOT
from tests.config.test_deploy import SERVICES
from tests.faults import tied
from tests.faults.house import House, wait_until
from tests.throwaway import free_port

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it starts a PostgreSQL and a Redis of its own"),
]
BIN = Path(sys.executable).parent
GUNICORN = re.search(r'^CMD \["gunicorn", (.*)\]$', (ROOT / "Dockerfile").read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Servers, migrations, and the settings that compose.yaml hands over."""
    made = House(celery=[sys.executable, "-m", "celery"])
    port = free_port()
    made.environment |= {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "2",
        "TRUSTED_PROXIES": "1",
    }
    secret = tmp_path_factory.mktemp("secrets") / "secret_key"
    secret.write_text(made.environment.pop("SECRET_KEY") + "\n")
    made.environment["SECRET_KEY_FILE"] = str(secret)
    wait_until(
        lambda: run(made, "-c", "import psycopg, os; psycopg.connect(os.environ['DATABASE_URL'])")[0] == 0, seconds=60
    )
    yield made
    made.end()


def run(house: House, *words: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=house.environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def started(house: House, name: str, command: list[str]) -> None:
    log = (house.folder / f"{name}.log").open("ab")
    house.parts[name] = tied.start(command, cwd=ROOT, env=house.environment, stdout=log, stderr=log)


def celery(name: str, folder: Path) -> list[str]:
    words = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in SERVICES[name]["command"]]
    return [str(BIN / words[0]), *(word.replace("/tmp/", f"{folder}/") for word in words[1:])]


def answer(house: House, path: str, **headers: str):
    request = urllib.request.Request(f"http://{house.environment['WEB_BIND']}{path}", headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        return error


def test_it_is_served_as_compose_says(house):
    migrated = subprocess.run(
        ["sh", "deploy/migrate.sh"], cwd=ROOT, env=house.environment, capture_output=True, text=True
    )
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    collected = (ROOT / "var" / "static").exists()
    assert run(house, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")[0] == 0
    try:
        serves(house)
    finally:
        if not collected:
            shutil.rmtree(ROOT / "var" / "static")


def serves(house: House) -> None:
    assert GUNICORN is not None
    started(house, "web", [str(BIN / "gunicorn"), *json.loads(f"[{GUNICORN[1]}]")])
    for name in ("worker", "beat"):
        started(house, name, celery(name, house.folder))
    for name in ("web", "worker", "beat"):
        assert wait_until(lambda name=name: run(house, "-m", "config.alive", name)[0] == 0, seconds=90, every=1), (
            name,
            house.last_words(name),
        )

    secure = {"Host": "desk.example.org", "X-Forwarded-Proto": "https"}
    page = answer(house, "/topics/?q=kanarienvogel", **secure, **{"User-Agent": "kanarienvogel"})
    assert page.status == 200
    assert re.fullmatch("[0-9a-f]{16}", page.headers["X-Request-ID"])
    assert answer(house, "/", Host="evil.example", **{"X-Forwarded-Proto": "https"}).status == 400

    code, said = run(house, "manage.py", "doctor", "--json")
    found = {name: {row["level"] for row in rows} for name, rows in json.loads(said.splitlines()[-1])["found"].items()}
    for name in ("broker", "cache", "signs of life", "outbox", "mail server", "clocks", "broker's clock", "deployment"):
        assert found[name] == {"ok"}, (name, said)
    assert code in (1, 2)  # the throwaway server's one account is a superuser, and its release may be old

    for name in ("web", "worker", "beat"):
        tied.kill(house.parts[name])
        lines = (house.folder / f"{name}.log").read_text().splitlines()
        logged = [line for line in lines if line.startswith("{")]
        assert logged, name
        assert all(json.loads(line)["level"] for line in logged)
        assert "kanarienvogel" not in "\n".join(lines)


def test_what_died_is_found_dead(house):
    assert run(house, "-m", "config.alive", "web")[0] == 1
    assert run(house, "-m", "config.alive", "everything")[0] == 2
