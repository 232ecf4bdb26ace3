"""A real Celery worker over a real Redis: it only rings, the rows are the truth."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.core import mail

from config.celery import app
from editorial import clock
from editorial.models import MailPreferences, OutboxMessage, User
from editorial.tasks import send_outbox
from reviews.tasks import sweep
from tests.reviews.late import day_after_rule, effects, lone_seat

pytestmark = pytest.mark.skipif(settings.REDIS_URL == "off", reason="no Redis: this is about a real broker")
PATIENCE_SECONDS = 20


@pytest.fixture
def queue():
    """Keys of this test's own, since tests that run at the same time share one Redis."""
    options = app.conf.broker_transport_options
    app.conf.broker_transport_options = {**options, "global_keyprefix": f"{uuid.uuid4()}:"}
    app._after_fork()  # forgets connections made under the old keys
    yield
    app.control.purge()
    app.conf.broker_transport_options = options
    app._after_fork()


@pytest.fixture
def late_review(transactional_db, story):
    """A review that was due yesterday, by the real clock; its member's mail may leave at any hour."""
    day_after_rule()
    seat = lone_seat(story, due=clock.now().date() - timedelta(days=1))
    User.objects.filter(pk=seat.member.user_id).update(time_zone="UTC")
    MailPreferences.objects.create(user=seat.member.user, hour=0, quiet_from=0, quiet_until=0)
    return seat


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def test_a_worker_turns_one_ring_into_one_reminder_and_one_mail(late_review, queue):
    with start_worker(app, pool="solo", perform_ping_check=False):
        sweep.delay()
        assert eventually(lambda: effects() == (1, 1))
        send_outbox.delay()
        assert eventually(lambda: OutboxMessage.objects.get().status == "sent")
        sweep.delay()
        send_outbox.delay()
        assert eventually(lambda: app.control.purge() == 0)
    assert effects() == (1, 1)
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]


def test_a_ring_that_is_lost_with_redis_is_rung_again(late_review, queue):
    assert sweep() == 1  # plans, and rings into a queue that nobody reads yet
    assert app.control.purge() == 1
    with start_worker(app, pool="solo", perform_ping_check=False):
        sweep.delay()
        assert eventually(lambda: effects() == (1, 1))
    assert effects() == (1, 1)
