"""What `manage.py doctor` finds wrong, what it lets pass, and that it always reports."""

import json
import os
import secrets
import subprocess
import sys
from collections import namedtuple
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.lint_sources import ROOT
from editorial import clock, doctor, guards, holding, registry
from editorial.doctor import Level, fault, fine, machine, parts, postgresql, site, warning
from editorial.models import Heartbeat, OutboxMessage, User
from tests.editorial.test_outbox import news, person
from tests.throwaway import free_port

HTTPS = {"PUBLIC_URL": "https://desk.example.org", "ALLOWED_HOSTS": ["desk.example.org"], "PRODUCTION": True}
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
on_postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own")


def levels(examine, *arguments) -> list[str]:
    return [str(finding.level) for finding in examine(*arguments)]


def todo(examine) -> str:
    return " ".join(finding.todo for finding in examine())


@pytest.mark.parametrize(
    ("examine", "values", "found"),
    [
        (site.mode, {"PRODUCTION": True}, ["ok"]),
        (site.mode, {"PRODUCTION": False}, ["warning"]),
        (site.mode, {"PRODUCTION": True, "DEBUG": True}, ["ok", "fault"]),
        (site.secret_key, {"SECRET_KEY": "a" * 60}, ["fault"]),
        (site.secret_key, {"SECRET_KEY": "short"}, ["fault"]),
        (site.secret_key, {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz" * 2}, ["ok"]),
        (site.address, HTTPS, ["ok"]),
        (site.address, {**HTTPS, "PUBLIC_URL": "http://desk.example.org"}, ["fault"]),
        (site.address, {**HTTPS, "PUBLIC_URL": "http://desk.example.org", "PRODUCTION": False}, ["warning"]),
        (site.address, {**HTTPS, "ALLOWED_HOSTS": ["other.example.org"]}, ["fault", "ok"]),
        (site.address, {**HTTPS, "ALLOWED_HOSTS": ["*"]}, ["fault"]),
        (site.proxies, {"PRODUCTION": True, "TRUSTED_PROXIES": 0}, ["warning"]),
        (site.proxies, {"PRODUCTION": True, "TRUSTED_PROXIES": 1}, ["ok"]),
        (site.proxies, {"PRODUCTION": False, "TRUSTED_PROXIES": 0}, ["ok"]),
        (site.deployment, {"PRODUCTION": False}, ["ok"]),
        (machine.zones, {"TIME_ZONE": "Europe/Paris"}, ["ok"]),
        (machine.zones, {"TIME_ZONE": "Mars/Olympus"}, ["fault"]),
        (parts.mail_server, {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}, ["ok"]),
    ],
)
def test_a_setting_is_judged(settings, examine, values, found):
    for name, value in values.items():
        setattr(settings, name, value)
    assert levels(examine) == found
    assert all(finding.todo for finding in examine() if finding.level in (Level.FAULT, Level.WARNING))


def test_djangos_own_deployment_checks_are_taken_over(settings):
    settings.PRODUCTION, settings.SECURE_SSL_REDIRECT = True, False
    assert any("security.W008" in finding.said for finding in site.deployment())


def test_static_files_must_be_collected(settings, tmp_path):
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    assert levels(site.static_files) == ["fault"]
    assert "collectstatic" in todo(site.static_files)
    call_command("collectstatic", "--no-input", verbosity=0)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    assert levels(site.static_files) == ["ok"]
    for style in (tmp_path / "css").glob("mail.*"):
        style.unlink()
    assert levels(site.static_files) == ["fault"]


@on_postgresql
def test_a_database_that_answers_is_named():
    (found,) = postgresql.database()
    assert found.said.startswith("PostgreSQL 1")
    assert found.level is not Level.FAULT


@on_postgresql
def test_an_account_that_may_do_anything_is_a_fault():
    """The throwaway server's one account is a superuser."""
    assert levels(postgresql.account) == ["fault"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE doctor_nobody")
        cursor.execute("SET LOCAL ROLE doctor_nobody")
        assert levels(postgresql.account) == ["ok"]
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(("major", "level"), [(14, "fault"), (15, "warning"), (16, "ok"), (18, "ok")])
def test_an_old_server_is_told_of(major, level):
    assert str(postgresql._version(str(major), major).level) == level


def test_migrations_must_be_those_of_the_release():
    assert levels(postgresql.migrations) == ["ok"]
    recorder = MigrationRecorder(connection)
    recorder.record_applied("editorial", "9999_of_a_later_release")
    assert levels(postgresql.migrations) == ["warning"]
    recorder.record_unapplied("editorial", "9999_of_a_later_release")
    recorder.record_unapplied("editorial", "0008_mail_hold")
    assert levels(postgresql.migrations) == ["fault"]
    assert "manage.py migrate" in todo(postgresql.migrations)


def test_a_missing_guard_is_a_fault():
    assert levels(postgresql.guards_stand) == ["ok"]
    with connection.cursor() as cursor:
        guards.remove_one(cursor, next(iter(guards._guards.values())), connection.vendor)
    assert levels(postgresql.guards_stand) == ["fault"]


def test_the_extension_for_typing_errors_must_be_there():
    assert levels(postgresql.extensions) == ["ok"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        assert levels(postgresql.extensions) == ["fault"]


def test_a_broker_that_is_away_is_a_fault(monkeypatch):
    from celery import current_app  # why: the application whose address is changed

    assert levels(parts.broker) == ["ok"]
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{free_port()}/0")
    assert levels(parts.broker) == ["fault"]


@pytest.mark.parametrize(
    ("backend", "location", "production", "level"),
    [
        ("locmem.LocMemCache", "", False, "ok"),
        ("locmem.LocMemCache", "", True, "fault"),
        ("dummy.DummyCache", "", True, "fault"),
        ("redis.RedisCache", "redis://127.0.0.1:1/0", True, "fault"),
    ],
)
def test_a_cache_must_give_back_what_it_got(settings, backend, location, production, level):
    settings.PRODUCTION = production
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": location}}
    assert levels(parts.cached) == [level]


@pytest.mark.parametrize(("minutes", "level"), [(1, "ok"), (6, "fault"), (-6, "fault")])
def test_a_part_that_is_silent_is_a_fault(minutes, level):
    for name in ("clock", "beat:host", "worker:host"):
        Heartbeat.objects.create(name=name, at=clock.now() - timedelta(minutes=minutes))
    assert levels(parts.signs_of_life) == [level] * 3


def test_parts_that_never_ran_are_faults_and_each_says_what_to_start():
    assert levels(parts.signs_of_life) == ["fault"] * 3
    assert "celery -A config beat" in todo(parts.signs_of_life)


def test_held_late_and_parked_mail_is_told_of():
    assert levels(parts.outbox) == ["ok"]
    message = news(person())
    OutboxMessage.objects.update(not_before=clock.now() - timedelta(hours=1))
    assert levels(parts.outbox) == ["fault", "ok"]
    holding.hold(reason="a drill", now=clock.now())
    assert levels(parts.outbox) == ["warning", "ok"]
    OutboxMessage.objects.filter(pk=message.pk).update(status="parked")
    assert levels(parts.outbox) == ["warning", "warning", "ok"]


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (10, "warning"), (120, "fault"), (-120, "fault")])
def test_clocks_that_differ_are_told_of(seconds, level):
    there = clock.now()
    with time_machine.travel(there + timedelta(seconds=seconds), tick=False):
        assert str(machine._apart("the database's", there).level) == level


@on_postgresql
def test_the_databases_and_the_brokers_clock_are_asked(settings):
    assert levels(machine.clocks) == ["ok"]
    settings.REDIS_URL = os.environ["REDIS_URL"]
    assert levels(machine.brokers_clock) == ["ok"]
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert levels(machine.brokers_clock) == ["fault"]


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("mib", "level"), [(50, "fault"), (500, "warning"), (5000, "ok")])
def test_a_disk_that_fills_up_is_told_of(monkeypatch, mib, level):
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(0, 0, mib << 20))
    assert levels(machine.disk) == [level]


