from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from editorial import clock, presets, registry, unexplained
from editorial.models import EditorialPolicy, User
from editorial.roles import Role


class Command(BaseCommand):
    help = "Make the four roles, the account of the system, and the standard policy. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with unexplained.by_operator("installation.set_up"):
            self._set_up()

    def _set_up(self) -> None:
        for role in Role:
            _group, created = Group.objects.get_or_create(name=role.value)
            self.stdout.write(f"role {role.value}: {'made' if created else 'stands'}")
        User.system()
        if not EditorialPolicy.objects.exists():
            presets.standard_policy(in_force_from=clock.now().date())
            self.stdout.write("policy: the standard policy is in force from today")
        for name, setup in registry.setups().items():
            self.stdout.write(f"{name}: {setup()}")
