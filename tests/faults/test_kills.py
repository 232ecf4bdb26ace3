"""The house under load and under kill -9, a few kills of what ``make faults`` does a thousand times."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.faults import tied

PATIENCE_SECONDS = 300
pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="it starts a PostgreSQL and a Redis of its own")


def proved(module: str, *words: str) -> str:
    """What it printed; fails with that when a promise is broken. It dies with this process."""
    servers = ("DATABASE_URL", "REDIS_URL", "IMPRIMATUR_ENV", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    command = [sys.executable, "-m", f"tests.faults.{module}", *words]
    process = tied.start(command, cwd=tied.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output = process.communicate(timeout=PATIENCE_SECONDS)[0].decode()
    finally:
        tied.kill(process)
    assert process.returncode == 0, output
    return output


def test_no_reminder_is_lost_or_doubled_whatever_is_killed(capsys):
    output = proved("kills", "--kills", "8", "--pause", "0.5")
    with capsys.disabled():
        print(f"\n{output}")
    assert "Every promise holds." in output
