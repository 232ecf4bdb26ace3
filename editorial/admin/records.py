"""What was recorded, to look at and nothing else."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from editorial.admin.base import ByRole
from editorial.models import AuditEvent, OutboxMessage
from editorial.roles import Role


class Events(ByRole):
    list_display = ("sequence", "at", "kind", "subject")
    ordering = ("-sequence",)
    search_fields = ("kind", "subject")
    list_filter = ("kind",)
    fields = ("sequence", "at", "kind", "subject", "body", "previous_hash", "hash")
    readonly_fields = fields


class Outbox(ByRole):
    viewers = frozenset({Role.CHIEF})
    list_display = ("kind", "recipient", "status", "not_before", "sent_at", "attempts")
    list_filter = ("status", "kind")
    list_select_related = ("recipient",)
    fields = ("kind", "recipient", "text", "status", "not_before", "attempts", "sent_at", "problem")
    readonly_fields = fields

    @admin.display(description=_("text"))
    def text(self, message: OutboxMessage) -> str:
        return message.payload.get("text", "")


admin.site.register(AuditEvent, Events)
admin.site.register(OutboxMessage, Outbox)
