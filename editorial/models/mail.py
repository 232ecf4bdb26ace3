"""How somebody wants their mail, when they are away, and the clock's signs of life, and whether mail may leave."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from editorial.models.user import User

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class MailPreferences(models.Model):
    """When somebody's mail leaves, in their own time zone. Whoever has no row has these defaults."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    user = models.OneToOneField("editorial.User", on_delete=models.PROTECT, related_name="mail_preferences")
    hour = models.PositiveSmallIntegerField(
        _("hour of the day's mail"), choices=HOURS, default=8, validators=[MaxValueValidator(23)]
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("quiet from"), choices=HOURS, default=20, validators=[MaxValueValidator(23)]
    )
    quiet_until = models.PositiveSmallIntegerField(
        _("quiet until"), choices=HOURS, default=7, validators=[MaxValueValidator(23)]
    )
    weekly = models.BooleanField(_("weekly summary"), default=True)
    weekly_day = models.PositiveSmallIntegerField(_("day of the summary"), choices=Weekday, default=Weekday.MONDAY)
    calendar_version = models.PositiveIntegerField(
        default=1, editable=False, help_text=_("Part of the calendar's secret address: raised, the old one is dead.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return f"Mail of {self.user}"

    @classmethod
    def of(cls, user: "User") -> "MailPreferences":
        """What they chose, else the defaults in a row that isn't saved.

        Costs a query unless ``mail_preferences`` was selected with the user.
        """
        try:
            return user.mail_preferences
        except cls.DoesNotExist:
            return cls(user=user)

    def clean(self) -> None:
        """The day's mail can't be asked for in quiet hours."""
        if None not in (self.hour, self.quiet_from, self.quiet_until) and self.is_quiet(self.hour):
            raise ValidationError({"hour": _("This hour lies in your quiet hours. Choose another, or shorten those.")})

    def is_quiet(self, hour: int) -> bool:
        """Whether nothing but urgent mail leaves in this hour. The same hour twice means no quiet hours."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


class Leave(models.Model):
    """Days on which an editor is away, and who gets what is meant for them. Board members have ``Absence``."""

    user = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()
    deputy = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="deputises_for"
    )

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="leave_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} – {self.last_day}"

    def clean(self) -> None:
        if self.deputy_id is not None and self.deputy_id == self.user_id:
            raise ValidationError({"deputy": _("Nobody is their own deputy. Choose somebody else.")})

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


class Heartbeat(models.Model):
    """When a part of the clock last gave a sign of life: ``clock``, ``beat:<host>`` or ``worker:<host>``."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"


class MailHold(models.Model):
    """While its one row stands no mail leaves: after a restore nobody knows yet what had left already."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    since = models.DateTimeField()
    reason = models.CharField(max_length=200)
    backup_at = models.DateTimeField(
        null=True, blank=True, help_text="What happened after this instant isn't in the database."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="mail_is_held_once")]

    def __str__(self) -> str:
        return f"since {self.since}: {self.reason}"
