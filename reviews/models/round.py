from django.db import models
from django.db.models import Q

from reviews.states import RoundOutcome


class ReviewRound(models.Model):
    """One cycle of review over one digest, under a snapshot of the policy."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    snapshot = models.TextField(blank=True, help_text="The canonical text that the digest is of; empty in old rounds.")
    rule = models.JSONField(help_text="Snapshot of the policy's rule.")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="rounds_opened")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in RoundOutcome], blank=True)
    note = models.TextField(blank=True, help_text="What the editor tells the panel.")
    unsatisfiable = models.TextField(blank=True, help_text="Why this round can't be satisfied any more; empty: it can.")
    unsatisfiable_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["article", "number"]
        indexes = [models.Index(fields=["closed_at"], name="rounds_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_round_a_number"),
            models.UniqueConstraint(fields=["article"], name="one_open_round", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"Round {self.number} of {self.article}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def subject(self) -> str:
        return f"round:{self.pk}"
