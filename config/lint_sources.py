"""The files that ``config.lint_rules`` looks at, and which of them are pure modules."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """One file of the project. ``path`` is relative to the project's folder, with slashes."""

    path: str
    text: str
    root: Path = ROOT

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of a Python file that isn't a migration; nothing for other files."""
        if not self.path.endswith(".py") or "/migrations/" in self.path:
            return []
        return list(ast.walk(ast.parse(self.text, self.path)))

    @cached_property
    def migration(self) -> list[ast.AST]:
        """Every node of a migration; nothing for other files."""
        if not self.path.endswith(".py") or "/migrations/" not in self.path:
            return []
        return list(ast.walk(ast.parse(self.text, self.path)))

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    @property
    def is_pure(self) -> bool:
        return is_pure(self.path)

    def line_of(self, position: int) -> int:
        """The line of a position in the text, counted from 1."""
        return self.text.count("\n", 0, position) + 1

    def explained(self, first: int, last: int) -> bool:
        """Whether lines ``first`` to ``last``, or the one above them, hold a ``# why:`` comment."""
        return any("# why:" in line for line in self.lines[max(first - 2, 0) : last])


def committed() -> Iterator[Source]:
    """Every text file that git keeps or would keep."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for path in sorted(subprocess.check_output(listing, cwd=ROOT, text=True).split("\0")):
        if not path or not (ROOT / path).is_file():
            continue
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield Source(path, content.decode(errors="replace"))


def is_pure(path: str) -> bool:
    """Whether ``pyproject.toml`` lists the module, or a folder that it is in."""
    return any(path == entry or path.startswith(f"{entry}/") for entry in pure_entries())


@cache
def pure_entries() -> tuple[str, ...]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return tuple(settings["tool"]["imprimatur"]["pure"])


def pure_paths() -> list[str]:
    """Those of the listed modules and folders that exist."""
    return [entry for entry in pure_entries() if (ROOT / entry).exists()]
