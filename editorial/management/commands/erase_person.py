from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import clock, erasure
from editorial.conditions import Refused
from editorial.models import User


class Command(BaseCommand):
    help = (
        "Erase what is personal about somebody. What they signed keeps the name it was signed under, and the audit "
        "chain stays valid. It can't be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--reason", required=True, help="why, without naming anybody: it stays in the record and can't be erased"
        )
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        obstacles = erasure.obstacles(user)
        if obstacles:
            raise CommandError("\n".join(["Not erased.", *obstacles]))
        if not options["yes"] and input(f"Erase {user.shown_name}? Type the username again: ") != user.username:
            raise CommandError("Nothing was erased.")
        try:
            erasure.erase(user, actor=User.system(), now=clock.now(), reason=options["reason"])
        except Refused as refused:
            raise CommandError(refused.reason) from None
        self.stdout.write("Erased. Backups older than today still hold the data until they are rotated out.")
