from django.db import models


class DraftText(models.Model):
    """What somebody typed into an article's form and hasn't saved yet.

    Nobody else sees it and no snapshot or history holds it. A save deletes it, and so does erasing the person.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="draft_texts")
    user = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="draft_texts")
    data = models.JSONField(help_text="The form's fields by name, each with its values.")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="one_draft_text_a_person")]

    def __str__(self) -> str:
        return f"{self.article}: {self.user}"
