import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config import demo
from config.lint_sources import ROOT, committed
from config.supervisor import Failed

SECONDS = 120


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind((demo.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def free(taken):
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, so that nobody's own demo is touched."""
    for source in committed():
        if not source.is_test:
            target = tmp_path / "project" / source.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source.path, target)
    return tmp_path / "project"


@pytest.fixture
def run(project):
    """Start the demo of the copied project; whatever is left of it is killed at the end."""
    started = []

    def start(*arguments: str, **variables: object) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name not in demo.LEFT_ALONE}
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "config.demo", *arguments],
            cwd=project,
            env=environment | {name: str(value) for name, value in variables.items()},
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


def processes_in(folder: Path) -> list[int]:
    """The processes whose working folder is ``folder``."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if working_folder(entry) == folder]


def working_folder(entry: Path) -> Path | None:
    try:
        return (entry / "cwd").readlink()
    except OSError:
        return None


def until(process: subprocess.Popen[str], words: str) -> str:
    """What the process prints up to the line that holds ``words``."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying “{words}”:\n{said}")


def test_a_free_port_is_taken_as_it_is(free):
    assert demo.wanted_port(str(free)) == free


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80 80", "²"])
def test_any_other_port_is_refused_in_words(text):
    with pytest.raises(Failed, match="it takes a number from 1 to 65535, as in `make demo PORT=8001`"):
        demo.wanted_port(text)


def test_a_taken_port_says_what_to_do_before_anything_is_written(run, project, taken):
    process = run(PORT=taken)
    said, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert said == (
        f"Port {taken} is taken by another program. Stop that one, or use another port: `make demo PORT={taken + 1}`.\n"
    )
    assert not (project / "var").exists()


@pytest.mark.parametrize("arguments", [[], ["--reset"]])
def test_a_running_demo_is_not_disturbed(run, project, free, arguments):
    (project / "var/demo").mkdir(parents=True)
    with (project / "var/demo/lock").open("w") as held:
        held.write("4711 4712")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        process = run(*arguments, PORT=free)
        said, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert said == (
        "A demo is running from this folder already. Stop it with Ctrl-C in its own window, or with `kill 4711 4712`.\n"
    )
    assert (project / "var/demo/lock").exists()


def test_reset_deletes_the_data_and_says_so(run, project):
    (project / "var/demo/mail").mkdir(parents=True)

    assert run("--reset").communicate(timeout=SECONDS)[0] == "Deleted var/demo. `make demo` starts afresh.\n"
    assert not (project / "var/demo").exists()
    assert run("--reset").communicate(timeout=SECONDS)[0] == "There is no demo data to delete.\n"


def test_a_step_that_fails_ends_the_demo_with_its_last_lines(run, project, free):
    (project / "manage.py").write_text("raise SystemExit('disk is full')\n")
    process = run(PORT=free)
    said, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert "This step failed. Its last lines, from var/demo/log/migrate.log:\n    disk is full\n" in said
    assert processes_in(project) == []


def test_the_environment_of_the_children_is_the_demos_own(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/live")
    monkeypatch.setenv("IMPRIMATUR_ENV", "production")
    environment = demo.environment(8001)

    assert "DATABASE_URL" not in environment
    assert environment["IMPRIMATUR_ENV"] == "demo"
    assert environment["PORT"] == "8001"
    assert "DATABASE_URL is set in this shell; the demo leaves it alone" in capsys.readouterr().out


def test_the_line_about_the_database_is_left_out_of_the_welcome():
    said = "DATABASE_URL isn't set: using the demo's SQLite file x\nada  author\n"

    assert demo.without_notice(said) == "ada  author"


@pytest.mark.long
def test_ctrl_c_stops_everything_and_leaves_no_process(run, project, free):
    process = run(PORT=free)
    said = until(process, "Ctrl-C stops it.")
    with urllib.request.urlopen(f"http://{demo.HOST}:{free}/") as response:
        assert response.status == 200
    assert len(processes_in(project)) >= 5  # the demo, gunicorn and its two workers, Celery, its beat
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=SECONDS)

    assert f"http://{demo.HOST}:{free}/" in said
    assert rest.splitlines()[-1] == "Stopped. Nothing of it runs any more."
    assert process.returncode == 0
    assert processes_in(project) == []


@pytest.mark.long
def test_a_dead_worker_ends_the_demo_in_words(run, project, free):
    process = run(PORT=free)
    until(process, "Ctrl-C stops it.")
    supervisor, _web, worker = map(int, (project / "var/demo/lock").read_text().split())
    os.kill(worker, signal.SIGKILL)
    said, _ = process.communicate(timeout=SECONDS)

    assert supervisor == process.pid
    assert "The worker process ended by itself" in said
    assert process.returncode == 1
    assert processes_in(project) == []


@pytest.mark.long
def test_check_stops_by_itself_and_a_second_run_finds_all_in_place(run, project, free):
    first = run("--check", PORT=free)
    first.communicate(timeout=SECONDS)
    began = time.monotonic()
    second = run("--check", PORT=free)
    said, _ = second.communicate(timeout=SECONDS)

    assert first.returncode == 0
    assert second.returncode == 0, said
    assert time.monotonic() - began < SECONDS
    outside = [path.name for path in project.iterdir() if path.name not in {s.path.split("/")[0] for s in committed()}]
    assert outside == ["var"]
    assert [path.name for path in (project / "var").iterdir()] == ["demo"]
