from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editorial.text import CleanCharField

LEASE = timedelta(seconds=120)


class ReminderRule(models.Model):
    """When whom to remind of what. Escalation is the same trigger with another audience."""

    class Trigger(models.TextChoices):
        RESPONSE_DUE = "response_due", _("an answer is due")
        REVIEW_DUE = "review_due", _("a review is due")
        DECISION_DUE = "decision_due", _("a decision is due")
        NOT_TRIAGED = "not_triaged", _("an article waits for triage")
        NO_PANEL = "no_panel", _("an article waits for a panel")
        OBJECTION_OPEN = "objection_open", _("an objection is unanswered")
        UNSATISFIABLE = "unsatisfiable", _("a round can't be satisfied")
        CREDENTIAL_EXPIRY = "credential_expiry", _("a licence is about to expire")
        RE_REVIEW_DUE = "re_review_due", _("a re-review is due")
        FULL_REVIEW_DUE = "full_review_due", _("an urgent version's full review is due")
        REFERENCE_ALERT = "reference_alert", _("a cited source got an alert")

    class Audience(models.TextChoices):
        MEMBER = "member", _("the member")
        HANDLING_EDITOR = "handling_editor", _("the handling editor")
        CHIEF_EDITORS = "chief_editors", _("the chief editors")

    name = CleanCharField(max_length=100, unique=True)
    trigger = models.CharField(max_length=20, choices=Trigger)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.MEMBER)
    offset_days = models.SmallIntegerField(
        _("days"),
        validators=[MinValueValidator(-90), MaxValueValidator(365)],
        help_text=_("After the due day; with a minus, before it. 0 is the due day itself, when nothing is late yet."),
    )
    repeats = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(50)], help_text=_("How many more times, while it still matters.")
    )
    every_days = models.PositiveSmallIntegerField(
        _("every … days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    quiet_days = models.PositiveSmallIntegerField(
        default=2, help_text=_("Not within so many days after a person reminded them of the same thing.")
    )
    stale_after_days = models.PositiveSmallIntegerField(
        default=7, help_text=_("A reminder that is later than this is recorded as skipped.")
    )
    note = CleanCharField(
        max_length=300, blank=True, help_text=_("A sentence of your own, shown in the mail. May be empty.")
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["trigger", "offset_days", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Some things concern no single member: their reminders go to editors."""
        personal = {
            self.Trigger.RESPONSE_DUE,
            self.Trigger.REVIEW_DUE,
            self.Trigger.CREDENTIAL_EXPIRY,
            self.Trigger.OBJECTION_OPEN,
        }
        if self.audience == self.Audience.MEMBER and self.trigger and self.trigger not in personal:
            raise ValidationError({"audience": _("No single member owes this. Choose the editors.")})


class DispatchQuerySet(models.QuerySet["ReminderDispatch"]):
    def claimable(self, *, now: datetime) -> "DispatchQuerySet":
        """Planned, due, and held by no sweep that still lives."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
        return self.filter(free, state=ReminderDispatch.State.PLANNED, scheduled_for__lte=now)


class ReminderDispatch(models.Model):
    """One obligation to remind. Unique, so that it takes effect once whatever dies and however often beat ticks.

    ``target`` names what is owed (``assignment:12``), ``due_version`` the obligation's own version: a moved due day
    is another obligation. The foreign keys say the same again for lists and joins.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        DONE = "done"
        SKIPPED = "skipped"
        PARKED = "parked"

    # why no index: right after a burst PostgreSQL takes it for selective, and compares each seat with each reminder
    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="dispatches", db_index=False)
    target = models.CharField(max_length=60)
    assignment = models.ForeignKey(
        "reviews.ReviewAssignment", null=True, blank=True, on_delete=models.PROTECT, related_name="reminders"
    )
    article = models.ForeignKey(
        "articles.Article", null=True, blank=True, on_delete=models.PROTECT, related_name="reminders"
    )
    recipient = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    occurrence = models.PositiveSmallIntegerField(default=1)
    due_version = models.CharField(max_length=60)
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
                fields=["target", "rule", "recipient", "occurrence", "due_version"],
                name="one_reminder_an_occurrence",
            )
        ]
        indexes = [
            models.Index(fields=["scheduled_for"], name="reminders_planned", condition=Q(state="planned")),
            models.Index(fields=["done_at"], name="reminders_parked", condition=Q(state="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for {self.target}"


class ManualReminder(models.Model):
    """That an editor reminded a member of one seat. The automatic ones then keep quiet for a while."""

    assignment = models.ForeignKey(
        "reviews.ReviewAssignment", on_delete=models.PROTECT, related_name="manual_reminders"
    )
    sent_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    note = models.ForeignKey(
        "editorial.PersonalText", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.assignment} reminded by {self.sent_by}"
