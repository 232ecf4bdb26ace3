"""Processes that die with whoever started them, however that one ends."""

import atexit
import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
Process = subprocess.Popen[bytes]

_running: list[Process] = []


def start(command: list[Any], **how: Any) -> Process:
    """A process with a group of its own. Call it from the main thread: Linux ties it to the thread that forks."""
    _running[:] = [process for process in _running if process.poll() is None]
    how["preexec_fn"] = _die_with_parent  # why not a launcher: PostgreSQL's account may not reach this Python
    process = subprocess.Popen(command, start_new_session=True, **how)
    _running.append(process)
    return process


def kill(process: Process) -> None:
    """It and all that it forked, in whatever group they are, as when a machine dies."""
    if process.poll() is None:
        process.send_signal(signal.SIGSTOP)  # so that it forks nothing behind our back
    forked = children(process.pid)
    for send, pid in ((os.killpg, process.pid), *((os.kill, child) for child in forked)):
        try:
            send(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it died by itself
    process.wait()


def children(pid: int) -> list[int]:
    """The processes that this one forked and that still live."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


def end_with_me() -> None:
    """What this process started ends with it, on SIGTERM and Ctrl-C too."""
    signal.signal(signal.SIGTERM, lambda *_received: sys.exit(1))
    signal.signal(signal.SIGINT, lambda *_received: sys.exit(1))


def _die_with_parent() -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@atexit.register
def kill_all() -> None:
    for process in _running:
        kill(process)
