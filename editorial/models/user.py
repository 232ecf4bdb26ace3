import hashlib
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.text import deliverable

_keeps: list[Callable[["User", str], None]] = []


def keep_hashes_with(keeps: Callable[["User", str], None]) -> None:
    """Have ``keeps(user, password)`` store a password afresh when its hash has become too weak."""
    _keeps[:] = [keeps]


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


_JOINERS = "\u200c\u200d"
"""Written inside names of some scripts, where they change how letters join."""


def seen_name(*names: str) -> None:
    """Raises ValidationError for a name with a character that nobody sees: it can turn the words beside it around, or
    make two people of one name out of one.
    """
    if any(not (char.isprintable() or char in _JOINERS) for name in names for char in name):
        raise ValidationError(_("The name holds a character that can't be seen. Type it again."))


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

    session_generation = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Raised by whatever ends this person's sessions.")
    )
    factor_demanded_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Since when their roles demand a passkey or one-time codes.")
    )

    SYSTEM_USERNAME: ClassVar[str] = "system"

    def check_password(self, raw_password: str) -> bool:
        """As the framework's; a stronger hash of the same password is kept as ``keep_hashes_with`` says."""
        keeps = _keeps[0] if _keeps else None
        return check_password(raw_password, self.password, partial(keeps, self) if keeps else None)

    def clean(self) -> None:
        """Refuses a name that no signature could show, and an address that no mail reaches."""
        super().clean()
        long_name(self.first_name, self.last_name)
        seen_name(self.first_name, self.last_name)
        deliverable(self.email)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def shown_name(self) -> str:
        """The name that pages show: the full name, else the username."""
        return self.get_full_name() or self.username

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """An object read before these sessions ended doesn't bring the old generation back, nor an old demand."""
        if update_fields is None and not self._state.adding and not options.get("force_insert"):
            kept = {"session_generation", "factor_demanded_at", *self.get_deferred_fields()}
            update_fields = [f.name for f in self._meta.concrete_fields if f.attname not in kept and not f.primary_key]
        super().save(*args, update_fields=update_fields, **options)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session has to carry: with another password or another generation it is over at the next request."""
        return f"{super()._get_session_auth_hash(secret)}.{self.session_generation}"

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
        values = {"kind": cls.Kind.SYSTEM, "first_name": "Imprimatur", "password": make_password(None)}
        return cls.objects.get_or_create(username=cls.SYSTEM_USERNAME, defaults=values)[0]
