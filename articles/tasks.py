"""What beat rings about readers' messages. A lost ring is rung again."""

from celery import shared_task

from articles import reader_messages
from editorial import clock


@shared_task(ignore_result=True)
def tell_of_reader_messages() -> int:
    """Tell the editors that something came in; they have one unread notification of it at a time."""
    return reader_messages.tell_editors(now=clock.now())


@shared_task(ignore_result=True)
def delete_old_reader_messages() -> int:
    """Delete what is older than readers were told that it is kept. A second run finds nothing."""
    return reader_messages.delete_old(now=clock.now())
