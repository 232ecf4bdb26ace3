from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from editorial.models import User
from editorial.roles import Role


class Command(BaseCommand):
    help = "Make the four groups that roles are, and the account of the system. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for role in Role:
            _group, created = Group.objects.get_or_create(name=role.value)
            self.stdout.write(f"{role.value}: {'made' if created else 'stands'}")
        User.system()
