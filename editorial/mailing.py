"""When a mail may leave: the recipient's hour, quiet hours and days, in their own time zone. Pure but for ``of``."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from editorial.models import MailPreferences, User


@dataclass(frozen=True)
class Habits:
    """How somebody wants their mail. ``quiet_from`` equal to ``quiet_until`` means no quiet hours."""

    zone: ZoneInfo
    hour: int = 8
    quiet_from: int = 20
    quiet_until: int = 7

    def is_quiet(self, instant: datetime) -> bool:
        hour = instant.astimezone(self.zone).hour
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def waking(self, instant: datetime) -> datetime:
        """The first instant from ``instant`` on that isn't quiet."""
        if not self.is_quiet(instant):
            return instant
        local = instant.astimezone(self.zone)
        end = at_hour(local.date(), self.quiet_until, zone=self.zone)
        return end if end > instant else at_hour(local.date() + timedelta(days=1), self.quiet_until, zone=self.zone)

    def slot(self, since: datetime) -> datetime:
        """The first instant, from ``since`` on, at which the day's one mail leaves."""
        day = since.astimezone(self.zone).date()
        today = at_hour(day, self.hour, zone=self.zone)
        return today if today >= since else at_hour(day + timedelta(days=1), self.hour, zone=self.zone)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def at_hour(day: date, hour: int, *, zone: ZoneInfo) -> datetime:
    """``hour`` o'clock on ``day`` in ``zone``, as UTC.

    In the night when the clocks go back the first of two; where they skip the hour, the instant at which it would
    have begun: the later reading of the clock.
    """
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def of(user: User) -> Habits:
    """What they chose, else the defaults. Costs a query unless ``mail_preferences`` was selected with the user."""
    try:
        chosen = user.mail_preferences
    except MailPreferences.DoesNotExist:
        return Habits(user.zone)
    return Habits(user.zone, chosen.hour, chosen.quiet_from, chosen.quiet_until)


def digest_key(recipient: User, day: date) -> str:
    """What the messages of one person's one mail of a day share."""
    return f"{recipient.uuid}:{day}"