def test_a_zone_that_somebody_uses_and_the_machine_doesnt_know_is_a_fault(people):
    User.objects.filter(username="claire").update(time_zone="Mars/Olympus")
    assert levels(machine.zones) == ["fault"]


def test_what_an_examination_throws_is_its_finding_and_stops_no_other(monkeypatch):
    def throws():
        raise RuntimeError("no")

    found = {"a": (lambda: [fine("good")], ""), "b": (throws, ""), "c": (lambda: [warning("w", "t")], "a")}
    monkeypatch.setattr(registry, "_examinations", {**found, "d": (lambda: [fine("never")], "b")})
    report = doctor.examined()
    assert {name: [str(f.level) for f in row] for name, row in report.found.items()} == {
        "a": ["ok"], "b": ["fault"], "c": ["warning"], "d": ["not looked at"],
    }  # fmt: skip
    assert report.code == 2


@pytest.mark.parametrize(("finding", "code"), [(fine("a"), 0), (warning("a", "b"), 1), (fault("a", "b"), 2)])
def test_the_worst_finding_is_how_it_ends(monkeypatch, finding, code):
    monkeypatch.setattr(registry, "_examinations", {"one": (lambda: [finding], "")})
    assert doctor.examined().code == code


@pytest.mark.parametrize("words", [("--only", "nothing"), ("--send-to", "nobody")])
def test_wrong_words_are_refused_in_words(words):
    with pytest.raises(CommandError):
        call_command("doctor", *words)


