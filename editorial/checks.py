"""System checks: what must hold in the database before the desk may be trusted."""

from typing import Any

from django.core import checks
from django.db import connections

from editorial import database_roles, guards


def register() -> None:
    checks.register(guards_stand, checks.Tags.database)
    checks.register(record_is_closed, checks.Tags.database, deploy=True)


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


def record_is_closed(app_configs: Any, databases: list[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """On PostgreSQL the account of the application may not rewrite what is recorded; of guards an owner is free."""
    return [
        checks.Warning(
            "The database account of the application may change what is recorded, or switch its guards off.",
            hint="Run `manage.py setup_database_roles`, and give DATABASE_URL the application's account.",
            id="editorial.W001",
        )
        for alias in databases or []
        if database_roles.may_rewrite(alias)
    ]
