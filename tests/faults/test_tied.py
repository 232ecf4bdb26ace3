import os
import signal
import subprocess
import sys
import time

import pytest

from tests.faults import tied

STARTING = (
    "import subprocess, sys, time; from tests.faults import tied;"
    "made = tied.start(['sleep', '60'], stdout=subprocess.DEVNULL); tied.end_with_me();"
    "print(made.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def parent():
    process = subprocess.Popen([sys.executable, "-c", STARTING], cwd=tied.ROOT, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def lives(pid: int) -> bool:
    """Whether it runs; what has ended and only waits to be reaped doesn't."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(found) and not found.startswith("Z")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_a_run_started_ends_with_it_however_it_ends(parent, number):
    if number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends the children of a process that had no chance to")
    child = int(parent.stdout.readline())
    assert lives(child)
    parent.send_signal(number)
    parent.wait(10)
    end = time.monotonic() + 10
    while lives(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not lives(child)


def test_killing_ends_all_that_a_process_forked_in_whatever_group():
    shell = tied.start(["bash", "-c", "setsid sh -c 'echo $$; sleep 60' & wait"], stdout=subprocess.PIPE)
    child = int(shell.stdout.readline())
    assert tied.children(shell.pid) == [child]
    assert os.getpgid(child) != shell.pid
    tied.kill(shell)
    time.sleep(0.2)
    assert not lives(child)
