"""The public site and the desk as two processes: each has its own addresses, and the site needs its role alone."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings as configured
from django.db import DatabaseError, connection, transaction
from django.test import Client

from articles.models import PublicPage, ReaderMessage
from config import reader_urls
from editorial import clock, probes
from tests import reading, roles
from tests.articles.reader.sending import send, token_of
from tests.articles.reader.test_tables import furnished

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
DESK = ["/admin/", "/admin", "/accounts/login/", "/accounts/", "/act/", "/act/x", "/mail/x/", "/calendar/x/"]
GATE = "articles.reader.gate.ReaderGate"

CHILD = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
client, asked = Client(), json.loads(sys.argv[1])
found = {path: client.get(path) for path in asked}
said = {path: [answer.status_code, b"".join(answer).decode()] for path, answer in found.items()}
cookies = [path for path, answer in found.items() if answer.cookies]
role = connection.settings_dict["USER"]
modules = [name for name in sys.modules if name.startswith(("reviews", "allauth", "django.contrib.sessions"))]
print(json.dumps({"said": said, "cookies": cookies, "role": role, "modules": modules,
                  "apps": settings.INSTALLED_APPS, "broker": settings.CELERY_BROKER_URL}))
"""


def become_the_site(settings) -> None:
    """This process is the public site alone from now on, as the settings make it under SURFACE=reader."""
    settings.SURFACE = "reader"
    settings.MIDDLEWARE = settings.MIDDLEWARE[: settings.MIDDLEWARE.index(GATE) + 1]
    settings.ROOT_URLCONF = "config.reader_urls"
    probes._kept.clear()


@pytest.fixture
def site(settings):
    become_the_site(settings)


@pytest.fixture
def as_reader(settings, database_roles):
    """Inside, with the reader's rights too."""

    @contextmanager
    def alone():
        become_the_site(settings)
        with roles.acting(database_roles.reader):
            yield

    return alone


@pytest.fixture
def desk(settings):
    settings.SURFACE = "desk"


