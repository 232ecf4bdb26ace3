from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from editorial import anchors, clock, health, outbox, unexplained, weekly


@shared_task(ignore_result=True)
def send_outbox() -> dict[str, int]:
    """Send what is due. The rows are the queue; a lost ring is rung again by the next beat."""
    return outbox.send_due(now=clock.now())


@shared_task(ignore_result=True)
def tick() -> None:
    """Prove that beat, broker and worker reach each other. Two beats prove it twice, which is as good."""
    health.tick(clock.now())


@shared_task(ignore_result=True)
def write_weekly_summaries() -> int:
    """Write each summary whose hour is near. A second run, or a second beat, writes nothing twice."""
    return weekly.write_due(now=clock.now())


@shared_task(ignore_result=True)
def look_for_changes() -> int:
    """Keep for the chiefs' desk what was changed past the verbs. A second run finds nothing new."""
    return unexplained.look(clock.now())


@shared_task(ignore_result=True)
def sign_the_record() -> bool:
    """Sign the end of the audit chain. A second worker in the same minute signs nothing."""
    return anchors.sign(clock.now()) is not None


@shared_task(ignore_result=True)
def forget_sessions() -> None:
    """Delete sessions that are over: what somebody typed and never sent may stand in them."""
    SessionStore.clear_expired()
