from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles import identifiers
from editorial.text import CleanCharField, CleanTextField


class Reference(models.Model):
    """A source in the library, shaped after CSL-JSON. Editing it never touches what was frozen."""

    class Kind(models.TextChoices):
        GUIDELINE = "guideline", _("Guideline")
        RESEARCH = "research", _("Research")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        UNCHECKED = "unchecked", _("not checked")
        OK = "ok", _("no notice known")
        RETRACTED = "retracted", _("retracted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CONCERN = "concern", _("expression of concern")
        CORRECTED = "corrected", _("corrected")
        SUPERSEDED = "superseded", _("superseded")

    kind = models.CharField(max_length=10, choices=Kind)
    csl_type = models.CharField(_("type"), max_length=40, default="article-journal")
    title = CleanCharField(max_length=500)
    authors = CleanTextField(blank=True, help_text=_("One a line: “Family, Given”, or a group's name."))
    container_title = CleanCharField(_("journal or site"), max_length=300, blank=True)
    publisher = CleanCharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    volume = CleanCharField(max_length=40, blank=True)
    issue = CleanCharField(max_length=40, blank=True)
    page = CleanCharField(max_length=60, blank=True)
    doi = CleanCharField("DOI", max_length=255, blank=True)
    pmid = CleanCharField("PMID", max_length=20, blank=True)
    pmcid = CleanCharField("PMCID", max_length=20, blank=True)
    isbn = CleanCharField("ISBN", max_length=20, blank=True)
    url = models.URLField("URL", max_length=500, blank=True)
    accessed_on = models.DateField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True, help_text=_("Further CSL-JSON properties."))
    status = models.CharField(max_length=12, choices=Status, default=Status.UNCHECKED)
    status_checked_on = models.DateField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    history = HistoricalRecords(user_db_constraint=False)

    class Meta:
        ordering = ["title"]
        indexes = [
            models.Index(
                fields=["doi"], name="references_grave", condition=models.Q(status__in=["retracted", "withdrawn"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.title[:80]} ({self.year})" if self.year else self.title[:80]

    def clean(self) -> None:
        """Identifiers in their normal form, each refused in words with its own field."""
        normal = {
            "doi": identifiers.normal_doi,
            "pmid": identifiers.normal_pmid,
            "pmcid": identifiers.normal_pmcid,
            "isbn": identifiers.normal_isbn,
        }
        problems = {}
        for name, normalise in normal.items():
            if value := getattr(self, name):
                try:
                    setattr(self, name, normalise(value))
                except identifiers.IdentifierError as problem:
                    problems[name] = str(problem)
        if self.url and not self.accessed_on and not (self.doi or self.pmid or self.isbn):
            problems["accessed_on"] = str(_("Say on which day you opened the address."))
        if problems:
            raise ValidationError(problems)


class Citation(models.Model):
    """That an article cites a reference, under which key."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="citations")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="citations")
    key = models.CharField(max_length=60, help_text=_("What stands in the text: “[@key]”."))
    cited_because_retracted = models.BooleanField(default=False)
    rationale = CleanTextField(blank=True, help_text=_("Why a retracted source is cited."))
    supporting_quote = CleanTextField(blank=True, help_text=_("The source's own words; for reviewers, not readers."))
    history = HistoricalRecords(user_db_constraint=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="one_reference_a_key",
                violation_error_message=_("This key is used twice in the article."),
            )
        ]

    def __str__(self) -> str:
        return self.key