def test_one_mail_is_sent_when_asked_for(mailoutbox):
    said = StringIO()
    call_command("doctor", "--only", "disk", "--send-to", "ops@example.org", stdout=said)
    assert [mail.to for mail in mailoutbox] == [["ops@example.org"]]
    assert "test mail" in said.getvalue()


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command = [sys.executable, "manage.py", "doctor", *words]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True)


def test_with_everything_away_there_is_still_a_report(tmp_path):
    nowhere = f"127.0.0.1:{free_port()}"
    done = run(
        "--json",
        IMPRIMATUR_ENV="production",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="desk.example.org",
        PUBLIC_URL="https://desk.example.org",
        DATABASE_URL=f"postgres://nobody:secret@{nowhere}/nothing",
        REDIS_URL=f"redis://{nowhere}/0",
        EMAIL_URL=f"smtp://{nowhere}",
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)["found"]
    worst = {name: {row["level"] for row in rows} for name, rows in found.items()}
    for name in ("database", "broker", "cache", "broker's clock", "mail server"):
        assert "fault" in worst[name], name
    for name in ("database account", "migrations", "guards", "extensions", "signs of life", "outbox", "clocks"):
        assert worst[name] == {"not looked at"}, name
    assert "secret@" not in done.stdout + done.stderr


def test_a_setting_that_is_missing_is_named_instead_of_a_traceback():
    done = run(IMPRIMATUR_ENV="production")
    assert done.returncode == 2
    assert done.stderr.startswith("fault  settings: SECRET_KEY isn't set")
    assert "Traceback" not in done.stderr


def test_a_mail_server_is_greeted_and_sent_nothing(settings, tmp_path):
    from tests.faults.postbox import Postbox  # why: it is for whoever starts one

    postbox = Postbox(tmp_path)
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        assert levels(parts.mail_server) == ["ok"]
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "a", "b"
        assert levels(parts.mail_server) == ["fault"]
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = True
        assert levels(parts.mail_server) == ["fault"]
        assert postbox.kept() == []
    finally:
        postbox.stop()
    assert levels(parts.mail_server) == ["fault"]
