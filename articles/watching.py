"""Keeps readers' pages in step with the library: what became of a source is shown beside it at once."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_save

from articles import publishing, source_alerts
from articles.models import Article, Reference

_TOLD = ("status", "superseded_by_id", "doi", "pmid", "title")
"""What a page's alert on a source is made of."""


def start() -> None:
    pre_save.connect(_before, sender=Reference, dispatch_uid="articles.watching.before")
    post_save.connect(_after, sender=Reference, dispatch_uid="articles.watching.after")


def _before(instance: Reference, **_: Any) -> None:
    stored = Reference.objects.filter(pk=instance.pk).values_list(*_TOLD).first() if instance.pk else None
    instance.was_told = stored


def _after(instance: Reference, created: bool, **_: Any) -> None:
    was, told = instance.was_told, tuple(getattr(instance, name) for name in _TOLD)
    if created or was is None or was == told or not {was[0], told[0]} & set(source_alerts.LABELS):
        return
    with transaction.atomic():
        for pk in source_alerts.articles_citing(instance).values_list("pk", flat=True):
            # Under the article's lock, so that a hold in this very moment isn't undone.
            publishing.refresh(Article.objects.select_for_update().get(pk=pk), every=True)
