"""Published versions, to look at. Verbs move them, from the article's page."""

from django.contrib import admin

from articles.models import Publication
from editorial.admin.base import ByRole


class Publications(ByRole):
    list_display = ("title", "number", "status", "change_class", "published_at", "next_review_due")
    list_filter = ("status", "change_class")
    search_fields = ("title", "slug", "digest")
    fields = (
        "article",
        "number",
        "status",
        "title",
        "digest",
        "change_class",
        "basis",
        "editorial_responsibility",
        "published_at",
        "last_updated",
        "last_reviewed",
        "next_review_due",
        "evidence",
        "policy",
    )
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot", "html")


admin.site.register(Publication, Publications)
