from typing import Any

from django.core.management.base import BaseCommand

from articles import reader_messages
from articles.models.public import KEPT_DAYS
from editorial import clock


class Command(BaseCommand):
    help = f"Delete readers' messages older than {KEPT_DAYS} days, handled or not. The worker does the same by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reader_messages.delete_old(now=clock.now())
        self.stdout.write(f"{count} messages older than {KEPT_DAYS} days deleted.")
