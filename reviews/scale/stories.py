"""Which stories an installation is made of, how many articles share each, and when each began."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from editorial.models import Notification, OutboxMessage
from reviews import reminders
from reviews.demo.cast import SPECIALTIES
from reviews.scale.telling import Teller
from reviews.states import VerdictKind

KEPT = timedelta(days=35)
"""How long mail and notifications are kept of a story."""

SWEPT = (16, 6, 1)
"""So many days ago the clock went round."""

MOST_STORIES = 34
MOST_UNDER_WAY = 30_000
"""What is on the desk grows with so many articles, and then no more: two thousand members have so many hands.

Of articles beyond these nothing happened for ``QUIET`` days.
"""
QUIET = 120

HARM = "The dose given is ten times the licensed one."
WANTED = "The dose in the second section lacks its unit."


@dataclass(frozen=True)
class Kind:
    """``share``: of a thousand articles; ``ages``: how many days ago such a story may begin.

    The first two ages are told of any kind, so four weeks is the second of those who signed half of what is wanted:
    somebody is late.
    """

    name: str
    share: int
    ages: tuple[int, ...]
    tell: Callable[[Teller], object]
    is_open: bool = False
    """Somebody still owes something, so that the clock has reminded them."""
    is_unfinished: bool = False
    """Nobody owes anything by a day, and it's on the desk still."""


KINDS = (
    Kind("one version", 688, (60, 120, 200, 290, 380, 470, 560, 660, 720), lambda t: t.draft().published()),
    Kind("two versions", 150, (300, 420, 560, 700, 850), lambda t: t.draft().published().revised(200).published()),
    Kind(
        "three versions",
        30,
        (560, 640, 720, 1000),
        lambda t: t.draft().published().revised(200).published().revised(190).published(),
    ),
    Kind(
        "revision under way",
        20,
        (300, 450),
        lambda t: t.draft().published().revised(t.days_until(8)),
        is_unfinished=True,
    ),
    Kind("draft", 30, (2, 9, 30), lambda t: t.draft(), is_open=True),
    Kind("submitted", 12, (1, 4, 9), lambda t: t.draft().submitted(), is_open=True),
    Kind("triaged", 10, (2, 6), lambda t: t.draft().submitted().triaged(), is_open=True),
    Kind("invited", 12, (3, 12, 26), lambda t: t.draft().submitted().triaged().panel(1), is_open=True),
    Kind("half signed", 12, (6, 28, 15), lambda t: t.draft().submitted().triaged().panel().signed(0), is_open=True),
    Kind(
        "ready to decide",
        3,
        (7, 12),
        lambda t: t.draft().submitted().triaged().panel().signed(0).signed(1),
        is_open=True,
    ),
    Kind(
        "objection open",
        2,
        (5,),
        lambda t: t.draft().submitted().triaged().panel().signed(0, VerdictKind.SAFETY_OBJECTION, HARM),
        is_open=True,
    ),
    Kind(
        "changes requested",
        8,
        (8, 20),
        lambda t: t.draft().submitted().triaged().panel().signed(0, VerdictKind.CHANGES_NEEDED, WANTED),
        is_open=True,
    ),
    Kind("rejected", 8, (40, 300), lambda t: t.draft().submitted().rejected()),
    Kind("on hold", 2, (90,), lambda t: t.draft().published().ended("hold"), is_unfinished=True),
    Kind("retired", 7, (500, 900), lambda t: t.draft().published().ended("retire")),
    Kind("retracted", 4, (200, 600), lambda t: t.draft().published().ended("retract")),
    Kind("removed", 2, (400,), lambda t: t.draft().published().ended("remove")),
)


@dataclass(frozen=True)
class Planned:
    """One story that will be told."""

    kind: Kind
    days: int
    subject: int
    specialty: str


def counts(total: int) -> dict[str, int]:
    """How many articles each kind gets: by its share, after one for each as long as there are enough."""
    least = 1 if total >= len(KINDS) else 0
    rest = total - least * len(KINDS)
    busy = min(rest, MOST_UNDER_WAY)
    on_desk = {kind.name for kind in KINDS if kind.is_open or kind.is_unfinished}
    found = {kind.name: least + (busy if kind.name in on_desk else rest) * kind.share // 1000 for kind in KINDS}
    first = KINDS[0].name
    found[first] += total - sum(found.values())
    return found


def planned(total: int) -> list[Planned]:
    """At most ``MOST_STORIES``; the more articles, the more stories are told to copy them from."""
    most = max(len(KINDS), min(MOST_STORIES, total // 20))
    specialties = list(SPECIALTIES)
    found = []
    for kind in KINDS:
        stories = max(1, most * kind.share // 1000, min(len(kind.ages), most // len(KINDS)))
        for place, days in enumerate(islice(cycle(kind.ages), stories)):
            number = len(found)
            found.append(Planned(kind, days + 3 * (place // len(kind.ages)), number, specialties[number % 4]))
    return found


def settle(planned: Planned, *, since: datetime, now: datetime) -> None:
    """What the clock does after a story: reminds whoever owes something, sends mail, and forgets what is old.

    Afterwards nothing of this story is left to be planned, so what later stories plan is theirs alone.
    """
    for days in SWEPT if planned.kind.is_open else ():
        if now - timedelta(days=days) > since:
            _remind(now - timedelta(days=days))
    reminders.plan(now=now)
    created = {"created_at__lt": now - KEPT}
    OutboxMessage.objects.filter(**created).delete()
    Notification.objects.filter(**created).delete()
    earlier = {"created_at__lt": now - timedelta(days=2)}
    sent = OutboxMessage.objects.filter(status=OutboxMessage.Status.WAITING, **earlier)
    sent.update(status=OutboxMessage.Status.SENT, attempts=1, sent_at=now - timedelta(days=1))
    Notification.objects.filter(read_at=None, **earlier).update(read_at=now - timedelta(days=1))


def _remind(now: datetime) -> None:
    reminders.plan(now=now)
    for ids in reminders.batches(reminders.due(now=now), reminders.BATCH):
        reminders.dispatch_batch(ids, now=now)
