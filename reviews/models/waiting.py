from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MOST_A_WEEK = 100


class WaitingQuerySet(models.QuerySet["WaitingRound"]):
    def standing(self) -> "WaitingQuerySet":
        """In their order, those that still wait: what was submitted again, or moved on, has left the list."""
        rows = self.filter(ended_at=None, article__state="submitted", article__submitted_at=F("submitted_at"))
        return rows.filter(article__abandoned_at=None).order_by("place", "pk")


class WaitingRound(models.Model):
    """That an editor put a submitted article on the list from which the clock opens rounds. The row stays as record."""

    class Ended(models.TextChoices):
        OPENED = "opened", _("opened in its week")
        BY_HAND = "by_hand", _("opened by hand")
        TAKEN_OFF = "taken_off", _("taken off the list")
        MOVED_ON = "moved_on", _("the article moved on")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="waiting_rounds")
    submitted_at = models.DateTimeField(help_text="The submission that waits: a later one isn't on the list.")
    place = models.IntegerField()
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    problem = models.TextField(blank=True, help_text="Why its round couldn't be opened when its day came.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When its editors were told of a problem: once.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article"], name="one_place_on_the_list", condition=Q(ended_at=None)),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")), name="ended_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=["place"], name="rounds_that_wait", condition=Q(ended_at=None)),
            models.Index(fields=["ended_at"], name="rounds_opened_in_a_week", condition=Q(ended="opened")),
        ]

    def __str__(self) -> str:
        return f"{self.article} waits for its week"


class RoundPace(models.Model):
    """How many rounds the clock opens in a week, for the whole desk: one row."""

    a_week = models.PositiveSmallIntegerField(
        _("rounds a week"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_A_WEEK)]
    )
    paused = models.BooleanField(_("paused"), default=False)
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_pace_for_the_desk")]

    def __str__(self) -> str:
        return f"{self.a_week} a week"

    @property
    def subject(self) -> str:
        return "round-pace"

    @property
    def stamp(self) -> str:
        return f"{self.a_week}.{self.paused}.{self.changed_at}"

    @property
    def stamp_label(self) -> str:
        return str(_("%(count)s a week, paused") if self.paused else _("%(count)s a week")) % {"count": self.a_week}

    @classmethod
    def current(cls) -> "RoundPace":
        """The desk's pace; the one to begin with, unsaved, while nobody has set any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
