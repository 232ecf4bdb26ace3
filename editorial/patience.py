"""How long a migration waits for a table that others use: everybody else queues behind whoever waits."""

from typing import Any

from django.apps import AppConfig
from django.db import connections

LOCK_SECONDS = 5


def limit(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The pre_migrate receiver. Whoever gets no lock in time fails, and nothing is changed; run it again."""
    _set(using, f"SET lock_timeout = '{LOCK_SECONDS}s'")


def end(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The post_migrate receiver: the connection may go on as another's."""
    _set(using, "RESET lock_timeout")


def _set(using: str, statement: str) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)
