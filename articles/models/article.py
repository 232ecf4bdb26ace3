import uuid
from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition
from simple_history.models import HistoricalRecords

from articles.models.link_records import LinkRecords
from articles.models.topic import Topic
from articles.states import EDGES, EDITABLE, LABELS, ArticleState
from editorial.models.policy import ChangeClass, RiskTier
from editorial.text import CleanCharField, CleanTextField


def within_reason(value: date) -> None:
    """Refuses years that no article has to do with, and that time zones can't be applied to."""
    if not 1900 <= value.year <= 2200:
        raise ValidationError(_("The year %(year)s can't be meant; check the date."), params={"year": value.year})


class Audience(models.TextChoices):
    CLINICIAN = "clinician", _("Health professionals")
    PATIENT = "patient", _("Patients and caregivers")
    STUDENT = "student", _("Students")
    GENERAL = "general", _("Everyone")


class Origin(models.TextChoices):
    HUMAN = "human", _("written by people")
    AI_ASSISTED = "ai_assisted", _("written with the help of AI")
    AI_DRAFTED = "ai_drafted", _("drafted by AI")


def _edges(name: str) -> dict[str, object]:
    return {"source": sorted(EDGES[name].sources), "target": EDGES[name].target}


class ArticleQuerySet(models.QuerySet["Article"]):
    def kept(self) -> "ArticleQuerySet":
        """Without the abandoned ones, which stay as rows."""
        return self.filter(abandoned_at=None)


