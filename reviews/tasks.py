"""What beat rings: each task looks at the rows, which are the queue. A lost ring costs seconds."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from articles.models import Article
from articles.states import ArticleState, PublicationStatus
from editorial import clock
from editorial.models import EditorialPolicy
from editorial.tasks import send_outbox
from reviews import reminders, satisfying, standing, workflow
from reviews.workflow import by_clock
from reviews.workflow.re_review import SPARE

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Plan what is owed and ring for each reminder that is due. Returns how many were rung for.

    Nothing is rung for before all is planned: of steps that were missed the latest stands for the others, and another
    rule may be the one that plans it.
    """
    now = clock.now()
    reminders.plan(now=now)
    waiting = reminders.due(now=now)
    for ids in reminders.batches(waiting, reminders.BATCH):
        dispatch_reminders.delay(ids)
    return len(waiting)


@shared_task(ignore_result=True)
def dispatch_reminders(ids: list[int]) -> int:
    """Turn planned reminders into notifications and outbox messages; a second run does nothing.

    A crash frees the rows after their lease, and the next sweep rings again. The sender is rung for at once: its own
    ring came with the sweep's, too early for these mails, and the next one is a whole sweep away.
    """
    made = reminders.dispatch_batch(ids, now=clock.now())
    if made:
        _ring_for_mail()
    return made


def _ring_for_mail() -> None:
    try:
        send_outbox.delay()
    except BrokerError as problem:
        log.info("nobody could be rung for the mail, so it leaves with the next sweep", exc_info=problem)


@shared_task(ignore_result=True)
def look_after_seats() -> int:
    """Pass on the seats of whoever is away, and let those expire that nobody answered."""
    return workflow.look_after_seats(now=clock.now())


@shared_task(ignore_result=True)
def publish_scheduled() -> int:
    """Show the versions whose day has come. One that can't be shown never stops the others."""
    now = clock.now()
    waiting = Article.objects.filter(
        publications__status=PublicationStatus.SCHEDULED, publications__publish_not_before__lte=now
    ).distinct()
    _each(workflow.publish_scheduled, waiting, now=now)
    return len(waiting)


@shared_task(ignore_result=True)
def check_rounds() -> int:
    """Look whether each open round can still be satisfied: licences expire without anybody doing anything."""
    return satisfying.recheck(now=clock.now())


MOST_A_RUN = 10
"""How many re-reviews the clock opens in one run: a board isn't asked for a hundred pages on one morning."""

MOST_LOOKED_AT = 200


@shared_task(ignore_result=True)
def ask_for_re_reviews() -> int:
    """Ask the board to confirm the pages whose review day comes near, the most urgent first, at a pace."""
    now = clock.now()
    policy = EditorialPolicy.in_force(now.date())
    if policy is None or not policy.re_review_by_clock:
        return 0
    longest = max((rule.review_days for rule in policy.rules.all()), default=0)
    near = timezone.localtime(now).date() + SPARE + timedelta(days=2 * longest)  # closed periods stretch the time
    waiting = Article.objects.filter(
        state=ArticleState.APPROVED,
        publications__status=PublicationStatus.LIVE,
        publications__next_review_due__lte=near,
    ).order_by("publications__next_review_due", "pk")
    opened = 0
    for article in waiting[:MOST_LOOKED_AT]:
        if opened == MOST_A_RUN:
            break
        opened += bool(by_clock.done(workflow.re_review_by_clock, article, now=now))
    return opened


@shared_task(ignore_result=True)
def open_what_waits() -> int:
    """Open this week's rounds of the articles that wait for their week, in their order."""
    return workflow.open_what_waits(now=clock.now())


@shared_task(ignore_result=True)
def hold_what_lost_its_quorum() -> int:
    """Take down each live page that lost its quorum 14 days ago. A late run catches up; a second one does nothing."""
    now = clock.now()
    rows = _live().filter(quorum_lost_at__lte=now - standing.WITHOUT_QUORUM)
    return _each(workflow.hold_without_quorum, rows, now=now)


@shared_task(ignore_result=True)
def hold_what_missed_its_full_review() -> int:
    """Take down each urgent version whose day for the full panel's review has passed."""
    now = clock.now()
    rows = _live().filter(full_review_by__lt=timezone.localtime(now).date())
    return _each(workflow.hold_without_full_review, rows, now=now)


def _live() -> QuerySet[Article]:
    return Article.objects.filter(publications__status=PublicationStatus.LIVE)


def _each(act: Callable[..., object], articles: Iterable[Article], *, now: datetime) -> int:
    return sum(by_clock.done(act, article, now=now) is not None for article in articles)
