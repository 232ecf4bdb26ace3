from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from editorial.clock import shown
from editorial.text import CleanCharField, CleanTextField


class RiskTier(models.TextChoices):
    LOW = "low", _("low")
    STANDARD = "standard", _("standard")
    HIGH = "high", _("high")


class ChangeClass(models.TextChoices):
    """What kind of change a version is, and so which quorum it needs (house rules)."""

    NEW = "new", _("new article")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    TYPOGRAPHIC = "typographic", _("typographic")
    REAFFIRMATION = "reaffirmation", _("reaffirmation")
    URGENT = "urgent", _("urgent")


FULL_CLASSES = (ChangeClass.NEW, ChangeClass.UPDATE)
"""Classes whose round judges the whole text."""


class Acceptance(models.TextChoices):
    STANDING = "standing", _("standing")
    ANSWER = "answer", _("asked for an answer")


class EditorialPolicy(models.Model):
    """One version of the rules. Each round keeps a snapshot of the rule it was opened under."""

    version = models.PositiveIntegerField(unique=True)
    text = CleanTextField(help_text=_("Markdown, shown to readers on the policy page."))
    in_force_from = models.DateField()
    acceptance = models.CharField(
        max_length=10,
        choices=Acceptance,
        default=Acceptance.STANDING,
        help_text=_(
            "Standing: a seat is accepted when given, and a member may give it back. Answer: silence expires it."
        ),
    )
    hide_reviews = models.BooleanField(
        default=True, help_text=_("Members see what others signed only after they have signed themselves.")
    )
    re_review_by_clock = models.BooleanField(
        default=True, help_text=_("The clock asks the board to confirm a page in time for its next review day.")
    )
    disabled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("From then on no round is opened under it.")
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-version"]
        verbose_name_plural = _("editorial policies")

    def __str__(self) -> str:
        return f"Policy {self.version}"

    @property
    def subject(self) -> str:
        return f"policy:{self.version}"

    @property
    def stamp(self) -> str:
        """Changes when the policy does: forms carry it and are refused when it is stale."""
        return f"{self.version}.{self.in_force_from}.{self.disabled_at}"

    @property
    def stamp_label(self) -> str:
        return str(
            _("disabled") if self.disabled_at else _("in force from %(day)s") % {"day": shown(self.in_force_from)}
        )

    def may_change(self, today: date) -> bool:
        """Rounds are opened under it from its first day on; from then on it stays as it is."""
        return self.disabled_at is None and self.in_force_from > today

    @classmethod
    def in_force(cls, on: Any) -> "EditorialPolicy | None":
        """The newest version that has begun and wasn't disabled."""
        return cls.begun(on).first()

    @classmethod
    def begun(cls, on: Any) -> "models.QuerySet[EditorialPolicy]":
        """Those that have begun and weren't disabled, the newest first."""
        return cls.objects.filter(in_force_from__lte=on, disabled_at=None).order_by("-version")


class ChecklistItem(models.Model):
    """A question that every reviewer answers before signing. A critical one that is “no” bars an approval."""

    policy = models.ForeignKey(EditorialPolicy, on_delete=models.PROTECT, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(max_length=40)
    text = CleanCharField(max_length=300)
    critical = models.BooleanField(default=False, help_text=_("Must be answered; “no” can't go with an approval."))
    every_class = models.BooleanField(
        default=True, help_text=_("Asked of every change class; otherwise of new articles and updates alone.")
    )

    class Meta:
        ordering = ["policy", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="one_checklist_item_a_code")]

    def __str__(self) -> str:
        return self.text


class ReviewRule(models.Model):
    """What the policy asks of one risk tier and change class."""

    policy = models.ForeignKey(EditorialPolicy, on_delete=models.PROTECT, related_name="rules")
    risk_tier = models.CharField(max_length=10, choices=RiskTier)
    change_class = models.CharField(max_length=15, choices=ChangeClass)
    approvals = models.PositiveSmallIntegerField(help_text=_("0 for a typographic change that a second editor signs."))
    in_specialty = models.PositiveSmallIntegerField(
        default=1, help_text=_("How many of the approvals must come from the article's specialty.")
    )
    also = models.ManyToManyField(
        "editorial.Specialty",
        blank=True,
        related_name="+",
        verbose_name=_("other specialties"),
        help_text=_("Specialties that must approve beside the article's, each by a member of its own."),
    )
    changes_needed_blocks = models.BooleanField(
        default=True, help_text=_("One “changes needed” sends the article back; otherwise the editor decides.")
    )
    editor_confirms = models.BooleanField(default=True)
    chief_confirms = models.BooleanField(default=False, help_text=_("The confirmation must be a chief editor's."))
    respond_days = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])
    review_days = models.PositiveSmallIntegerField(default=21, validators=[MinValueValidator(1)])
    load_limit = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1)])
    re_review_months = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    attestation = CleanCharField(
        max_length=300, default="I reviewed this text and approve it for publication.", blank=False
    )

    class Meta:
        ordering = ["policy", "risk_tier", "change_class"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "risk_tier", "change_class"], name="one_rule_a_tier_and_class"),
            models.CheckConstraint(
                condition=Q(in_specialty__lte=F("approvals")),
                name="specialty_within_approvals",
                violation_error_message=_("More approvals are asked from the specialty than in all."),
            ),
            models.CheckConstraint(
                condition=Q(approvals__gte=1) | Q(change_class="typographic", editor_confirms=True),
                name="somebody_signs",
                violation_error_message=_("Without an approval only an editor's confirmation of a typographic change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_risk_tier_display()} risk, {self.get_change_class_display()}"

    def snapshot(self, *, specialty: str) -> dict[str, Any]:
        """The rule as values, for a round to keep. ``specialty`` is the article's, by slug."""
        items = self.policy.checklist.all()
        full = self.change_class in FULL_CLASSES
        return {
            "policy": self.policy.version,
            "risk_tier": self.risk_tier,
            "change_class": self.change_class,
            "approvals": self.approvals,
            "specialties": [specialty] * self.in_specialty + [other.slug for other in self.also.all()],
            "in_specialty": self.in_specialty,
            "changes_needed_blocks": self.changes_needed_blocks,
            "editor_confirms": self.editor_confirms,
            "chief_confirms": self.chief_confirms,
            "acceptance": self.policy.acceptance,
            "hide_reviews": self.policy.hide_reviews,
            "checklist": [
                {"code": item.code, "text": item.text, "critical": item.critical}
                for item in items
                if full or item.every_class
            ],
            "respond_days": self.respond_days,
            "review_days": self.review_days,
            "load_limit": self.load_limit,
            "re_review_months": self.re_review_months,
            "attestation": self.attestation,
        }


class ClosedPeriod(models.Model):
    """Days on which nothing is due and nothing expires."""

    name = CleanCharField(max_length=100)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closed_period_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {shown(self.first_day)} – {shown(self.last_day)}"

    @property
    def subject(self) -> str:
        return f"closedperiod:{self.pk}"

    @property
    def stamp(self) -> str:
        return f"{self.first_day}.{self.last_day}"

    @property
    def stamp_label(self) -> str:
        return str(self)
