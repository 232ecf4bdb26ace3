from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from editorial import clock, presets, unexplained
from editorial.models import MailPreferences, User
from reviews.demo import cast, stage


class Command(BaseCommand):
    help = "Load the demo: a cast of people, and six articles, one in each state. Running it again adds nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is a production installation; the demo's people have a known password.")
        now = clock.now()
        with unexplained.by_operator("demo.cast"):
            people = cast.make_cast(today=now.date())
            self._at_once(people.values())
            self._policy(begins=clock.add_months(now.date(), -24))
        call_command("setup_roles", stdout=StringIO())
        for article in stage.set_stage(people, now=now):
            self.stdout.write(f"  {article.state_label:<18} {article.title}")
        self._who()

    def _at_once(self, people: Iterable[User]) -> None:
        """Whoever tries the demo shouldn't wait for anybody's morning. Hours that somebody chose stay."""
        for user in people:
            MailPreferences.objects.get_or_create(user=user, defaults={"hour": 0, "quiet_from": 0, "quiet_until": 0})

    def _policy(self, *, begins: date) -> None:
        """The standard policy, in force before the demo's first article came in."""
        policy = presets.standard_policy(in_force_from=begins)
        if policy.in_force_from > begins:
            policy.in_force_from = begins
            policy.save()

    def _who(self) -> None:
        self.stdout.write(f"\nEveryone signs in at {settings.PUBLIC_URL}/admin/ with the password: {cast.PASSWORD}")
        for person in (*cast.STAFF, *cast.BOARD):
            about = ", ".join(part for part in (person.role, person.specialty) if part) or "may see nothing"
            note = {
                cast.CONFLICTED: f"; takes fees from {cast.COMPANY}",
                cast.EXPIRED: "; her credential has expired",
            }.get(person.username, "")
            self.stdout.write(f"  {person.username:<10} {person.first} {person.last} ({about}{note})")
