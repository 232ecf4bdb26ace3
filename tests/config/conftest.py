"""What tests of the settings share."""

import pytest


@pytest.fixture
def mode(monkeypatch):
    def set_to(name: str) -> None:
        monkeypatch.setenv("IMPRIMATUR_ENV", name)

    return set_to
