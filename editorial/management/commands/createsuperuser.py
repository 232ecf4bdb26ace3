from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from editorial import unexplained


class Command(createsuperuser.Command):
    """The framework's own, with an event: an account with every right never comes from nowhere."""

    def handle(self, *args: Any, **options: Any) -> None:
        with unexplained.by_operator("person.made_superuser"):
            super().handle(*args, **options)
