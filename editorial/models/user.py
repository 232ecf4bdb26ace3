import hashlib
import uuid
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.text import deliverable


def known_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” isn't a time zone; write one such as Europe/Paris."), params={"value": value}
        )


LONGEST_NAME = 150
"""Characters of first and last name together: a signature and a notice show them whole, with what goes with them."""


def long_name(first: str, last: str) -> None:
    """Raises ValidationError for a name that is longer."""
    if (count := len(f"{first} {last}".strip())) > LONGEST_NAME:
        raise ValidationError(
            _("The name has %(count)s characters; at most %(most)s fit, first and last name together."),
            params={"count": count, "most": LONGEST_NAME},
        )


class User(AbstractUser):
    """Whoever acts: a person, a service with a key, or the system itself when the clock acts."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        SERVICE = "service", _("service")
        SYSTEM = "system", _("system")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[known_time_zone],
        help_text=_("For example Europe/Paris."),
    )

    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When what is personal was erased; what they signed stays.")
    )

    first_steps_closed = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("Whose first steps this person put away, by role.")
    )

    SYSTEM_USERNAME: ClassVar[str] = "system"

    def clean(self) -> None:
        """Refuses a name that no signature could show, and an address that no mail reaches."""
        super().clean()
        long_name(self.first_name, self.last_name)
        deliverable(self.email)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def shown_name(self) -> str:
        """The name that pages show: the full name, else the username."""
        return self.get_full_name() or self.username

    @property
    def subject(self) -> str:
        return f"user:{self.uuid}"

    @property
    def stamp(self) -> str:
        """Everything about their mail and their days away that a form of theirs may have shown. Costs two queries."""
        kept = (
            type(self)
            .objects.filter(pk=self.pk)
            .values_list(
                "time_zone",
                *(
                    f"mail_preferences__{name}"
                    for name in ("hour", "quiet_from", "quiet_until", "weekly", "weekly_day")
                ),
                "mail_preferences__calendar_version",
            )
        )
        leaves = self.leaves.order_by("pk").values_list("pk", "first_day", "last_day", "deputy")
        return hashlib.sha256(repr([*kept, *leaves]).encode()).hexdigest()[:32]

    @property
    def stamp_label(self) -> str:
        return str(_("changed in another window"))

    def __str__(self) -> str:
        return self.shown_name

    @classmethod
    def system(cls) -> "User":
        """The actor of everything that the clock does. It can't sign in."""
        user, created = cls.objects.get_or_create(
            username=cls.SYSTEM_USERNAME,
            defaults={"kind": cls.Kind.SYSTEM, "first_name": "Imprimatur", "is_active": True},
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user
