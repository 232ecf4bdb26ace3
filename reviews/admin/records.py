"""Rounds, to look at."""

from django.contrib import admin

from editorial.admin.base import ByRole
from reviews.models import ReviewRound


class Rounds(ByRole):
    list_display = ("article", "number", "opened_at", "closed_at", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("article",)
    fields = ("article", "number", "digest", "rule", "opened_at", "opened_by", "closed_at", "outcome", "note")
    readonly_fields = fields


admin.site.register(ReviewRound, Rounds)
