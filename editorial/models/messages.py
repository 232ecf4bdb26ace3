import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEASE_SECONDS = 120
MOST_ATTEMPTS = 5


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, *, now: datetime) -> "OutboxQuerySet":
        """Waiting messages whose time has come, and those whose sender died holding them."""
        ready = Q(status=OutboxMessage.Status.WAITING, not_before__lte=now)
        abandoned = Q(status=OutboxMessage.Status.LEASED, leased_until__lt=now)
        return self.filter(ready | abandoned)

    def taken_up(self, digest_keys: Iterable[str]) -> "OutboxQuerySet":
        """Messages of these days' mails that have left, or are about to: such a day has its one mail."""
        going = (OutboxMessage.Status.SENT, OutboxMessage.Status.LEASED, OutboxMessage.Status.WAITING)
        return self.filter(digest_key__in=digest_keys, mail_id__isnull=False, status__in=going)


class OutboxMessage(models.Model):
    """A mail that must be sent because something was committed. Written in that same transaction."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        LEASED = "leased"
        SENT = "sent"
        SKIPPED = "skipped"
        PARKED = "parked"
        DISCARDED = "discarded"

    class Urgency(models.TextChoices):
        URGENT = "urgent", _("at once, at any hour")
        PROMPT = "prompt", _("at once, outside quiet hours")
        DAILY = "daily", _("with the day's one mail")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="outbox")
    payload = models.JSONField(default=dict)
    subject = models.CharField(
        max_length=80, blank=True, default="", help_text="What it is about, as audit events name it; empty: nothing."
    )
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.PROMPT)
    digest_key = models.CharField(
        max_length=120, blank=True, help_text="Messages that share it leave as one mail: the recipient and their day."
    )
    once_key = models.CharField(
        max_length=120, null=True, blank=True, unique=True, help_text="What may be written once, whoever writes it."
    )
    mail_id = models.UUIDField(
        null=True, blank=True, help_text="The mail it left with, settled before the first try: its Message-ID."
    )
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["not_before", "id"]
        verbose_name = "mail"
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(fields=["not_before"], name="outbox_unsent", condition=Q(status__in=["waiting", "leased"])),
            models.Index(fields=["digest_key"], name="outbox_digests", condition=~Q(digest_key="")),
            models.Index(fields=["mail_id"], name="outbox_mails", condition=Q(mail_id__isnull=False)),
            models.Index(fields=["created_at"], name="outbox_parked", condition=Q(status="parked")),
            models.Index(fields=["subject", "created_at"], name="outbox_subjects", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class Notification(models.Model):
    """The same news inside the desk."""

    user = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=40)
    text = models.TextField()
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user"], name="unread_notifications", condition=Q(read_at__isnull=True))]

    def __str__(self) -> str:
        return self.text
