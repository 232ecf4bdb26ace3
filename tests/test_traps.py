"""Every trap in docs/traps.md names tests, every one of them exists, and none of theirs is left out of the table."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRAPS = ROOT / "tests" / "reviews"


def rows() -> list[str]:
    table = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8").splitlines()
    return [line for line in table if line.startswith("| ") and not line.startswith("| trap |")]


def functions_in(*names: str) -> list[str]:
    texts = [(TRAPS / name).read_text(encoding="utf-8") for name in names]
    return [found for text in texts for found in re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)]


def test_each_of_the_22_traps_names_a_test_of_its_own_and_each_named_test_exists():
    named = [re.findall(r"`(test_\w+)`", row) for row in rows()]
    assert len(named) == 22
    assert [row for row, tests in zip(rows(), named, strict=True) if not tests] == []
    every = [test for tests in named for test in tests]
    assert sorted(every) == sorted(functions_in("test_traps_of_reminders.py", "test_traps_of_review.py"))
    assert len(set(every)) == len(every)
