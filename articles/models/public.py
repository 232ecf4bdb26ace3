"""The reader's own tables: a projection of publications. The public site reads these and nothing else."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.article import Audience
from editorial.models.policy import ChangeClass
from editorial.text import CleanTextField

FED = ("live", "retracted")
"""What of a current page feeds tell; one on hold, retired or removed leaves them."""

CORRECTED = (ChangeClass.CORRECTION, ChangeClass.URGENT)
"""Classes of versions that mend what readers had."""


SHOWN = ("PublicTopic", "PublicMember", "PublicPage", "PublicNotice", "PublicPolicy", "SearchEntry")
"""All that the public site's role in the database can see."""

SENT = ("uuid", "kind", "text", "slug", "version", "email", "received_at", "outcome")
"""The fields of a message that the public site fills in. Its role in the database can name no other."""


class PublicTopic(models.Model):
    """A topic that a listed page is about."""

    slug = models.SlugField(unique=True, max_length=100)
    name = models.CharField(max_length=100)
    mesh_id = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PublicMember(models.Model):
    """Somebody who is or was on the board, as readers get them.

    What holds for a time only carries its days, and the page judges them when it is asked for: letters that expire at
    midnight are gone at midnight.
    """

    uuid = models.UUIDField(unique=True)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    affiliation = models.CharField(max_length=200, blank=True)
    is_serving = models.BooleanField(help_text="Holds the role and can sign in; serves between the two days.")
    serves_from = models.DateField()
    serves_until = models.DateField(null=True, help_text="The first day off the board.")
    was_struck_off = models.BooleanField(default=False)
    credentials = models.JSONField(default=list, help_text="Verified ones: letters, specialty, since, until.")
    interests = models.JSONField(default=list, help_text="What was declared: text, since, until.")
    sort_key = models.CharField(max_length=400, blank=True)
    main_html = models.TextField(blank=True, help_text="What they say about themselves.")

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="public_board", condition=models.Q(is_serving=True)),
        ]

    def __str__(self) -> str:
        return self.name


