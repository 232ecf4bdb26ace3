"""What beat rings: each task looks at the rows, which are the queue. A lost ring costs seconds."""

import logging

from celery import shared_task

from articles.models import Article
from articles.states import PublicationStatus
from editorial import clock
from editorial.models import User
from reviews import reminders, workflow

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Plan what is owed and ring for each reminder that is due. Returns how many were rung for."""
    now = clock.now()
    reminders.plan(now=now)
    waiting = reminders.due(now=now)
    for dispatch_id in waiting:
        dispatch_reminder.delay(dispatch_id)
    return len(waiting)


@shared_task(ignore_result=True)
def dispatch_reminder(dispatch_id: int) -> bool:
    """Turn one planned reminder into a notification and an outbox message; a second run does nothing.

    A crash frees the row after its lease, and the next sweep rings again.
    """
    now = clock.now()
    return reminders.claim(dispatch_id, now=now) and reminders.dispatch(dispatch_id, now=now)


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
    for article in waiting:
        try:
            workflow.publish_scheduled(article, actor=User.system(), now=now)
        except Exception:
            log.exception("article %s couldn't be published", article.pk)
    return len(waiting)
