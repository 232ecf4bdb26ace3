from typing import Any

from django.core.management.commands import migrate

from editorial import migrating


class Command(migrate.Command):
    """Django's own, as the owner of the tables. Whoever may not change them is told so before anything is tried."""

    def check(self, *args: Any, databases: Any = None, **options: Any) -> None:
        """Not the database's own checks: a guard that is missing is what migrating mends, and must not keep it off."""
        super().check(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        with migrating.as_owner(using):
            if not options["check_unapplied"] and not options["plan"]:
                migrating.refuse_others(using)
            super().handle(*args, **options)