class Article(ConcurrentTransitionMixin, models.Model):
    """A question and its answer, as the editors work on it. Readers see its publications."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True, max_length=120)
    state = FSMField(choices=ArticleState.choices(), default=ArticleState.DRAFT, protected=True, db_index=True)

    title = CleanCharField(max_length=500, help_text=_("The question, as a reader would ask it."))
    short_answer = CleanTextField(
        blank=True, help_text=_("The answer in 60 words at most. It is signed with the rest.")
    )
    language = models.CharField(max_length=12, default="en")
    region = models.CharField(max_length=40, blank=True, help_text=_("Where the guidance applies; empty: anywhere."))
    byline = CleanTextField(
        blank=True, help_text=_("Who wrote it, one a line: “Name, credentials”. Empty: the authors' names.")
    )
    funding = CleanTextField(blank=True, help_text=_("Who paid for it. Write “none” if nobody did."))
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.HUMAN)
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")

    authors = models.ManyToManyField("editorial.User", blank=True, related_name="articles_written")
    handling_editor = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="articles_handled"
    )
    specialty = models.ForeignKey(
        "editorial.Specialty", null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    risk_tier = models.CharField(max_length=10, choices=RiskTier, blank=True)
    products = CleanTextField(blank=True, help_text=_("Products it is about, one a line; matched against interests."))
    sponsors = CleanTextField(blank=True, help_text=_("Companies behind them, one a line."))
    literature_current_to = models.DateField(null=True, blank=True, validators=[within_reason])
    publish_not_before = models.DateTimeField(null=True, blank=True, validators=[within_reason])

    change_class = models.CharField(max_length=15, choices=ChangeClass, default=ChangeClass.NEW)
    change_note = CleanTextField(blank=True, help_text=_("What changed since the last version, for readers."))
    conclusions_changed = models.BooleanField(null=True, blank=True)
    frozen_snapshot = models.TextField(blank=True, editable=False)
    frozen_html = models.JSONField(default=dict, blank=True, editable=False)
    frozen_digest = models.CharField(max_length=64, blank=True, editable=False)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="articles_created")
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    triaged_at = models.DateTimeField(null=True, blank=True, editable=False)
    state_since = models.DateTimeField(editable=False)
    follow_up_required = models.BooleanField(default=False, editable=False)
    quorum_lost_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the live version lost its quorum."),
    )
    full_review_by = models.DateField(
        null=True, blank=True, editable=False, help_text=_("An urgent version's last day without a full panel.")
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="predecessors"
    )
    abandoned_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = LinkRecords(
        m2m_fields=[topics, authors], excluded_fields=["frozen_snapshot", "frozen_html"], user_db_constraint=False
    )
    objects = ArticleQuerySet.as_manager()

    SNAPSHOT_FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "short_answer",
        "language",
        "region",
        "byline",
        "funding",
        "origin",
        "literature_current_to",
        "change_note",
        "conclusions_changed",
    )
    """Fields of the row that the snapshot covers: whoever changed one is a contributor."""

    class Meta:
        ordering = ["-state_since"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="article_queue"),
            models.Index(fields=["-state_since", "-id"], name="articles_newest", condition=models.Q(abandoned_at=None)),
            models.Index(
                fields=["full_review_by"],
                name="articles_owing_full_review",
                condition=models.Q(full_review_by__isnull=False),
            ),
            models.Index(
                fields=["quorum_lost_at"],
                name="articles_quorum_lost",
                condition=models.Q(quorum_lost_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """An address that once led to another article stays that one's: it leads readers on."""
        super().validate_unique(exclude)
        if self.slug and "slug" not in (exclude or ()):
            others = type(self).objects.filter(publications__slug=self.slug).exclude(pk=self.pk)
            if (other := others.only("title", "state").first()) is not None:
                said = _("“%(slug)s” is an earlier address of “%(title)s” and still leads there; choose another.")
                raise ValidationError({"slug": said % {"slug": self.slug, "title": other.title}})

    @property
    def subject(self) -> str:
        """How audit events name this article."""
        return f"article:{self.uuid}"

    @property
    def stamp(self) -> str:
        """Changes whenever a verb moved the article: forms carry it and are refused when it is stale."""
        return f"{self.state}.{self.state_since.timestamp()}.{self.frozen_digest[:16]}"

    @property
    def stamp_label(self) -> str:
        return self.state_label

    @property
    def state_label(self) -> str:
        return LABELS[ArticleState(self.state)]

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE and self.abandoned_at is None

    @property
    def effective_risk(self) -> str:
        """The risk tier; unset counts as high."""
        return self.risk_tier or RiskTier.HIGH

    @transition(field=state, **_edges("submit"))
    def _submit(self) -> None:
        """Called by articles.workflow.submit alone."""

    @transition(field=state, **_edges("triage"))
    def _triage(self) -> None:
        """Called by articles.workflow.triage alone."""

    @transition(field=state, **_edges("withdraw"))
    def _withdraw(self) -> None:
        """Called by articles.workflow.withdraw alone."""

    @transition(field=state, **_edges("open_round"))
    def _open_round(self) -> None:
        """Called by articles.workflow.open_round alone."""

    @transition(field=state, **_edges("request_changes"))
    def _request_changes(self) -> None:
        """Called by articles.workflow.request_changes alone."""

    @transition(field=state, **_edges("approve"))
    def _approve(self) -> None:
        """Called by articles.workflow.approve alone."""

    @transition(field=state, **_edges("reject"))
    def _reject(self) -> None:
        """Called by articles.workflow.reject alone."""

    @transition(field=state, **_edges("reopen"))
    def _reopen(self) -> None:
        """Called by articles.workflow.reopen alone."""

    @transition(field=state, **_edges("revise"))
    def _revise(self) -> None:
        """Called by articles.workflow.revise alone."""

    @transition(field=state, **_edges("discard_revision"))
    def _discard_revision(self) -> None:
        """Called by articles.workflow.discard_revision alone."""

    @transition(field=state, **_edges("re_review"))
    def _re_review(self) -> None:
        """Called by articles.workflow.re_review alone."""


class AudienceVariant(models.Model):
    """The text for one audience, in Markdown with `[@key]` citations. Kept apart from the article's row,
    so that a transition's history doesn't copy it.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="variants")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.CLINICIAN)
    body = CleanTextField(
        help_text=_("Markdown. “## Heading {.guideline}” starts a section; “[@key]” cites a reference below.")
    )
    history = HistoricalRecords(user_db_constraint=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["article", "audience"], name="one_variant_an_audience")]

    def __str__(self) -> str:
        return self.get_audience_display()


class AIContribution(models.Model):
    """What AI did for an article, as ICMJE asks: tool, version, use, prompts."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="ai_contributions")
    tool = CleanCharField(max_length=100)
    version = CleanCharField(max_length=100, blank=True)
    use = CleanCharField(max_length=300)
    prompts = CleanTextField(blank=True)
    history = HistoricalRecords(user_db_constraint=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.tool


class IntakeSource(models.Model):
    """The file an article came from, byte for byte, and what its reader made of it."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="sources")
    name = CleanCharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()
    report = models.JSONField(default=dict)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    markers_confirmed_by = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    markers_confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def restored(self) -> list[dict[str, object]]:
        """Markers whose brackets the reader put back: a person must look at them."""
        return [marker for marker in self.report.get("markers", []) if not marker["confirmed"]]

    @property
    def unconfirmed(self) -> int:
        return 0 if self.markers_confirmed_at else len(self.restored)
