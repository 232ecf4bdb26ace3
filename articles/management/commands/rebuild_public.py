from typing import Any

from django.core.management.base import BaseCommand

from articles import publishing
from articles.models import Publication


class Command(BaseCommand):
    help = "Make the reader's tables afresh from the publications. Says how many rows differed: none is right."

    def handle(self, *args: Any, **options: Any) -> None:
        differing = 0
        rows = Publication.objects.select_related("article", "public_page").order_by("pk")
        for publication in rows.iterator(chunk_size=100):
            if publishing.differences(publication):
                differing += 1
                publishing.project(publication)
        publishing.project_policies()
        self.stdout.write(f"{rows.count()} publications, {differing} pages differed and were made afresh.")
