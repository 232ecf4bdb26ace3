"""When a mail may leave: the recipient's hour, quiet hours and days, in their own time zone. Pure but for ``of``."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from editorial.models import MailPreferences, User


@dataclass(frozen=True)
class Habits:
    """How somebody wants their mail, where they are."""

    zone: ZoneInfo
    chosen: MailPreferences

    def is_quiet(self, instant: datetime) -> bool:
        return self.chosen.is_quiet(instant.astimezone(self.zone).hour)

    def waking(self, instant: datetime) -> datetime:
        """The first instant from ``instant`` on that isn't quiet."""
        if not self.is_quiet(instant):
            return instant
        local = instant.astimezone(self.zone)
        ends = (at_hour(local.date() + timedelta(days=n), self.chosen.quiet_until, zone=self.zone) for n in range(2))
        return next(end for end in ends if end > instant)

    def slot(self, since: datetime) -> datetime:
        """The first instant, from ``since`` on, at which the day's one mail leaves."""
        today = at_hour(self.day(since), self.chosen.hour, zone=self.zone)
        return today if today >= since else self.next_day(since)

    def next_day(self, instant: datetime) -> datetime:
        """When the mail of the day after leaves."""
        return at_hour(self.day(instant) + timedelta(days=1), self.chosen.hour, zone=self.zone)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def at_hour(day: date, hour: int, *, zone: ZoneInfo) -> datetime:
    """``hour`` o'clock on ``day`` in ``zone``, as UTC.

    In the night when the clocks go back the first of two; where they skip the hour, the instant at which it would
    have begun: the later reading of the clock.
    """
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def of(user: User) -> Habits:
    """Costs a query unless ``mail_preferences`` was selected with the user."""
    return Habits(user.zone, MailPreferences.of(user))


def digest_key(recipient: User, day: date) -> str:
    """What the messages of one person's one mail of a day share."""
    return f"{recipient.uuid}:{day}"
