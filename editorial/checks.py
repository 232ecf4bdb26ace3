"""System checks: what must hold in the database before the desk may be trusted."""

from typing import Any

from django.core import checks
from django.db import connections

from editorial import guards


def register() -> None:
    checks.register(guards_stand, checks.Tags.database)


def guards_stand(app_configs: Any, databases: list[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every guard is in place. Silent before the first migrate, when there is nothing to guard."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        if "editorial_auditevent" not in connections[alias].introspection.table_names():
            continue
        for name in guards.missing(alias):
            found.append(
                checks.Critical(
                    f"The database guard {name} is missing.",
                    hint="Run `manage.py migrate`: it installs the guards again. Then run `manage.py verify`.",
                    id="editorial.E001",
                )
            )
    return found
