"""The reader's own tables: a projection of publications. The public site reads these and nothing else."""

from django.db import models


class PublicPage(models.Model):
    """One published version as readers get it. Without its text while it is held or removed."""

    publication = models.OneToOneField("articles.Publication", on_delete=models.PROTECT, related_name="public_page")
    slug = models.SlugField(max_length=120)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    is_current = models.BooleanField()
    is_listed = models.BooleanField()
    title = models.TextField(blank=True)
    short_answer = models.TextField(blank=True)
    review_line = models.TextField(blank=True)
    topics = models.JSONField(default=list)
    main_html = models.TextField()
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, help_text="Of everything shown; the ETag is made of it.")
    last_updated = models.DateField(null=True)
    last_reviewed = models.DateField(null=True)
    next_review_due = models.DateField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="one_page_a_version"),
            models.UniqueConstraint(
                fields=["slug"], name="one_current_page_a_slug", condition=models.Q(is_current=True)
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at"], name="public_listed", condition=models.Q(is_listed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.number}"


class PublicNotice(models.Model):
    """A notice as readers get it, at an address of its own."""

    uuid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120)
    number = models.PositiveIntegerField()
    title = models.TextField()
    main_html = models.TextField()
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class PublicPolicy(models.Model):
    """A version of the editorial policy as readers get it."""

    version = models.PositiveIntegerField(unique=True)
    in_force_from = models.DateField()
    main_html = models.TextField()

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"policy {self.version}"
