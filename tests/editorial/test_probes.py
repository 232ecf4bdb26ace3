"""What a machine may ask of the process: is it alive, is it ready, how is it doing."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from editorial import clock, guards, health, probes
from editorial.models import Heartbeat, OutboxMessage
from editorial.tasks import tick

TOKEN = "a token for the tests"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def nothing_kept():
    probes._kept.clear()


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def overdue_mail(recipient, *, minutes: int, status: str = "waiting") -> OutboxMessage:
    now = clock.now()
    then = now - timedelta(minutes=minutes)
    return OutboxMessage.objects.create(
        kind="news", recipient=recipient, payload={}, not_before=then, created_at=then, status=status
    )


def checks(client: Client) -> tuple[int, dict[str, str]]:
    probes._kept.clear()
    response = client.get("/readyz")
    return response.status_code, response.json()["checks"]


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")  # without the mark, any query would raise
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_can_only_be_read(client, path):
    response = client.post(path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_probes_come_by_address_and_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["example.org"]
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.django_db
def test_readyz_is_ready_while_the_clock_ticks_and_says_no_figures(client):
    tick()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json()) == {"status", "checks"}
    found = response.json()["checks"]
    assert found.pop("anchors").startswith("not signed: ")
    assert set(found.values()) == {"ok"}
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_fails_when_the_clock_never_ran_or_stopped(client):
    assert checks(client) == (503, checks(client)[1] | {"clock": "failing"})
    health.beat(health.CLOCK, clock.now() - timedelta(minutes=6))
    assert checks(client)[1]["clock"] == "failing"
    health.beat(health.CLOCK, clock.now() + timedelta(hours=24))
    assert checks(client)[1]["clock"] == "failing"
    tick()
    assert checks(client)[0] == 200


def test_readyz_fails_when_mail_has_been_due_for_ten_minutes(client, people):
    tick()
    overdue_mail(people["tom"], minutes=9)
    assert checks(client)[0] == 200
    overdue_mail(people["tom"], minutes=11)
    assert checks(client) == (503, checks(client)[1] | {"mail": "failing"})


@pytest.mark.django_db
def test_readyz_fails_without_the_guards_or_with_a_migration_missing(client, monkeypatch):
    tick()
    with guards.lifted():
        assert checks(client) == (503, checks(client)[1] | {"guards": "failing"})
    monkeypatch.setattr(probes, "_written_migrations", lambda: {("editorial", "9999_not_yet")})
    status, found = checks(client)
    assert (status, found["migrations"], found["clock"]) == (503, "failing", "not looked at")


@pytest.mark.django_db
def test_readyz_has_no_figures_where_the_tables_are_not_this_releases(client, monkeypatch, settings):
    tick()
    settings.METRICS_TOKEN = "secret"

    def missing(now: object) -> float:
        raise DatabaseError("no such column")

    monkeypatch.setattr(probes, "_written_migrations", lambda: {("editorial", "9999_not_yet")})
    monkeypatch.setattr(probes.registry, "gauges", lambda: {"imprimatur_parked": ("Parked.", missing)})
    answer = client.get("/readyz", headers={"Authorization": "Bearer secret"})
    assert (answer.status_code, answer.json()["figures"]) == (503, None)


@pytest.mark.django_db
def test_readyz_says_so_when_the_database_is_away(client, monkeypatch):
    def away(*args: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    status, found = checks(client)
    assert (status, found["database"], found["mail"]) == (503, "failing", "not looked at")


@pytest.mark.django_db
def test_a_broker_that_is_away_only_degrades_since_rows_are_the_queue(client, monkeypatch):
    tick()
    monkeypatch.setattr(probes, "current_app", _NoBroker())
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["broker"] == "degraded"


class _NoBroker:
    def connection_for_write(self, **options: object) -> None:
        raise OSError("connection refused")


def test_figures_are_for_whoever_holds_the_token(client, people, token):
    tick()
    overdue_mail(people["tom"], minutes=3, status="parked")
    overdue_mail(people["tom"], minutes=3)
    figures = client.get("/readyz", headers=KNOWN).json()["figures"]
    assert figures["imprimatur_outbox_parked"] == 1
    assert 170 < figures["imprimatur_outbox_age_seconds"] < 200
    assert figures["imprimatur_beat_age_seconds"] is None
    assert "imprimatur_obligation_age_seconds" in figures
    said = client.get("/metrics", headers=KNOWN)
    assert said.status_code == 200
    assert "imprimatur_outbox_parked 1.0" in said.content.decode()
    assert "imprimatur_beat_age_seconds NaN" in said.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer "])
def test_metrics_are_the_sites_404_without_the_token(client, token, given):
    unknown, asked = client.get("/nowhere"), client.get("/metrics", headers={"Authorization": given})
    assert (asked.status_code, asked.content) == (404, unknown.content)
    assert "figures" not in client.get("/readyz", headers={"Authorization": given}).json()


@pytest.mark.django_db
def test_metrics_are_a_404_where_no_token_is_set(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_hosts_gone_for_a_week_are_forgotten():
    now = clock.now()
    health.beat("worker:old", now - timedelta(days=8))
    health.beat("worker:new", now - timedelta(days=6))
    assert health.tick(now) == 1
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["clock", "worker:new"]
