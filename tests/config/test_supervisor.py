import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.supervisor import Failed, Supervisor

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
START_DEAF = f"subprocess.Popen([sys.executable, '-c', {DEAF!r}])"
PARENT = f"import subprocess, sys; print({START_DEAF}.pid, flush=True); {SLEEP}"


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path, dict(os.environ))
    yield supervisor
    supervisor.stop(grace=0)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def up(child) -> bool:
    return "up" in child.log.read_text().split()


def runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def soon(condition, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_step_gives_back_what_it_printed(supervisor):
    assert supervisor.run("seed", python("print('ada can sign in')")) == "ada can sign in\n"


def test_a_failed_step_shows_its_last_lines_and_where_the_rest_is(supervisor, tmp_path):
    with pytest.raises(Failed) as caught:
        supervisor.run("migrate", python("print('one'); raise SystemExit('no such table')"))

    assert str(caught.value).startswith(f"This step failed. Its last lines, from {tmp_path / 'migrate.log'}:")
    assert "    one" in str(caught.value)
    assert "    no such table" in str(caught.value)


def test_a_child_that_dies_is_named_with_its_last_lines(supervisor):
    supervisor.start("web", python(SLEEP))
    supervisor.start("worker", python("raise SystemExit('broker is gone')")).process.wait()

    with pytest.raises(Failed, match=r"(?s)The worker process ended by itself \(exit code 1\).*broker is gone"):
        supervisor.check()


def test_a_child_that_dies_without_a_word_says_so(supervisor):
    supervisor.start("worker", python("pass")).process.wait()

    with pytest.raises(Failed, match="it said nothing"):
        supervisor.check()


def test_waiting_ends_when_a_child_dies(supervisor):
    supervisor.start("web", python("raise SystemExit(3)"))

    with pytest.raises(Failed, match="exit code 3"):
        supervisor.wait_until(lambda: False, "the site didn't answer")


def test_stopping_asks_first(supervisor):
    child = supervisor.start("web", python(SLEEP))
    assert soon(lambda: up(child))

    supervisor.stop()

    assert child.process.returncode == -signal.SIGTERM


def test_a_deaf_child_is_killed_after_its_grace(supervisor, capsys):
    child = supervisor.start("worker", python(DEAF))
    assert soon(lambda: up(child))

    supervisor.stop(grace=0.2)

    assert child.process.returncode == -signal.SIGKILL
    assert capsys.readouterr().out == "The worker process didn't stop in 0.2 seconds and is killed.\n"


def test_what_a_child_started_goes_too_even_when_deaf(supervisor):
    child = supervisor.start("worker", python(PARENT))
    assert soon(lambda: child.log.read_text().split().count("up") == 2)
    grandchild = int(next(word for word in child.log.read_text().split() if word.isdecimal()))

    supervisor.stop()

    assert soon(lambda: not runs(grandchild))


def test_children_keep_held_descriptors_open_and_are_out_of_reach_of_ctrl_c(tmp_path):
    with Path(tmp_path / "lock").open("w") as held:
        supervisor = Supervisor(tmp_path, dict(os.environ), (held.fileno(),))
        code = f"import os; os.fstat({held.fileno()}); print(os.getsid(0) == os.getpid())"

        assert supervisor.run("child", python(code)) == "True\n"
