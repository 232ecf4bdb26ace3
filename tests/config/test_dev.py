"""`make dev`: the demo on servers of its own, of which nothing is left."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from config import demo
from config.lint_sources import ROOT
from tests.config.test_demo import SECONDS, free, processes_in, project, taken, until  # noqa: F401

NEEDED = ("tests/__init__.py", "tests/servers.py", "tests/throwaway.py")


@pytest.fixture
def dev(project: Path):  # noqa: F811
    """Start ``make dev`` in the copied project; whatever is left of it is killed at the end."""
    started = []
    for name in NEEDED:
        (project / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, project / name)

    def start(port: int, *arguments: str) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name not in demo.LEFT_ALONE}
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "config.dev", *arguments],
            cwd=project,
            env=environment | {"PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
    for pid in processes_in(project):
        os.kill(pid, signal.SIGKILL)


def test_what_is_missing_is_said_in_words(dev, project, free):  # noqa: F811
    servers = project / "tests" / "throwaway.py"
    servers.write_text(servers.read_text().replace("OLDEST_POSTGRES = 15", "OLDEST_POSTGRES = 99"))
    process = dev(free)
    said, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert "No PostgreSQL 99 or later was found. Run `make install-dev`, which brings one, install one" in said
    assert "Traceback" not in said
    assert processes_in(project) == []


@pytest.mark.long
def test_ctrl_c_stops_everything_and_leaves_nothing_behind(dev, project, free):  # noqa: F811
    process = dev(free)
    said = until(process, "Ctrl-C stops it")
    for path in ("/", "/accounts/demo/mail/"):
        with urllib.request.urlopen(f"http://{demo.HOST}:{free}{path}") as response:
            assert response.status == 200
    logs = {path.name for path in (project / "var/dev/log").iterdir()}
    own = (project / "var/dev/lock").read_text().split()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=SECONDS)

    assert {"web.log", "worker-1.log", "worker-2.log", "beat-1.log", "beat-2.log"} <= logs
    assert len(own) == 6  # itself, the web server, two workers, two beats
    assert f"http://{demo.HOST}:{free}/" in said
    assert rest.splitlines()[-1] == "Stopped. Nothing of it runs any more, and what it wrote is deleted."
    assert process.returncode == 0
    assert processes_in(project) == []
    assert list((project / "var").iterdir()) == []
