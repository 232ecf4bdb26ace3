"""Answers ``/healthz``, ``/readyz`` and ``/metrics`` before anything else: no session, no cookie, no host check.

Figures are for whoever holds ``METRICS_TOKEN``; everybody else learns names of checks and whether they hold.
"""

import math
import secrets
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError

from editorial import anchors, captures, clock, database_roles, guards, health, registry
from editorial.models import Heartbeat

METHODS = ("GET", "HEAD")
OK, FAILING, DEGRADED, UNKNOWN = "ok", "failing", "degraded", "not looked at"
KEPT_SECONDS = 2.0
BROKER_SECONDS = 2
BEHIND_SECONDS = 90.0
"""A replica that is older could show a page that is on hold: a balancer is to leave it out."""

_kept: dict[str, tuple[float, dict[str, str]]] = {}


class Probes:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path == "/metrics" and (request.method not in METHODS or not _knows_token(request)):
            return self.get_response(request)  # the site's own 404, as for any unknown address
        view = {"/healthz": alive, "/readyz": ready, "/metrics": metrics}.get(path)
        if view is None:
            return self.get_response(request)
        response = view(request) if request.method in METHODS else HttpResponse(status=405)
        if response.status_code == 405:
            response["Allow"] = ", ".join(METHODS)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. No database: a restart doesn't mend one that is away."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    """503 when a check fails. A broker that is away only degrades: rows are the queue."""
    found = _lately()
    status = FAILING if FAILING in found.values() else DEGRADED if DEGRADED in found.values() else OK
    answer: dict[str, Any] = {"status": status, "checks": found}
    if _knows_token(request) and found["database"] == OK:
        answer["figures"] = _figures()
    return JsonResponse(answer, status=503 if status == FAILING else 200)


def _figures() -> dict[str, float | None] | None:
    """None where the tables aren't those of this release, or the database went away meanwhile."""
    try:
        found = {name: measure(clock.now()) for name, (_help, measure) in registry.gauges().items()}
    except DatabaseError:
        return None
    return {name: None if math.isnan(value) else value for name, value in found.items()}


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them, measured now, so the same from every process."""
    collected = CollectorRegistry()
    collected.register(_Gauges())
    try:
        return HttpResponse(generate_latest(collected), content_type="text/plain; version=0.0.4; charset=utf-8")
    except DatabaseError:
        return HttpResponse("the database can't be asked", status=503, content_type="text/plain; charset=utf-8")


class _Gauges:
    def describe(self) -> list[GaugeMetricFamily]:
        """Empty, so that registering measures nothing."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = clock.now()
        for name, (help, measure) in registry.gauges().items():
            yield GaugeMetricFamily(name, help, value=measure(now))


def _knows_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and secrets.compare_digest(given.encode(), f"Bearer {token}".encode())


def _lately() -> dict[str, str]:
    """The checks, at most once in two seconds a process: anyone may ask."""
    at, found = _kept.get("checks", (-math.inf, {}))
    if time.monotonic() - at > KEPT_SECONDS:
        found = checks()
        _kept["checks"] = (time.monotonic(), found)
    return found


def checks() -> dict[str, str]:
    """Each check by name, with how it came out. The public site by itself sees and needs its own tables alone."""
    if settings.SURFACE == "reader":
        return {**_of_readers_tables(), "cache": OK if _reaches_cache() else DEGRADED}
    return {**_of_database(), "broker": OK if _reaches_broker() else DEGRADED}


def _of_readers_tables() -> dict[str, str]:
    """Degraded while this process could see more than it should: pages come all the same."""
    try:
        behind = _seconds_behind()
    except DatabaseError:
        return {"database": FAILING, "replica": UNKNOWN, "tables": UNKNOWN, "role": UNKNOWN}
    fresh = {"database": OK, "replica": OK if behind <= BEHIND_SECONDS else FAILING}
    try:
        for model in database_roles.shown():
            list(model._base_manager.filter(pk=-1))  # names each column, and finds no row
        return {**fresh, "tables": OK, "role": DEGRADED if database_roles.sees_too_much() else OK}
    except DatabaseError:
        return {**fresh, "tables": FAILING, "role": UNKNOWN}


def _seconds_behind() -> float:
    """How old the last change is that a replica took over; none on the database that changes are made in.

    Signs of life are written every sweep, so it is never old where beat runs and the replica follows.
    """
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_is_in_recovery() THEN"
            " coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 'Infinity') ELSE 0 END"
        )
        return float(cursor.fetchone()[0])


def _reaches_cache() -> bool:
    """Without it readers' forms take nothing in, and say so."""
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return False
    return True


def _of_database() -> dict[str, str]:
    names = ("migrations", "guards", "clock", "mail", "anchors")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"database": FAILING, **dict.fromkeys(names, UNKNOWN)}
    if not _written_migrations() <= set(MigrationRecorder(connection).applied_migrations()):
        return {"database": OK, "migrations": FAILING, **dict.fromkeys(names[1:], UNKNOWN)}
    now = clock.now()
    at = Heartbeat.objects.filter(name=health.CLOCK).values_list("at", flat=True).first()
    holds = {
        "database": True,
        "migrations": True,
        "guards": not guards.missing() and not captures.missing(),
        "clock": health.is_alive(at, now),
        "mail": health.outbox_age(now) < health.LATE_MAIL.total_seconds(),
    }
    found = {name: OK if held else FAILING for name, held in holds.items()}
    found["anchors"] = anchors.readiness(now)
    return {**found, "mail": DEGRADED} if health.mail_held(now) else found


@lru_cache
def _written_migrations() -> set[tuple[str, str]]:
    """The migrations of this release, read from disk once."""
    return set(MigrationLoader(None).disk_migrations)


def _reaches_broker() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except Exception:  # each transport raises errors of its own, and all of them mean the same
        return False
    return True
