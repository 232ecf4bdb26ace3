"""Migrations run as the owner of the tables, whom ``MIGRATION_DATABASE_URL`` names; the application may not."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections


@contextmanager
def as_owner(using: str) -> Iterator[None]:
    """Inside, the connection is the owner's, where its address is known."""
    connection = connections[using]
    if settings.SURFACE == "reader":
        raise CommandError("SURFACE is “reader”, and the public site makes no tables. Run this without SURFACE.")
    if settings.MIGRATION_DATABASE is None or using != "default":
        yield
        return
    kept = connection.settings_dict
    connection.close()
    connection.settings_dict = {**kept, **settings.MIGRATION_DATABASE}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = kept


def refuse_others(using: str) -> None:
    """Raises CommandError, in words, where this connection may not change the tables."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), ("
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class"
            " WHERE oid = to_regclass('django_migrations'))"
        )
        me, creates, owns = cursor.fetchone()
    if not creates or owns is False:
        raise CommandError(
            f"The database account {me} may not change tables. Set MIGRATION_DATABASE_URL to the address of the"
            f" account that owns them, then run this again."
        )
