"""What a rule would do, before it is saved. Planned and judged in memory by the same code; nothing is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from editorial import clock
from reviews.models import ReminderDispatch, ReminderRule
from reviews.reminders.dispatching import BATCH, judged, message_of
from reviews.reminders.owed import Owed, batches, house_day, house_zone
from reviews.reminders.people import People
from reviews.reminders.planning import drafted

AHEAD = timedelta(days=7)
SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One mail, or one that isn't sent and why. ``when`` is in the recipient's own time zone, ``zone`` its name."""

    who: str
    text: str
    when: str = ""
    zone: str = ""
    reason: str = ""


@dataclass
class Outcome:
    """How many there are, and the first of them."""

    count: int
    lines: list[Line]

    def add(self, line: Line) -> None:
        self.count += 1
        if len(self.lines) < SHOWN:
            self.lines.append(line)

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass
class Preview:
    """What would go out today, what in the seven days after, and what wouldn't at all."""

    today: Outcome
    later: Outcome
    skipped: Outcome


def preview(rule: ReminderRule, *, now: datetime) -> Preview:
    """As things stand now. ``rule`` may be unsaved; switched off, it sends nothing."""
    found = Preview(Outcome(0, []), Outcome(0, []), Outcome(0, []))
    if not rule.active:
        return found
    tomorrow = clock.after(house_day(now), zone=ZoneInfo(house_zone()))
    for drafts in drafted(rule, People(now), until=tomorrow + AHEAD):
        for some in batches(drafts, BATCH):
            _sort(some, found, now=now, tomorrow=tomorrow)
    return found


def _sort(drafts: list[ReminderDispatch], found: Preview, *, now: datetime, tomorrow: datetime) -> None:
    for number, draft in enumerate(drafts, start=1):
        draft.pk = number  # why: answers go by number, and these rows are never saved
    answers = judged(drafts, now=now)
    for draft in drafts:
        answer = answers[draft.pk]
        reason = draft.skip_reason or (answer if isinstance(answer, str) else "")
        if reason or not isinstance(answer, Owed):
            found.skipped.add(Line(draft.recipient.shown_name, _named(draft), reason=reason))
        else:
            later = draft.scheduled_for >= tomorrow
            (found.later if later else found.today).add(_line(draft, answer, now=now))


def _named(draft: ReminderDispatch) -> str:
    return draft.article.title if draft.article is not None else draft.target


def _line(draft: ReminderDispatch, owed: Owed, *, now: datetime) -> Line:
    written_at = max(now, draft.scheduled_for)
    _notification, mail = message_of(draft, owed, now=written_at)
    zone = draft.recipient.zone
    local = mail.not_before.astimezone(zone)
    at_once = mail.not_before <= now
    when = _("at once") if at_once else f"{clock.shown(local.date())}, {local:%H:%M}"
    return Line(draft.recipient.shown_name, mail.payload["text"], when, "" if at_once else str(zone))