class PublicPage(models.Model):
    """One published version as readers get it. Without its text while it is held or removed."""

    publication = models.OneToOneField("articles.Publication", on_delete=models.PROTECT, related_name="public_page")
    article_uuid = models.UUIDField(help_text="What all versions of one article share, whatever their slugs.")
    slug = models.SlugField(max_length=120)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    is_current = models.BooleanField()
    is_listed = models.BooleanField()
    title = models.TextField(blank=True)
    short_answer = models.TextField(blank=True)
    review_line = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    topics = models.JSONField(default=list)
    in_topics = models.ManyToManyField(PublicTopic, through="PublicPageTopic", related_name="pages")
    reviewed_by = models.ManyToManyField(PublicMember, related_name="pages")
    main_html = models.TextField()
    head_html = models.TextField(blank=True, help_text="What machines are told of it: JSON-LD and Open Graph.")
    entry_html = models.TextField(blank=True, help_text="Its entry in the article's history.")
    changes_html = models.TextField(blank=True, help_text="What it changed against the version before it.")
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, help_text="Of everything shown; the ETag is made of it.")
    last_updated = models.DateField(null=True)
    last_reviewed = models.DateField(null=True)
    next_review_due = models.DateField(null=True)
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When it was published, or a notice on it was: what feeds go by.")
    change_class = models.CharField(max_length=15, choices=ChangeClass)
    change_note = models.TextField(blank=True)

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
            models.Index(fields=["article_uuid", "-number"], name="public_versions"),
            models.Index(
                fields=["-changed_at"], name="public_fed", condition=models.Q(is_current=True, status__in=FED)
            ),
            models.Index(
                fields=["-published_at"], name="public_corrected", condition=models.Q(change_class__in=CORRECTED)
            ),
            models.Index(fields=["-last_reviewed", "-id"], name="public_reviewed", condition=models.Q(is_listed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.number}"


class PublicPageTopic(models.Model):
    """That a current page is about a topic, with the page's own days: a topic's list and its feed go by these rows."""

    publicpage = models.ForeignKey(PublicPage, on_delete=models.CASCADE, db_index=False, related_name="under")
    publictopic = models.ForeignKey(PublicTopic, on_delete=models.CASCADE, db_index=False, related_name="under")
    reviewed_on = models.DateField(null=True, help_text="The page's last review; empty while no list names the page.")
    changed_at = models.DateTimeField(db_default=Now(), help_text="As the page has it.")

    class Meta:
        db_table = "articles_publicpage_in_topics"
        unique_together = [("publicpage", "publictopic")]
        indexes = [
            models.Index(
                fields=["publictopic", "-reviewed_on", "-id"],
                name="topic_reviewed",
                condition=models.Q(reviewed_on__isnull=False),
            ),
            models.Index(fields=["publictopic", "-changed_at", "-id"], name="topic_fed"),
        ]

    def __str__(self) -> str:
        return f"page {self.publicpage_id} under topic {self.publictopic_id}"


class PublicNotice(models.Model):
    """A notice as readers get it, at an address of its own."""

    uuid = models.UUIDField(unique=True)
    slug = models.SlugField(max_length=120)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    title = models.TextField()
    text = models.TextField()
    main_html = models.TextField()
    issued_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-issued_at"], name="public_notices_issued")]

    def __str__(self) -> str:
        return self.title


class PublicPolicy(models.Model):
    """A version of the editorial policy as readers get it, also after it was taken out of force."""

    version = models.PositiveIntegerField(unique=True)
    in_force_from = models.DateField()
    disabled_on = models.DateField(null=True, help_text="When it was taken out of force; its own address stays.")
    main_html = models.TextField()

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"policy {self.version}"


class SearchEntry(models.Model):
    """One passage of a live page: what search and follow-up questions look in."""

    page = models.ForeignKey(PublicPage, on_delete=models.CASCADE, related_name="passages")
    audience = models.CharField(max_length=12, choices=Audience, blank=True, help_text="Empty: everyone's.")
    position = models.PositiveIntegerField(help_text="Its place in the text, from 0: title and short answer.")
    kind = models.CharField(max_length=20, blank=True, help_text="The section's kind, as sections.py names them.")
    anchor = models.CharField(max_length=120, blank=True)
    heading = models.TextField(blank=True)
    title = models.TextField()
    text = models.TextField(help_text="Without markup.")
    html = models.TextField(blank=True, help_text="As the page shows it, with its citations.")
    head_words = models.TextField(blank=True, help_text="What is indexed of the title, or else of the heading.")
    words = models.TextField(blank=True, help_text="What is indexed of the text: see articles/search_words.")

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["page", "audience", "position"], name="one_passage_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.audience}/{self.position}"


KEPT_DAYS = 90
"""How long a reader's message is kept, handled or not."""


class ReaderMessage(models.Model):
    """What a reader sent to the editors. The public site adds rows and reads none; the desk does the rest."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ERROR = "error", _("Error report")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    text = CleanTextField()
    slug = models.CharField(max_length=120, blank=True, help_text=_("The article it was sent from."))
    version = models.PositiveIntegerField(null=True, blank=True)
    email = models.EmailField(blank=True, help_text=_("Where the sender wants an answer, if anywhere."))
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="reader_messages"
    )
    outcome = CleanTextField(blank=True)
    article = models.ForeignKey(
        "articles.Article", null=True, blank=True, on_delete=models.PROTECT, related_name="reader_messages"
    )

    class Meta:
        verbose_name = _("message from a reader")
        verbose_name_plural = _("messages from readers")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["received_at"], name="reader_messages_open", condition=models.Q(handled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.received_at:%Y-%m-%d}"

    @property
    def subject(self) -> str:
        return f"reader_message:{self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.handled_at is None

    @property
    def stamp(self) -> str:
        """What a form about it was opened on: it is open, or was handled at that instant."""
        return self.handled_at.isoformat() if self.handled_at else "open"

    @property
    def stamp_label(self) -> str:
        return str(_("Handled") if self.handled_at else _("Open"))
