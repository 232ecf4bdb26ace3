"""Signs of life of beat and worker, given by Celery's own signals."""

import socket

import pytest
from celery import signals
from django.db import DatabaseError

from editorial import health, pulse
from editorial.models import Heartbeat

pytestmark = pytest.mark.django_db
HOST = socket.gethostname()


@pytest.fixture(autouse=True)
def fresh():
    pulse._last.clear()
    pulse._beats.clear()
    yield
    pulse._last.clear()
    pulse._beats.clear()


def names() -> list[str]:
    return list(Heartbeat.objects.values_list("name", flat=True))


def test_a_beat_shows_itself_when_it_starts_and_by_what_it_publishes():
    signals.beat_init.send(sender=None)
    assert names() == [f"beat:{HOST}"]
    Heartbeat.objects.all().delete()
    pulse._last.clear()
    signals.before_task_publish.send(sender="x")
    assert names() == [f"beat:{HOST}"]


def test_what_a_web_process_publishes_is_no_beat():
    signals.before_task_publish.send(sender="x")
    assert names() == []


@pytest.mark.parametrize("signal", [signals.worker_ready, signals.heartbeat_sent, signals.task_prerun])
def test_a_worker_shows_itself(signal):
    signal.send(sender=None)
    assert names() == [f"worker:{HOST}"]


def test_signs_of_life_are_throttled(django_assert_num_queries):
    assert pulse.give("worker")
    with django_assert_num_queries(0):
        assert not pulse.give("worker")


def test_a_database_that_is_away_never_stops_beat_or_worker(monkeypatch):
    def away(*args: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "beat", away)
    assert pulse.give("beat")
