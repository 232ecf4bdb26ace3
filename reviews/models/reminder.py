from datetime import datetime, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

LEASE = timedelta(seconds=120)


class ReminderRule(models.Model):
    """When whom to remind of what. One trigger so far: a review that is overdue."""

    class Trigger(models.TextChoices):
        REVIEW_DUE = "review_due", "review due"

    class Audience(models.TextChoices):
        MEMBER = "member", "the member"
        HANDLING_EDITOR = "handling_editor", "the handling editor"
        CHIEF_EDITORS = "chief_editors", "the chief editors"

    name = models.CharField(max_length=100, unique=True)
    trigger = models.CharField(max_length=20, choices=Trigger)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.MEMBER)
    offset_days = models.SmallIntegerField(
        validators=[MinValueValidator(1)], help_text="Days after the due day, from 1."
    )
    stale_after_days = models.PositiveSmallIntegerField(
        default=7, help_text="A reminder that is later than this is recorded as skipped."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["trigger", "offset_days"]

    def __str__(self) -> str:
        return self.name


class DispatchQuerySet(models.QuerySet["ReminderDispatch"]):
    def claimable(self, *, now: datetime) -> "DispatchQuerySet":
        """Planned, due, and held by no sweep that still lives."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
        return self.filter(free, state=ReminderDispatch.State.PLANNED, scheduled_for__lte=now)


class ReminderDispatch(models.Model):
    """One obligation to remind. Unique, so that it takes effect once whatever dies and however often beat ticks."""

    class State(models.TextChoices):
        PLANNED = "planned"
        DONE = "done"
        SKIPPED = "skipped"

    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="dispatches")
    assignment = models.ForeignKey("reviews.ReviewAssignment", on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    occurrence = models.PositiveSmallIntegerField(default=1)
    due_version = models.PositiveIntegerField()
    scheduled_for = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    skip_reason = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["scheduled_for"]
        verbose_name = "reminder"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "assignment", "recipient", "occurrence", "due_version"],
                name="one_reminder_an_occurrence",
            )
        ]
        indexes = [
            models.Index(fields=["scheduled_for"], name="reminders_planned", condition=Q(state="planned")),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for {self.assignment}"
