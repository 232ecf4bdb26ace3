"""Signs of life of beat and of workers, written from Celery's signals, at most every 15 seconds a process."""

import logging
import socket
import time
from typing import Any

from celery import signals
from django.db import DatabaseError, connection

from editorial import clock, health

log = logging.getLogger(__name__)

EVERY_SECONDS = 15

_last: dict[str, float] = {}
_beats: set[str] = set()


def listen() -> None:
    """Connect the receivers. Outside beat and worker none of the signals is ever sent."""
    signals.beat_init.connect(on_beat, dispatch_uid="editorial.pulse")
    signals.before_task_publish.connect(on_publish, dispatch_uid="editorial.pulse")
    signals.worker_ready.connect(on_worker, dispatch_uid="editorial.pulse")
    signals.heartbeat_sent.connect(on_worker, dispatch_uid="editorial.pulse")
    signals.task_prerun.connect(on_task, dispatch_uid="editorial.pulse")


def on_beat(**kwargs: Any) -> None:
    """This process is a beat, alone or forked by a worker, so what it publishes is a sign of life."""
    _beats.add("beat")
    give("beat")


def on_publish(**kwargs: Any) -> None:
    """Before the message leaves: a broker that is away must not make beat look dead."""
    if _beats:
        give("beat")


def on_worker(**kwargs: Any) -> None:
    give("worker", keep=False)


def on_task(**kwargs: Any) -> None:
    """A worker started without Celery's own heartbeats shows itself by its tasks."""
    give("worker")


def give(part: str, *, keep: bool = True) -> bool:
    """Write ``part:<host>`` unless this process did so lately. A database that is away never stops beat or worker.

    ``keep=False`` closes the connection afterwards, so that no child of a worker's main process inherits one.
    """
    at = time.monotonic()
    if at - _last.get(part, -EVERY_SECONDS) < EVERY_SECONDS:
        return False
    _last[part] = at
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        health.beat(f"{part}:{socket.gethostname()}", clock.now())
    except DatabaseError as problem:
        log.warning("no sign of life of %s could be written", part, exc_info=problem)
    finally:
        if not keep and not connection.in_atomic_block:
            connection.close()
    return True
