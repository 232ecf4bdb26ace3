"""Fixtures for the tests of reviews."""

from datetime import timedelta

import pytest

from editorial.models import BoardMember


@pytest.fixture
def now_is(monkeypatch, now):
    """Pages ask the clock; here it stands still on the day of the story."""
    monkeypatch.setattr("editorial.clock.now", lambda: now + timedelta(hours=1))


@pytest.fixture
def claire(people) -> BoardMember:
    return people["claire"].board_member
