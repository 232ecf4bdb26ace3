"""What was recorded, to look at and nothing else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from editorial.admin.base import ByRole
from editorial.models import AuditEvent, OutboxMessage
from editorial.registry import hidden_from
from editorial.roles import Role


class Events(ByRole):
    list_display = ("sequence", "at", "kind", "subject")
    ordering = ("-sequence",)
    search_fields = ("kind", "subject")
    list_filter = ("kind",)
    fields = ("sequence", "at", "kind", "subject", "body", "previous_hash", "hash")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without what others did on a panel on which this person has still to give their own verdict."""
        return super().get_queryset(request).exclude(subject__in=hidden_from(request.user).subjects)


class Outbox(ByRole):
    viewers = frozenset({Role.CHIEF})
    list_display = ("kind", "recipient", "status", "not_before", "sent_at", "attempts")
    list_filter = ("status", "kind")
    list_select_related = ("recipient",)
    fields = ("kind", "recipient", "text", "status", "not_before", "attempts", "sent_at", "problem")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(payload__path__in=hidden_from(request.user).paths)

    @admin.display(description=_("text"))
    def text(self, message: OutboxMessage) -> str:
        return message.payload.get("text", "")


admin.site.register(AuditEvent, Events)
admin.site.register(OutboxMessage, Outbox)
