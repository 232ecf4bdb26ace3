"""Published versions, to look at. Verbs move them, from the article's page."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from articles.models import Publication
from editorial.admin.base import ByRole
from editorial.searching import MOST_WORDS

_NUMBER = re.compile(r"(?:version|v)\s*([1-9][0-9]{0,5})|([1-9][0-9]{0,5})", re.IGNORECASE)
_WORD = re.compile(r"version\s+[0-9]+|\S+", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{6,64}", re.IGNORECASE)
"""A shorter piece of a digest would rather be a word, or a year."""


class Publications(ByRole):
    list_display = ("title", "number", "status", "change_class", "published_at", "next_review_due")
    list_filter = ("status", "change_class")
    search_fields = ("title", "slug", "digest")
    ordering = ("-published_at", "-pk")
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

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        for word in _WORD.findall(search_term)[:MOST_WORDS]:
            queryset = queryset.filter(_of_a_version(word))
        return queryset, False


def _of_a_version(word: str) -> Q:
    """The word in the title or address; “version 3”, “v3” and “3” as the number, and the beginning of a digest."""
    found = Q(title__icontains=word) | Q(slug__icontains=word)
    if number := _NUMBER.fullmatch(word):
        found |= Q(number=int(number[1] or number[2]))
    if _DIGEST.fullmatch(word):
        found |= Q(digest__startswith=word.lower())
    return found


admin.site.register(Publication, Publications)
