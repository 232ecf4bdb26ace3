from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from editorial import migrating, role_setup


class Command(BaseCommand):
    help = (
        "Make the three roles in PostgreSQL (owner, application, reader), or bring them up to date. Run it after the"
        " first migrate, as a superuser or as somebody who may create roles, whom MIGRATION_DATABASE_URL names."
        " DATABASE_OWNER_PASSWORD, DATABASE_APPLICATION_PASSWORD and DATABASE_READER_PASSWORD set passwords."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            raise CommandError(
                "Only PostgreSQL has roles, and this database is SQLite. Set DATABASE_URL to postgres://…"
            )
        with migrating.as_owner(DEFAULT_DB_ALIAS):
            if "django_migrations" not in connection.introspection.table_names():
                raise CommandError("This database has no tables yet. Run `manage.py migrate` first.")
            try:
                said = role_setup.setup(DEFAULT_DB_ALIAS, settings.DATABASE_ROLE_PASSWORDS)
            except role_setup.NotAllowed as problem:
                raise CommandError(f"{problem} Nothing was changed.") from None
            except DatabaseError as problem:
                first = str(problem).strip().splitlines()[0]
                raise CommandError(
                    f"PostgreSQL refused: {first}. Nothing was changed. Run this as a superuser, or as somebody who"
                    " may create roles and owns the database with its tables."
                ) from None
        for sentence in said:
            self.stdout.write(sentence)
