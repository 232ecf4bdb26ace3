"""What processes of this machine cost: their CPU with all their children's, and their memory. Linux alone."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PROC = Path("/proc")


def cpu_of(pid: int) -> float:
    """Seconds of ``pid`` and of all below it, those that have ended included (where their parent still lives)."""
    return _ticks(pid) / TICK + sum(cpu_of(child) for child in children(pid))


def precisely(pid: int) -> float:
    """Seconds that the first thread of a living process ran, to the nanosecond; of what is short."""
    return int((PROC / str(pid) / "schedstat").read_text().split()[0]) / 1e9


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    except FileNotFoundError:
        return []


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def memory_of(pid: int) -> tuple[float, float]:
    """Resident megabytes of one process: all of it, and with what it shares counted by its share (PSS)."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    found = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
    return found["Rss:"], found["Pss:"]


def _ticks(pid: int) -> int:
    try:
        return sum(int(each) for each in _stat(pid)[11:15])
    except FileNotFoundError:
        return 0


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces and brackets: state first."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
