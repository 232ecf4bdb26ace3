from django.db import models

from editorial.text import CleanCharField


class Topic(models.Model):
    name = CleanCharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True, max_length=100)
    mesh_id = models.CharField("MeSH", max_length=12, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
