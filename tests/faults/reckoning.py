"""What must be true of reminders when everything is up again, counted in the rows and at the mail server."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Count

from editorial import audit
from editorial.models import Notification, OutboxMessage
from reviews.models import ReminderDispatch
from tests.faults import racing
from tests.faults.postbox import Postbox

Mail = OutboxMessage.Status
State = ReminderDispatch.State


@dataclass(frozen=True)
class Reckoning:
    """Counts. ``unanswered`` are obligations without exactly one reminder that is done or skipped."""

    obligations: int
    unanswered: int
    done: int
    skipped: int
    notifications: int
    notified_twice: int
    messages: int
    sent: int
    waiting: int
    parked: int
    sent_without_a_mail: int
    mails: int
    copies: int
    chain_problems: int

    @property
    def broken(self) -> list[str]:
        """The promises that don't hold, in words; whether the copies are too many is for whoever counted the kills."""
        checks = (
            (self.unanswered, "obligations without exactly one settled reminder"),
            (self.notifications - self.done, "notifications more than reminders done"),
            (self.notified_twice, "people with two notifications of one obligation"),
            (self.messages - self.done, "messages more than reminders done"),
            (self.messages - self.sent - self.waiting, "messages neither sent nor on their way"),
            (self.sent_without_a_mail, "messages marked as sent that the mail server never got"),
            (self.chain_problems, "problems in the audit chain"),
        )
        return [f"{count} {what}" for count, what in checks if count]

    def table(self) -> str:
        return "\n".join(f"  {name.replace('_', ' '):<22}{count:>8,}" for name, count in asdict(self).items())


def reckon(seats: Iterable[int], postbox: Postbox) -> Reckoning:
    """Every seat of ``seats`` is one obligation, to one person."""
    wanted = set(seats)
    reminders = Counter(dict(_by("state", ReminderDispatch)))
    settled = ReminderDispatch.objects.filter(state__in=(State.DONE, State.SKIPPED), assignment__in=wanted)
    answered = Counter(settled.values_list("assignment", flat=True))
    rows = Counter(ReminderDispatch.objects.filter(assignment__in=wanted).values_list("assignment", flat=True))
    messages = Counter(dict(_by("status", OutboxMessage, kind="reminder")))
    copies = postbox.copies()
    return Reckoning(
        obligations=len(wanted),
        unanswered=sum(not answered[seat] == rows[seat] == 1 for seat in wanted),
        done=reminders[State.DONE],
        skipped=reminders[State.SKIPPED],
        notifications=Notification.objects.filter(kind="reminder").count(),
        notified_twice=len(_notified_twice()),
        messages=messages.total(),
        sent=messages[Mail.SENT],
        waiting=messages[Mail.WAITING] + messages[Mail.LEASED],
        parked=messages[Mail.PARKED],
        sent_without_a_mail=_never_came(copies),
        mails=len(copies),
        copies=copies.total() - len(copies),
        chain_problems=len(audit.verify()) + racing.chain_has_gaps(),
    )


def _by(field: str, model: type, **wanted: str) -> list[tuple[str, int]]:
    rows = model._default_manager.filter(**wanted).order_by()
    return list(rows.values_list(field).annotate(Count("pk")))


def _notified_twice() -> list[tuple[int, str]]:
    notices = Notification.objects.filter(kind="reminder").order_by()
    return list(notices.values_list("user", "path").annotate(count=Count("pk")).filter(count__gt=1))


def _never_came(copies: Counter[str]) -> int:
    came = {mail.strip("<>").partition("@")[0] for mail in copies}
    sent = OutboxMessage.objects.filter(kind="reminder", status=Mail.SENT).values_list("mail_id", flat=True)
    return sum(str(mail_id) not in came for mail_id in sent)
