"""Rounds and reminders, to look at; the rules of reminding, to set."""

from django.contrib import admin

from editorial.admin.base import ByRole
from editorial.roles import Role
from reviews.models import ReminderDispatch, ReminderRule, ReviewRound


class Rounds(ByRole):
    list_display = ("article", "number", "opened_at", "closed_at", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("article",)
    fields = ("article", "number", "digest", "rule", "opened_at", "opened_by", "closed_at", "outcome", "note")
    readonly_fields = fields


class Rules(ByRole):
    keepers = frozenset({Role.CHIEF})
    list_display = ("name", "trigger", "audience", "offset_days", "active")


class Dispatches(ByRole):
    list_display = ("rule", "assignment", "recipient", "scheduled_for", "state", "skip_reason")
    list_filter = ("state", "rule")
    list_select_related = ("rule", "assignment__member__user", "assignment__round__article", "recipient")
    fields = ("rule", "assignment", "recipient", "due_version", "scheduled_for", "state", "skip_reason", "done_at")
    readonly_fields = fields


admin.site.register(ReviewRound, Rounds)
admin.site.register(ReminderRule, Rules)
admin.site.register(ReminderDispatch, Dispatches)
