"""The house under load: killed, stopped, emptied. A few times here, a thousand times in ``make faults``."""

import pytest
from django.db import connection

from tests.faults.proving import proved

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="it starts a PostgreSQL and a Redis of its own")


def test_no_reminder_is_lost_or_doubled_whatever_is_killed(capsys):
    tell(capsys, proved("kills", "--kills", "4", "--pause", "0.5"))


@pytest.mark.long
def test_a_group_stopped_past_its_lease_and_woken_neither_loses_nor_doubles_a_reminder(capsys):
    tell(capsys, proved("stopped", "--stops", "1", "--seats", "40"))


@pytest.mark.long
def test_an_overdue_reminder_leaves_in_time_with_redis_and_after_its_loss(capsys):
    tell(capsys, proved("punctual", "--times", "1"))


@pytest.mark.long
def test_what_was_backed_up_under_load_comes_back_and_nobody_is_mailed_twice(capsys):
    tell(capsys, proved("drill", "--seats", "40", "--articles", "2"))


def tell(capsys, output: str) -> None:
    with capsys.disabled():
        print(f"\n{output}")
