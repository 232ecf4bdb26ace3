"""Runs on a house of their own, as processes: what the suite's short tests and ``make faults`` share."""

import os
import subprocess
import sys

from tests.faults import tied

PATIENCE_SECONDS = 300
OURS = ("DATABASE_URL", "REDIS_URL", "IMPRIMATUR_ENV", "DJANGO_SETTINGS_MODULE")


def proved(module: str, *words: str) -> str:
    """What the run printed; fails with that when a promise is broken. It dies with this process."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-m", f"tests.faults.{module}", *words]
    process = tied.start(command, cwd=tied.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output = process.communicate(timeout=PATIENCE_SECONDS)[0].decode()
    finally:
        tied.kill(process)
    assert process.returncode == 0, output
    return output
