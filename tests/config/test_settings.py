"""What the settings promise: a lean way to public pages, strict headers, and a Celery that only rings."""

import ast
from pathlib import Path

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from config import env
from config.celery import app
from config.lint_sources import ROOT
from config.middleware import ContentPolicy

GATE = "articles.reader.gate.ReaderGate"
LEAN = [
    "editorial.probes.Probes",
    "config.middleware.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
]


def test_public_pages_pass_through_the_lean_middleware_alone():
    assert settings.MIDDLEWARE[: settings.MIDDLEWARE.index(GATE)] == LEAN


@pytest.mark.parametrize(
    "desk_only",
    [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "config.middleware.PrivatePages",
    ],
)
def test_what_reads_or_sets_a_cookie_stands_behind_the_gate(desk_only):
    assert settings.MIDDLEWARE.index(desk_only) > settings.MIDDLEWARE.index(GATE)


def test_connections_to_postgresql_persist_and_are_checked_in_production(monkeypatch, tmp_path):
    monkeypatch.setenv("IMPRIMATUR_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db.example/name")
    database = env.database(tmp_path)
    assert database["CONN_MAX_AGE"] >= 60
    assert database["CONN_HEALTH_CHECKS"] is True


def test_the_content_policy_allows_nothing_inline_and_nothing_foreign():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {source for allowed in directives.values() for source in allowed}
    assert sources == {"'none'", "'self'", "data:"}
    assert [name for name, allowed in directives.items() if "data:" in allowed] == ["img-src"]
    assert directives["default-src"] == ["'none'"]
    assert not hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/accounts/login/", "/admin/"])
def test_every_page_carries_the_strict_headers(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_an_answer_with_a_policy_of_its_own_keeps_it_and_no_other_gets_it():
    @csp_update({"img-src": ["https://own.example"]})
    def own(request):
        return HttpResponse()

    @csp_exempt()
    def without(request):
        return HttpResponse()

    usual = ContentPolicy(lambda request: HttpResponse())(RequestFactory().get("/"))["Content-Security-Policy"]
    assert "https://own.example" in ContentPolicy(own)(RequestFactory().get("/"))["Content-Security-Policy"]
    assert "Content-Security-Policy" not in ContentPolicy(without)(RequestFactory().get("/")).headers
    assert usual == CSPMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))["Content-Security-Policy"]
    assert "own.example" not in usual


def test_celery_acknowledges_late_and_hands_back_what_a_dead_worker_held():
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None


def test_no_task_outlives_the_time_after_which_redis_hands_it_out_again():
    timeout = app.conf.broker_transport_options.get("visibility_timeout", 300)
    assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit <= 60 < timeout


def test_beat_rings_only_tasks_that_exist_and_sweeps_at_least_each_half_minute():
    entries = app.conf.beat_schedule.values()
    for entry in entries:
        module, _, name = entry["task"].rpartition(".")
        assert import_string(f"{module}.{name}").name == entry["task"]
    by_task = {entry["task"]: entry["schedule"] for entry in entries}
    assert by_task["reviews.tasks.sweep"] <= 30
    assert by_task["editorial.tasks.send_outbox"] <= 30


def test_a_session_cookie_can_be_read_by_no_script():
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.SESSION_COOKIE_AGE == 30 * 24 * 3600
    assert settings.SESSION_COOKIE_NAME != "sessionid"


def test_debug_is_off_whatever_the_environment():
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    values = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(values["DEBUG"]) is False


def test_forged_hosts_are_refused(client, settings):
    settings.ALLOWED_HOSTS = ["health.example"]
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_rings_that_nobody_heard_expire_instead_of_piling_up():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert 300 <= entry["options"]["expires"] <= max(300, entry["schedule"]), name


def test_workers_wait_for_redis_however_long_it_is_away():
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_connection_retry_on_startup is True


def test_beat_keeps_its_file_under_var():
    assert (ROOT / "var") in [*Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parents]
