"""Whether the settings are those of a site that the public may see."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.http.request import validate_host

from editorial.doctor.findings import Finding, fault, fine, warning

KEY_LENGTH = 50
KEY_LETTERS = 10
STYLE = "css/mail.css"


def mode() -> Iterator[Finding]:
    if settings.PRODUCTION:
        yield fine("production")
    else:
        yield warning("this isn't a production installation", "Set IMPRIMATUR_ENV=production.")
    if settings.DEBUG:
        yield fault("DEBUG is on: error pages show settings and people's data", "Take DEBUG out of the settings.")


def secret_key() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS:
        yield fault(
            "SECRET_KEY can be guessed",
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'. Everybody signs in anew then.",
        )
    else:
        yield fine("long and mixed")


def address() -> Iterator[Finding]:
    """Every link in mail begins with it."""
    parts = urlsplit(settings.PUBLIC_URL)
    host = parts.hostname or ""
    if parts.scheme != "https" and settings.PRODUCTION:
        yield fault(f"PUBLIC_URL begins with {parts.scheme or 'nothing'}://", "Set it to the site's https:// address.")
    elif parts.scheme != "https":
        yield warning("PUBLIC_URL isn't https", "Use https for a site that others can reach.")
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        yield fault(
            "ALLOWED_HOSTS doesn't have the host of PUBLIC_URL, so the site refuses its own links",
            "Add that host to ALLOWED_HOSTS.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield fault("ALLOWED_HOSTS takes any host", "Name the site's hosts: a forged one poisons links otherwise.")
    elif parts.scheme == "https":
        yield fine("https, and its host is allowed")


def proxies() -> Iterator[Finding]:
    if settings.TRUSTED_PROXIES:
        yield fine(f"{settings.TRUSTED_PROXIES} stand in front")
    elif settings.PRODUCTION:
        yield warning(
            "TRUSTED_PROXIES is 0: behind a proxy all readers share one limit",
            "Set it to the number of your proxies, and FORWARDED_ALLOW_IPS to their addresses.",
        )
    else:
        yield fine("none")


def deployment() -> Iterator[Finding]:
    """Django's own `check --deploy`, without what asks the database."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])
        if not message.is_silenced()
    ]
    for message in found if settings.PRODUCTION else ():
        make = fault if message.level >= checks.ERROR else warning
        yield make(f"{message.id}: {message.msg}", message.hint or "See Django's documentation of that check.")
    if not found or not settings.PRODUCTION:
        yield fine("check --deploy is clean" if settings.PRODUCTION else "asked in production only")


def static_files() -> Iterator[Finding]:
    """Without them every page that needs a style sheet ends in an error."""
    hashed = getattr(staticfiles_storage, "hashed_files", None)
    todo = "Run `manage.py collectstatic --no-input`, and let web read STATIC_ROOT."
    if hashed is None:
        yield fine("served as they lie")
        return
    name = hashed.get(STYLE)
    if not name:
        yield fault("they aren't collected", todo)
    elif not (Path(settings.STATIC_ROOT) / name).is_file():
        yield fault("the list of them names files that aren't there", todo)
    else:
        yield fine(f"{len(hashed)} are collected")


EXAMINATIONS = (
    ("mode", mode, ""),
    ("secret key", secret_key, ""),
    ("address", address, ""),
    ("proxies", proxies, ""),
    ("deployment", deployment, ""),
    ("static files", static_files, ""),
)
