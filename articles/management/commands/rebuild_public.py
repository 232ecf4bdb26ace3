from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles import projection
from articles.models import Article, Publication


class Command(BaseCommand):
    help = "Make the reader's tables afresh from the publications. Says how many rows differed: none is right."

    def handle(self, *args: Any, **options: Any) -> None:
        projection.project_tables()
        differing = total = 0
        for pk, article in Publication.objects.order_by("pk").values_list("pk", "article_id"):
            total += 1
            with transaction.atomic():
                # Under the article's lock, so that a hold in this very moment isn't undone.
                Article.objects.select_for_update().only("pk", "state").get(pk=article)
                publication = Publication.objects.select_related("article").get(pk=pk)
                if projection.differences(publication):
                    differing += 1
                    projection.project(publication, afresh=True)
        self.stdout.write(f"{total} publications, {differing} pages differed and were made afresh.")
