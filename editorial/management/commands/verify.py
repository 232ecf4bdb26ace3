import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import audit, clock, guards, health, registry
from editorial.audit import Problem


class Command(BaseCommand):
    help = "Check that nothing recorded was changed and that readers see exactly what was signed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        results = {"guards": _guards(), "audit chain": audit.verify()}
        results.update({name: _run(check) for name, check in registry.checks().items()})
        problems = [problem for found in results.values() for problem in found]
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not problems, "checks": _plain(results)}, ensure_ascii=False))
        else:
            for name, found in results.items():
                self.stdout.write(f"{name}: {'ok' if not found else f'{len(found)} problems'}")
                for problem in found:
                    self.stdout.write(f"  {problem.row}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} problems. Nothing was changed.", returncode=1)
        health.beat(health.VERIFIED, clock.now())


def _run(check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """What a check found. A row that can't be read any more stops it, and is a finding itself."""
    found: list[Problem] = []
    try:
        found.extend(check())
    except Exception as error:  # whatever a tampered row may raise: the walk before has named what it could
        found.append(Problem("this check", f"couldn't be finished: {type(error).__name__}: {error}"))
    return found


def _guards() -> list[Problem]:
    return [Problem(name, "this database guard is missing; run `manage.py migrate`") for name in guards.missing()]


def _plain(results: dict[str, list[Problem]]) -> dict[str, list[dict[str, str]]]:
    return {name: [{"row": p.row, "message": p.message} for p in found] for name, found in results.items()}
