from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import clock, enrolment
from editorial.conditions import Refused
from editorial.models import User


class Command(BaseCommand):
    help = (
        "Take away the passkeys and codes of somebody who has lost them, and sign them out everywhere. A chief editor "
        "does it on the desk for anybody else; this is for the only chief editor, and for operators."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="how you know that it is they who ask; stays in the record")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], kind=User.Kind.PERSON).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        try:
            enrolment.reset_by_operator(user, actor=User.system(), now=clock.now(), reason=options["reason"])
        except Refused as refused:
            raise CommandError(refused.reason) from None
        self.stdout.write("Reset. They sign in with the password, and set up something new.")