def child(surface: str, url: str, paths: list[str]) -> dict:
    """What a process of that surface answers, with that account alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "REDIS_URL") if name in os.environ}
    given = {"IMPRIMATUR_ENV": "test", "SURFACE": surface, "DJANGO_SETTINGS_MODULE": "config.settings"}
    given["READER_DATABASE_URL" if surface == "reader" else "DATABASE_URL"] = url
    command = [sys.executable, "-B", "-c", CHILD, json.dumps(paths)]
    done = subprocess.run(command, cwd=ROOT, env=kept | given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def address_for(role: str) -> str:
    known = connection.get_connection_params()
    port = f"&port={known['port']}" if known.get("port") else ""
    host = quote(known.get("host", ""), safe="")
    return f"postgres://{role}:{quote(roles.PASSWORD)}@/{known['dbname']}?host={host}{port}"


def status_of(paths: list[str]) -> dict[str, int]:
    return {path: Client().get(path).status_code for path in paths}


def test_every_address_that_the_site_links_to_works_with_the_readers_role_alone(as_reader, story):
    reading.furnish(story)
    with as_reader():
        found = reading.pages("/articles/is-salt-bad-for-everyone/")
    assert len(found) > 25
    assert {seen.path for seen in found if seen.status != 200} == {"/nowhere/", "/articles/is-salt-bad-for-everyone/"}


def test_every_route_works_with_the_readers_role_alone(as_reader, story):
    public = furnished(story)
    with as_reader():
        found = {path: Client().get(path).status_code for group in public.values() for path in group}
    assert set(found.values()) == {200, 404}
    assert len([path for path, status in found.items() if status == 200]) > 25


def test_a_page_that_reads_a_private_table_would_be_seen(as_reader, story):
    """Else the two tests above could not fail."""
    story.published()
    with as_reader(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PublicPage.objects.filter(publication__title="x").exists()


def test_a_reader_reports_an_error_with_that_role_alone(as_reader, story):
    path = f"/articles/{story.published().slug}/report/"
    with as_reader():
        token = token_of(Client().get(path))
        with time_machine.travel(clock.now() + timedelta(seconds=9)):
            answers = [send(path, token).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert ReaderMessage.objects.get().kind == "error"


def test_the_desk_has_no_address_there(site):
    unknown = Client().get("/nowhere/")
    for path in DESK:
        answer = Client().get(path)
        assert (answer.status_code, answer.content) == (404, unknown.content), path
        assert not answer.cookies
    assert Client().post("/accounts/login/", {"login": "tom"}).status_code == 404


def test_the_site_is_ready_with_the_readers_role_alone_and_says_so(site, people, database_roles):
    with roles.acting(database_roles.reader):
        answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (
        200,
        {"database": "ok", "replica": "ok", "tables": "ok", "role": "ok", "cache": "ok"},
    )
    assert Client().get("/healthz").content == b"ok"
    assert Client().get("/metrics").status_code == 404


def test_the_site_says_when_its_account_could_see_more(site, people, database_roles):
    with roles.acting(database_roles.application):
        answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["role"] == "degraded"


def test_the_site_is_not_ready_without_one_of_its_tables(site, people, database_roles):
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE SELECT ON articles_searchentry FROM {database_roles.reader}")
    with roles.acting(database_roles.reader), transaction.atomic():
        answer = Client().get("/readyz")
        transaction.set_rollback(True)
    assert (answer.status_code, answer.json()["checks"]["tables"]) == (503, "failing")


@pytest.mark.parametrize(("behind", "status"), [(0, 200), (89, 200), (91, 503)])
def test_a_replica_that_fell_behind_is_not_ready(site, people, monkeypatch, behind, status):
    monkeypatch.setattr(probes, "_seconds_behind", lambda: behind)
    answer = Client().get("/readyz")
    assert answer.status_code == status
    assert answer.json()["checks"]["replica"] == ("ok" if status == 200 else "failing")


@pytest.mark.sqlite
def test_the_site_is_ready_on_sqlite_too(site):
    assert Client().get("/readyz").json()["checks"]["tables"] == "ok"


@pytest.mark.sqlite
def test_at_the_desk_readers_addresses_are_the_one_404(desk, story):
    story.published(slug="shown")
    unknown = Client().get("/nowhere/")
    for path in ("/", "/articles/shown/", "/search/?q=x", "/board/", "/policy/", "/robots.txt"):
        answer = Client().get(path)
        assert (answer.status_code, answer.content) == (404, unknown.content), path
    found = status_of(["/admin/", "/admin", "/accounts/login/", "/act/shown", "/healthz"])
    assert found == {"/admin/": 302, "/admin": 301, "/accounts/login/": 200, "/act/shown": 302, "/healthz": 200}


@pytest.mark.sqlite
def test_without_a_surface_one_process_is_both(story):
    story.published(slug="shown")
    assert status_of(["/articles/shown/", "/accounts/login/"]) == {"/articles/shown/": 200, "/accounts/login/": 200}
    assert configured.SURFACE == "both"
    assert {pattern.pattern._route for pattern in reader_urls.urlpatterns} == {""}


@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_serves_the_site_as_the_reader(story, database_roles):
    article = story.published()
    paths = ["/", f"/articles/{article.slug}/", "/search/?q=blood+presure", "/sitemap.xml", "/feeds/articles.atom"]
    found = child("reader", address_for(database_roles.reader), [*paths, "/healthz", "/readyz", "/nowhere/", *DESK])
    said = found["said"]
    assert {path: said[path][0] for path in [*paths, "/healthz", "/readyz"]} == dict.fromkeys(
        [*paths, "/healthz", "/readyz"], 200
    )
    assert article.title in said[f"/articles/{article.slug}/"][1]
    assert f'href="/articles/{article.slug}/' in said["/search/?q=blood+presure"][1]
    assert json.loads(said["/readyz"][1])["checks"]["role"] == "ok"
    assert {path: said[path] for path in DESK} == dict.fromkeys(DESK, said["/nowhere/"])
    assert (found["cookies"], found["modules"], found["role"]) == ([], [], database_roles.reader)
    assert found["broker"] == "memory://"
    assert "django.contrib.admin" not in " ".join(found["apps"])


@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_serves_the_desk_as_the_application(story, database_roles):
    article = story.published()
    paths = [f"/articles/{article.slug}/", f"/articles/{article.slug}", "/", "/search"]
    found = child("desk", address_for(database_roles.application), [*paths, "/accounts/login/", "/admin/login/"])
    assert {path: found["said"][path][0] for path in paths} == dict.fromkeys(paths, 404)
    assert found["said"]["/accounts/login/"][0] == 200
