from typing import Any

from django.core.management.commands import migrate

from editorial import migrating


class Command(migrate.Command):
    """Django's own, as the owner of the tables. Whoever may not change them is told so before anything is tried."""

    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        with migrating.as_owner(using):
            if not options["check_unapplied"] and not options["plan"]:
                migrating.refuse_others(using)
            super().handle(*args, **options)
