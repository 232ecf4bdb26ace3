import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management.base import BaseCommand, CommandError

from editorial import anchors, audit, clock, guards, health, registry
from editorial.audit import Problem


class Command(BaseCommand):
    help = "Check that nothing recorded was changed and that readers see exactly what was signed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
        parser.add_argument("--anchors", action="append", type=Path, default=[], help="a file of signed anchors")
        parser.add_argument("--public-key", type=Path, help="the public key that they are to be signed with")

    def handle(self, *args: Any, **options: Any) -> None:
        results: dict[str, list[Problem]] = {}
        notes = registry.notes()
        for name, check in self._checks(options).items():
            results[name] = check()
            if not options["json"]:
                self._tell(name, results[name], notes.get(name, "ok"))
        problems = [problem for found in results.values() for problem in found]
        if options["json"]:
            said = {"ok": not problems, "checks": _as_values(results), "notes": notes}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        if problems:
            raise CommandError(f"{len(problems)} problems. Nothing was changed.", returncode=1)
        health.beat(health.VERIFIED, clock.now())

    def _checks(self, options: dict[str, Any]) -> dict[str, Callable[[], list[Problem]]]:
        return {
            "guards": _guards,
            "audit chain": audit.verify,
            "anchors": partial(_anchors, options["anchors"], options["public_key"]),
            **{name: partial(_run, check) for name, check in registry.checks().items()},
        }

    def _tell(self, name: str, found: list[Problem], otherwise: str) -> None:
        """As soon as it is known: among a million articles the last checks take an hour."""
        self.stdout.write(f"{name}: {f'{len(found)} problems' if found else otherwise}")
        for problem in found:
            self.stdout.write(f"  {problem.row}: {problem.message}")
        self.stdout.flush()


def _run(check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """What a check found. A row that can't be read any more stops it, and is a finding itself."""
    found: list[Problem] = []
    try:
        found.extend(check())
    except Exception as error:  # whatever a tampered row may raise: the walk before has named what it could
        found.append(Problem("this check", f"couldn't be finished: {type(error).__name__}: {error}"))
    return found


def _anchors(files: list[Path], key: Path | None) -> list[Problem]:
    if bool(files) != (key is not None):
        raise CommandError("--anchors and --public-key go together: a file of anchors, and whose key signed it.")
    try:
        return list(anchors.problems(files, _public_key(key) if key else b""))
    except anchors.Unusable as problem:
        raise CommandError(str(problem)) from None


def _public_key(path: Path) -> bytes:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise CommandError(f"{path} holds no public key: {problem}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise CommandError(f"{path} holds another kind of key than `manage.py make_audit_key` makes.")
    return key.public_bytes_raw()


def _guards() -> list[Problem]:
    return [Problem(name, "this database guard is missing; run `manage.py migrate`") for name in guards.missing()]


def _as_values(results: dict[str, list[Problem]]) -> dict[str, list[dict[str, str]]]:
    return {name: [{"row": p.row, "message": p.message} for p in found] for name, found in results.items()}
