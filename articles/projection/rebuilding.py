"""The reader's tables made afresh from the publications, all of them."""

from django.db import transaction

from articles import projection
from articles.models import Article, Publication, PublicPage


def rebuild() -> tuple[int, int]:
    """Returns how many publications there are, and how many of them readers' rows differed from: none is right."""
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
    return total, differing


def fill() -> str:
    """After an upgrade from pages that had no history yet; else they follow their publications by themselves."""
    if not PublicPage.objects.filter(entry_html="").exists():
        return "complete already"
    _total, differing = rebuild()
    return f"{differing} made afresh"
