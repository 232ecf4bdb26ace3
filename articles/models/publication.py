import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from articles.states import CURRENT, PUBLICATION_EDGES, PublicationStatus
from editorial.models.policy import ChangeClass
from editorial.text import CleanCharField, CleanTextField


def _edges(name: str) -> dict[str, object]:
    sources, target = PUBLICATION_EDGES[name]
    return {"source": sorted(sources), "target": target}


class Publication(models.Model):
    """One published version, immutable but for its status, which verbs move."""

    class Basis(models.TextChoices):
        SIGNED = "signed"
        CARRIED = "carried"

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    slug = models.SlugField(max_length=120)
    status = FSMField(choices=[(s.value, s.value) for s in PublicationStatus], protected=True)
    title = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    snapshot = models.TextField()
    html = models.JSONField(help_text="Each audience's HTML as it was frozen.")
    evidence = models.JSONField(help_text="Round, reviewers and signatures as readers are shown them.")
    policy = models.JSONField()
    change_class = models.CharField(max_length=15, choices=ChangeClass)
    change_note = models.TextField(blank=True)
    conclusions_changed = models.BooleanField(null=True)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.SIGNED)
    reviewed_version = models.PositiveIntegerField()
    restored_from = models.PositiveIntegerField(null=True, help_text="The earlier version that this one brought back.")
    editorial_responsibility = models.CharField(max_length=200)
    publish_not_before = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    submitted_on = models.DateField()
    review_opened_on = models.DateField()
    last_updated = models.DateField()
    last_reviewed = models.DateField()
    next_review_due = models.DateField()
    literature_current_to = models.DateField(null=True)

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_publication_a_number"),
            models.UniqueConstraint(
                fields=["article"], name="one_current_publication", condition=Q(status__in=sorted(CURRENT))
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_review_due", "article"],  # many may fall due on one day
                name="publications_due",
                condition=Q(status=PublicationStatus.LIVE),
            ),
            models.Index(
                fields=["article"], name="publications_on_hold", condition=Q(status=PublicationStatus.ON_HOLD)
            ),
            models.Index(fields=["-published_at", "-id"], name="publications_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def subject(self) -> str:
        return f"publication:{self.article_id}/{self.number}"

    @transition(field=status, **_edges("publish"))
    def _publish(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("supersede"))
    def _supersede(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("cancel"))
    def _cancel(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("hold"))
    def _hold(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("lift"))
    def _lift(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("retire"))
    def _retire(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("remove"))
    def _remove(self) -> None:
        """Called by articles.publishing alone."""

    @transition(field=status, **_edges("retract"))
    def _retract(self) -> None:
        """Called by articles.publishing alone."""


class Notice(models.Model):
    """A dated statement about a publication with an address of its own. Stands outside the signatures."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CONCERN = "concern", _("Expression of concern")
        RETRACTION = "retraction", _("Retraction")
        REMOVAL = "removal", _("Removal")
        SAFETY = "safety", _("Safety notice")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    text = CleanTextField()
    issued_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="notices")
    shown_name = CleanCharField(max_length=200)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.publication}"
