"""What a page costs that promises nothing: small Django sites to measure the project's own pages by.

``ANCHOR`` names which of them this process is, and ``DATABASE_URL`` where their table lies: both as WSGI, for gunicorn.
Middleware and apps are those that ``django-admin startproject`` writes.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

TABLE, SLUG = "load_pages", "the-page"
REFERENCES = 20

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
TEMPLATE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head><body>
<h1>{{ page.title }}</h1>{{ page.body|safe }}<ol>{% for each in references %}<li id="ref-{{ forloop.counter }}">
{{ each.authors }}. {{ each.title }}. <i>{{ each.journal }}</i>. {{ each.year }}{% if each.volume %};{{ each.volume }}
{% endif %}:{{ each.page }}. <a href="https://doi.org/{{ each.doi }}">doi:{{ each.doi }}</a></li>
{% endfor %}</ol></body></html>"""


class Anchor:
    """Their names, and what each does for its answer."""

    BARE, MIDDLEWARE, YARDSTICK = "bare", "middleware", "yardstick"
    RECONNECTING, TEMPLATE = "reconnecting", "template"


def fill(body: str) -> None:
    """The one row that is read by its slug among a thousand others; ``body``: the whole answer, and its references."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}, {TABLE}_references")
        cursor.execute(f"CREATE TABLE {TABLE} (id serial PRIMARY KEY, slug text UNIQUE, title text, body text)")
        cursor.execute(
            f"CREATE TABLE {TABLE}_references (id serial PRIMARY KEY, page_id int REFERENCES {TABLE}, authors text,"
            " title text, journal text, year int, volume text, page text, doi text)"
        )
        cursor.execute(f"CREATE INDEX ON {TABLE}_references (page_id)")
        add = (
            f"INSERT INTO {TABLE} (slug, title, body) SELECT 'page-' || n, 'A page', %s FROM generate_series(1, 999) n"
        )
        cursor.execute(add, [body])
        cursor.execute(f"INSERT INTO {TABLE} (slug, title, body) VALUES (%s, 'The page', %s)", [SLUG, body])
        cursor.execute(
            f"INSERT INTO {TABLE}_references (page_id, authors, title, journal, year, volume, page, doi)"
            " SELECT p.id, 'Feld, N', 'A trial of many years and places', 'Invented Medicine', 2000 + n, '4', '1-9',"
            f" '10.5555/invented.' || n FROM {TABLE} p, generate_series(1, {REFERENCES}) n"
        )
        cursor.execute(f"ANALYZE {TABLE}, {TABLE}_references")


def configured(anchor: str, body: str) -> None:
    """Settings of the site that ``anchor`` names. ``body`` is what the constant ones answer."""
    from config import env  # why: this process has settings of its own, and takes only the database's from there

    database = env.database(Path("/nonexistent")) | {"CONN_HEALTH_CHECKS": False}
    if anchor == Anchor.RECONNECTING:
        database["CONN_MAX_AGE"] = 0
    settings.configure(
        SECRET_KEY="nothing is signed here",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[] if anchor == Anchor.BARE else MIDDLEWARE,
        INSTALLED_APPS=APPS,
        DATABASES={"default": database},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        CONSTANT=body,
    )


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(settings.CONSTANT)


def stored(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(_models()[0].objects.values_list("body", flat=True).get(slug=slug))


def rendered(request: HttpRequest, slug: str) -> HttpResponse:
    page, references = _models()
    context: dict[str, Any] = {"page": page.objects.get(slug=slug)}
    context["references"] = references.objects.filter(page_id=context["page"].pk).order_by("id")
    return HttpResponse(_template().render(context, request))


@cache
def _models() -> tuple[Any, Any]:
    """Their two tables. Made late, as models need the settings that ``configured`` made."""

    class Page(models.Model):  # noqa: DJ008 – nobody reads its name
        slug, title, body = models.TextField(unique=True), models.TextField(), models.TextField()

        class Meta:
            app_label, db_table, managed = "load", TABLE, False

    class Source(models.Model):  # noqa: DJ008 – as above
        page_id, year = models.IntegerField(), models.IntegerField()
        authors, title, journal = models.TextField(), models.TextField(), models.TextField()
        volume, page, doi = models.TextField(), models.TextField(), models.TextField()

        class Meta:
            app_label, db_table, managed = "load", f"{TABLE}_references", False

    return Page, Source


@cache
def _template() -> Any:
    return engines["django"].from_string(TEMPLATE)


urlpatterns = [
    path("constant/", constant),
    path("stored/<slug:slug>/", stored),
    path("rendered/<slug:slug>/", rendered),
]

if "ANCHOR" in os.environ:
    configured(os.environ["ANCHOR"], Path(os.environ["ANCHOR_PAGE"]).read_text())
    application = get_wsgi_application()
