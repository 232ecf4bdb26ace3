"""Whether the clock runs: signs of life of beat and workers, and the figures an operator watches.

Rows are the queue, so nothing is lost while the clock stands; it only waits. What is said here is for whoever must
start it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Count, Min, QuerySet, Subquery
from django.db.models.functions import Coalesce

from editorial.models import Heartbeat, MailHold, OutboxMessage, UnexplainedChange, User
from editorial.prepared import Prepared, anyone, prepared
from editorial.roles import is_chief

CLOCK = "clock"
ANCHOR = "anchor"
VERIFIED = "verify"
"""Left by `manage.py verify` when it finds nothing."""
STOPPED = timedelta(minutes=5)
LATE_MAIL = timedelta(minutes=10)
FORGOTTEN = timedelta(days=7)
NEVER = float("nan")

Status = OutboxMessage.Status


@dataclass(frozen=True)
class Standstill:
    """What the desk shows: since when nothing moves (None while it does, or never did), and how many mails are parked.

    ``never`` says that something is due although the clock never ran here; ``held`` since when all mail is held.
    Parked mail is a chief editor's business.
    """

    since: datetime | None = None
    never: bool = False
    parked: int = 0
    changes: int = 0
    """Transactions past the verbs that nobody looked into: a chief editor's business too."""
    held: datetime | None = None


def beat(name: str, now: datetime) -> None:
    """Note a sign of life. One statement, so that any number of processes may write the same name."""
    row = Heartbeat(name=name[:200], at=now)
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["at"])


def tick(now: datetime) -> int:
    """Written by a worker that beat rang for: proof of the whole way. Returns how many old rows it forgot."""
    beat(CLOCK, now)
    kept = (CLOCK, ANCHOR, VERIFIED)
    return Heartbeat.objects.filter(at__lt=now - FORGOTTEN).exclude(name__in=kept).delete()[0]


def is_alive(at: datetime | None, now: datetime) -> bool:
    """Whether a sign of life is fresh. One from the future was written by a clock that went wrong."""
    return at is not None and abs(now - at) < STOPPED


def age_of(prefix: str, now: datetime) -> float:
    """Seconds since the latest sign of life under ``prefix``; NaN when there never was one."""
    row = Heartbeat.objects.filter(name__startswith=prefix).order_by("-at").first()
    return (now - row.at).total_seconds() if row else NEVER


def clock_age(now: datetime) -> float:
    return age_of(CLOCK, now)


def beat_age(now: datetime) -> float:
    return age_of("beat:", now)


def worker_age(now: datetime) -> float:
    return age_of("worker:", now)


def verified_age(now: datetime) -> float:
    return age_of(VERIFIED, now)


def outbox_age(now: datetime) -> float:
    """Seconds for which the oldest mail has been due; 0 when none is."""
    oldest = _waiting().filter(not_before__lte=now).aggregate(at=Min("not_before"))["at"]
    return (now - oldest).total_seconds() if oldest else 0.0


def outbox_waiting(now: datetime) -> float:
    return float(_waiting().count())


def parked_mails(now: datetime) -> float:
    return float(OutboxMessage.objects.filter(status=Status.PARKED).count())


def mail_held(now: datetime) -> float:
    return float(MailHold.objects.exists())


def standstill(user: User, now: datetime) -> Standstill:
    """Whether the clock has stopped and how many mails are parked, in one query."""
    rows = _signs().rows(user)
    at, oldest, held, parked, changes = rows[0] if rows else (None, None, None, 0, 0)
    since = at if at is not None and not is_alive(at, now) else None
    never = at is None and oldest is not None and oldest < now - STOPPED
    if not is_chief(user):
        parked = changes = 0
    return Standstill(since=since, never=never, held=held, parked=parked, changes=changes)


@cache
def _signs() -> Prepared:
    """The clock's last sign of life, since when mail is due and held, what is parked, what went past the verbs.

    Asked for on every page.
    """
    clock = Heartbeat.objects.filter(name=CLOCK).values("at")
    due = _waiting().order_by("not_before").values("not_before")[:1]
    parked = OutboxMessage.objects.filter(status=Status.PARKED).values("status").annotate(n=Count("pk")).values("n")
    open_changes = UnexplainedChange.objects.filter(acknowledged_at=None).order_by().values("acknowledged_at")
    changes = open_changes.annotate(n=Count("pk")).values("n")
    held = MailHold.objects.values("since")[:1]
    counts = (Coalesce(Subquery(parked), 0), Coalesce(Subquery(changes), 0))
    asking = User.objects.filter(pk=anyone().pk).order_by()
    return prepared(asking.values_list(Subquery(clock), Subquery(due), Subquery(held), *counts))


def _waiting() -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.filter(status__in=(Status.WAITING, Status.LEASED))


GAUGES = (
    ("imprimatur_clock_age_seconds", "Seconds since a worker last answered beat.", clock_age),
    ("imprimatur_beat_age_seconds", "Seconds since any beat last gave a sign of life.", beat_age),
    ("imprimatur_worker_age_seconds", "Seconds since any worker last gave a sign of life.", worker_age),
    ("imprimatur_verified_age_seconds", "Seconds since `manage.py verify` last found nothing.", verified_age),
    ("imprimatur_outbox_age_seconds", "Seconds for which the oldest unsent mail has been due.", outbox_age),
    ("imprimatur_outbox_waiting", "Mails that wait to be sent.", outbox_waiting),
    ("imprimatur_outbox_parked", "Mails that were given up after five attempts.", parked_mails),
    ("imprimatur_outbox_held", "1 while an operator holds all mail.", mail_held),
)
