import uuid
import zlib
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from editorial import clock
from editorial.text import CleanCharField, CleanTextField


class Specialty(models.Model):
    """A field of medicine that a rule can ask for and a credential can prove."""

    name = CleanCharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("specialties")

    def __str__(self) -> str:
        return self.name


class BoardMember(models.Model):
    """A physician on the advisory board. Struck off or gone, the row stays: it stands behind signatures."""

    user = models.OneToOneField("editorial.User", on_delete=models.PROTECT, related_name="board_member")
    slug = models.SlugField(unique=True)
    affiliation = CleanCharField(max_length=200, blank=True)
    biography = CleanTextField(blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    struck_off_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the board ended the membership for cause.")
    )
    departure = models.ForeignKey(
        "editorial.PersonalText", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    load_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Open reviews this member takes at once; empty: as the policy says.")
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["user__last_name", "user__first_name"]

    def __str__(self) -> str:
        return self.user.shown_name

    @property
    def subject(self) -> str:
        """How audit events name this member."""
        return f"member:{self.user.uuid}"

    @property
    def stamp(self) -> str:
        """Changes when the membership does: forms carry it and are refused when it is stale."""
        shown = zlib.crc32(f"{self.affiliation}\n{self.biography}".encode())
        return f"{self.left_on}.{self.struck_off_at}.{self.load_limit}.{shown}"

    @property
    def stamp_label(self) -> str:
        return str(_("struck off") if self.struck_off_at else _("left") if self.left_on else _("on the board"))

    def valid_credentials(self, on: date) -> "models.QuerySet[Credential]":
        return self.credentials.filter(Credential.valid(on)).select_related("specialty")

    def is_serving(self, on: date) -> bool:
        """On the board that day, with an account that can sign in."""
        return self.user.is_active and self.joined_on <= on and (self.left_on is None or on < self.left_on)


class BoardInvitation(models.Model):
    """That somebody was asked to join the board. Its link is signed and made when the mail is sent, never stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], name="one_open_invitation", condition=Q(accepted_at=None, revoked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.member}"


class Credential(models.Model):
    """A licence that somebody checked. Without a valid one nobody signs (21 CFR 11.100(b))."""

    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="credentials")
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="credentials")
    letters = CleanCharField(max_length=60, help_text=_("As shown behind the name: MD, PhD"))
    licence_number = CleanCharField(max_length=60)
    issuer = CleanCharField(max_length=200)
    verified_by = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="credentials_verified"
    )
    verified_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(help_text=_("The last day on which it is valid."))
    history = HistoricalRecords()

    class Meta:
        ordering = ["expires_on"]

    def __str__(self) -> str:
        return f"{self.letters}, {self.specialty}"

    @staticmethod
    def valid(on: date) -> Q:
        return Q(verified_on__isnull=False, verified_on__lte=on, verified_by__isnull=False, expires_on__gte=on)


class Absence(models.Model):
    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    cover = models.ForeignKey(BoardMember, null=True, blank=True, on_delete=models.PROTECT, related_name="covers")

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.first_day} – {self.last_day}"

    def clean(self) -> None:
        """No two absences of one member share a day, and nobody covers for themselves."""
        if self.first_day is None or self.last_day is None or self.member_id is None:
            return
        if self.cover_id is not None and self.cover_id == self.member_id:
            raise ValidationError({"cover": _("Nobody covers for themselves. Choose another member.")})
        others = Absence.objects.filter(member=self.member_id).exclude(pk=self.pk)
        other = others.filter(first_day__lte=self.last_day, last_day__gte=self.first_day).first()
        if other is not None:
            days = {"first": clock.shown(other.first_day), "last": clock.shown(other.last_day)}
            raise ValidationError(_("It overlaps the absence from %(first)s to %(last)s."), params=days)


class Interest(models.Model):
    """A declared competing interest; matched against an article's products, sponsors and authors."""

    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="interests")
    company = CleanCharField(max_length=200, blank=True)
    product = CleanCharField(max_length=200, blank=True)
    person = models.ForeignKey("editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    nature = CleanCharField(max_length=200, help_text=_("For example: speaker's fees, shares, co-author."))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.company or self.product or str(self.person or self.nature)

    def names(self) -> set[str]:
        return {name.casefold().strip() for name in (self.company, self.product) if name.strip()}
