from django.db import models
from django.db.models import Q


class ReviewComment(models.Model):
    """A remark on a passage of a text under review, or a flat reply to one."""

    class Kind(models.TextChoices):
        MUST_FIX = "must_fix", "must fix"
        SUGGESTION = "suggestion", "suggestion"
        QUESTION = "question", "question"
        LATE = "late", "late review"
        REPLY = "reply", "reply"

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="review_comments")
    round = models.ForeignKey("reviews.ReviewRound", on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="review_comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=12, choices=Kind)
    body = models.TextField(blank=True)
    audience = models.CharField(max_length=12, blank=True, help_text="The variant that the passage stands in.")
    quote = models.TextField(blank=True, help_text="The passage, word for word; empty: about the whole text.")
    position = models.PositiveIntegerField(default=0, help_text="Which occurrence of the quote is meant, from 0.")
    replacement = models.TextField(null=True, blank=True, help_text="What a suggested change puts in its place.")
    digest = models.CharField(max_length=64, help_text="Of the text that the comment was made on.")
    made_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True, help_text="When an author took the change over.")

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["article"], name="comments_unresolved", condition=Q(resolved_at=None, parent=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.author}"

    @property
    def subject(self) -> str:
        return f"comment:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None
