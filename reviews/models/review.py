from django.db import models

from reviews.states import VERDICT_LABELS, VerdictKind


class Review(models.Model):
    """A signed verdict over one digest. Immutable: a second thought is another review."""

    assignment = models.ForeignKey("reviews.ReviewAssignment", on_delete=models.PROTECT, related_name="reviews")
    round = models.ForeignKey("reviews.ReviewRound", on_delete=models.PROTECT, related_name="reviews")
    member = models.ForeignKey("editorial.BoardMember", on_delete=models.PROTECT, related_name="reviews")
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=30, choices=[(v.value, VERDICT_LABELS[v]) for v in VerdictKind])
    comment = models.TextField(blank=True, help_text="To the author and the editor.")
    private_note = models.ForeignKey(
        "editorial.PersonalText", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checklist = models.JSONField(default=dict, help_text="Answers by item: yes, no or not_applicable.")
    carried_from = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
        help_text="The review of an earlier round over the same digest whose signature this row stands on.",
    )
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_verdict_display()}"


class ReviewDraft(models.Model):
    """What a member has written and not signed yet. Nobody else sees it; while it is there, the seat doesn't expire."""

    assignment = models.OneToOneField("reviews.ReviewAssignment", on_delete=models.CASCADE, related_name="draft")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draft of {self.assignment}"


class Signature(models.Model):
    """Name, credentials, meaning, time and digest as they stood at the instant of signing (21 CFR 11.50)."""

    review = models.OneToOneField(Review, null=True, on_delete=models.PROTECT, related_name="signature")
    round = models.ForeignKey("reviews.ReviewRound", null=True, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="signatures")
    meaning = models.CharField(max_length=300)
    shown_name = models.CharField(max_length=200)
    shown_credentials = models.CharField(max_length=200, blank=True)
    shown_specialties = models.JSONField(default=list)
    affiliation = models.CharField(max_length=200, blank=True)
    disclosure = models.TextField(blank=True)
    standing = models.JSONField(help_text="Snapshot of the credentials and roles that let this person sign.")
    digest = models.CharField(max_length=64)
    proof = models.CharField(max_length=20)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]

    def __str__(self) -> str:
        return f"{self.shown_name}, {self.shown_credentials}"


class SignatureVoided(models.Model):
    """That a signature no longer stands. The signature itself stays as it was."""

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="voided")
    by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.signature} voided"


class SignatureKept(models.Model):
    """That a chief editor looked at a signature of a member who was struck off, and lets it stand."""

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="kept")
    by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.signature} kept"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def still_open(self) -> "ObjectionQuerySet":
        """Objections that neither their author withdrew nor an adjudication with a chief's confirmation ended."""
        return self.exclude(steps__kind__in=ObjectionStep.ENDING)


class Objection(models.Model):
    """A physician's safety objection. It belongs to the article and outlives rounds and edits."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="objections")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="objection")
    member = models.ForeignKey("editorial.BoardMember", on_delete=models.PROTECT, related_name="objections")
    specialty = models.ForeignKey("editorial.Specialty", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    raised_at = models.DateTimeField()

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at"]

    def __str__(self) -> str:
        return f"Safety objection by {self.member}"

    @property
    def subject(self) -> str:
        return f"objection:{self.pk}"

    @property
    def adjudication(self) -> "ObjectionStep | None":
        return next((step for step in self.steps.all() if step.kind == ObjectionStep.Kind.ADJUDICATED), None)

    @property
    def is_open(self) -> bool:
        return not any(step.kind in ObjectionStep.ENDING for step in self.steps.all())


class ObjectionStep(models.Model):
    """What happened to an objection: withdrawn, or adjudicated and then confirmed. Rows are only added."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn"
        ADJUDICATED = "adjudicated"
        CONFIRMED = "confirmed"

    ENDING = ("withdrawn", "confirmed")

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT, related_name="objection_step")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["objection", "kind"], name="one_step_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.objection}: {self.kind}"
