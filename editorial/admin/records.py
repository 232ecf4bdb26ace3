"""What was recorded, to look at; and what is parked, to see to."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from editorial.admin.base import ByRole
from editorial.admin.parking import WithParking
from editorial.admin.shown_mail import ShowsMail
from editorial.models import AuditEvent, OutboxMessage
from editorial.parking import MAIL
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
        hidden = hidden_from(request.user)
        about_signatures = Q(kind__startswith="signature.") | Q(kind="article.quorum_lost")
        rows = super().get_queryset(request).exclude(subject__in=hidden.subjects)
        return rows.exclude(about_signatures, subject__in=hidden.signed)


class Outbox(ShowsMail, WithParking):
    """What is to be mailed. One that is parked waits for a chief editor."""

    parking = MAIL
    viewers = frozenset({Role.CHIEF})
    list_display = ("kind", "recipient", "text", "as_mail", "status", "not_before", "sent_at", "attempts", "problem")
    list_filter = ("status", "kind")
    ordering = ("-not_before", "-pk")
    list_select_related = ("recipient",)
    change_list_template = "admin/editorial/outbox.html"
    fields = ("kind", "recipient", "text", "as_mail", "status", "not_before", "attempts", "sent_at", "problem")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(payload__path__in=hidden_from(request.user).paths)

    @admin.display(description=_("text"))
    def text(self, message: OutboxMessage) -> str:
        return message.payload.get("text", "")


admin.site.register(AuditEvent, Events)
admin.site.register(OutboxMessage, Outbox)
