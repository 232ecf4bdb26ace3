"""Reads the environment, and says in words what is wrong with it. Nothing else reads ``os.environ``."""

import os
import re
import secrets
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


class Mode(StrEnum):
    """What ``IMPRIMATUR_ENV`` may be."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class Surface(StrEnum):
    """What ``SURFACE`` may be: which of the two sites this process is."""

    BOTH = "both"
    READER = "reader"
    DESK = "desk"


SECRETS = (
    *("SECRET_KEY", "DATABASE_URL", "MIGRATION_DATABASE_URL", "READER_DATABASE_URL", "REDIS_URL", "EMAIL_URL"),
    *("METRICS_TOKEN", "DATABASE_OWNER_PASSWORD", "DATABASE_APPLICATION_PASSWORD", "DATABASE_READER_PASSWORD"),
)
"""What may lie in a file instead, named by the variable with ``_FILE`` after it."""


def read_files() -> None:
    """Take over secrets from their files. Whoever is started from here finds both, and that they are the same."""
    for name in SECRETS:
        file = os.environ.get(f"{name}_FILE", "").strip()
        if not file:
            continue
        try:
            content = Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as problem:
            kind = getattr(problem, "strerror", None) or "it is no text"
            raise ImproperlyConfigured(f"{name}_FILE names {file}, which can't be read: {kind}.") from None
        if os.environ.get(name, "").strip() not in ("", content):
            raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set; it takes one of them.")
        os.environ[name] = content


def mode() -> Mode:
    """Set but empty is refused: a production that lost its value must not come up as a demo."""
    value = os.environ.get("IMPRIMATUR_ENV", Mode.DEMO)
    try:
        return Mode(value)
    except ValueError:
        raise ImproperlyConfigured(f"IMPRIMATUR_ENV is “{value}”; it takes {', '.join(Mode)}.") from None


def surface() -> Surface:
    return Surface(choice("SURFACE", tuple(Surface), default=Surface.BOTH))


def text(name: str, *, default: str | None = None, takes: str) -> str:
    """The variable's text; without a default it must be set. ``takes`` says what belongs there."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} isn't set; it takes {takes}.")
    return default


def names(name: str, *, default: list[str] | None = None, takes: str) -> list[str]:
    """A comma-separated list."""
    joined = text(name, default=None if default is None else ",".join(default), takes=takes)
    return [item.strip() for item in joined.split(",") if item.strip()]


def number(name: str, *, default: int, least: int = 0) -> int:
    value = text(name, default=str(default), takes="a whole number")
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is “{value}”; it takes a whole number from {least}.")
    return int(value)


def switch(name: str, *, on: str, off: str, default: bool) -> bool:
    return choice(name, (on, off), default=on if default else off) == on


def choice(name: str, values: tuple[str, ...], *, default: str) -> str:
    """One of these words. Raises ImproperlyConfigured, naming them."""
    takes = f"{', '.join(values[:-1])} or {values[-1]}"
    value = text(name, default=default, takes=takes)
    if value not in values:
        raise ImproperlyConfigured(f"{name} is “{value}”; it takes {takes}.")
    return value


def folder(name: str, *, default: Path) -> Path:
    value = Path(text(name, default=str(default), takes="an absolute path"))
    if not value.is_absolute():
        raise ImproperlyConfigured(f"{name} is “{value}”; it takes an absolute path.")
    return value


def time_zone(name: str, *, default: str) -> str:
    value = text(name, default=default, takes="a time zone")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, such as Europe, is an OSError
        raise ImproperlyConfigured(f"{name} is “{value}”; it takes an IANA time zone such as Europe/Paris.") from None
    return value


def secret_key(demo_folder: Path) -> str:
    """``SECRET_KEY``; the demo and the tests make their own and keep it in their folder."""
    if mode() is Mode.PRODUCTION:
        value = text("SECRET_KEY", takes="at least 50 random characters")
        if len(value) < 50:
            raise ImproperlyConfigured("SECRET_KEY is too short; it takes at least 50 random characters.")
        return value
    kept = demo_folder / "secret_key"
    if not kept.exists():
        demo_folder.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"secret_key.{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(64))
        fresh.chmod(0o600)
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass  # another process of the demo was first; its key stands
        finally:
            fresh.unlink()
    return kept.read_text().strip()


def database(demo_folder: Path, chosen: Surface = Surface.BOTH) -> dict[str, Any]:
    """Django's settings for ``DATABASE_URL``; the demo's SQLite file without it, refused in production.

    The reader's process takes ``READER_DATABASE_URL`` where that is set.
    """
    if chosen is Surface.READER and os.environ.get("READER_DATABASE_URL", "").strip():
        return _database("READER_DATABASE_URL")
    if os.environ.get("DATABASE_URL", "").strip():
        return _database("DATABASE_URL")
    if mode() is Mode.PRODUCTION:
        name = "READER_DATABASE_URL" if chosen is Surface.READER else "DATABASE_URL"
        raise ImproperlyConfigured(f"{name} isn't set; production takes postgres://user:password@host:5432/name.")
    demo_folder.mkdir(parents=True, exist_ok=True)
    print(f"DATABASE_URL isn't set: using the demo's SQLite file {demo_folder / 'db.sqlite3'}", file=sys.stderr)
    return _sqlite(str(demo_folder / "db.sqlite3"))


def migration_database(application: dict[str, Any]) -> dict[str, Any] | None:
    """How the owner of the tables connects, for `manage.py migrate`; none where ``MIGRATION_DATABASE_URL`` isn't set.

    ``application``: where the application connects to, which must be the same database.
    """
    if not os.environ.get("MIGRATION_DATABASE_URL", "").strip():
        return None
    owner = _database("MIGRATION_DATABASE_URL")
    if owner["ENGINE"] != application["ENGINE"] or owner["NAME"] != application["NAME"]:
        raise ImproperlyConfigured(
            f"MIGRATION_DATABASE_URL names the database “{owner['NAME']}” and DATABASE_URL “{application['NAME']}”;"
            " it takes the same database with the account of its owner."
        )
    return {name: owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS") if name in owner}


ROLES = ("owner", "application", "reader")
_ROLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def database_roles() -> dict[str, str]:
    """The names of the three roles in PostgreSQL."""
    found = {}
    for role in ROLES:
        name = f"DATABASE_{role.upper()}_ROLE"
        value = text(name, default=f"imprimatur_{role}", takes="a role's name")
        if not _ROLE_NAME.fullmatch(value) or value.startswith("pg_") or value in ("public", "none"):
            raise ImproperlyConfigured(f"{name} is “{value}”; it takes small letters, digits and underscores.")
        if value in found.values():
            raise ImproperlyConfigured(f"{name} is “{value}”, as another role is; it takes a name of its own.")
        found[role] = value
    return found


def role_passwords() -> dict[str, str]:
    """The passwords that `manage.py setup_database_roles` is to set: only those that are given."""
    given = {role: os.environ.get(f"DATABASE_{role.upper()}_PASSWORD", "") for role in ROLES}
    return {role: password for role, password in given.items() if password}


def _database(name: str) -> dict[str, Any]:
    """What the variable's address says. Raises ImproperlyConfigured, without a word of the address but its scheme."""
    parts = urlsplit(os.environ[name].strip())
    if parts.scheme == "sqlite":
        if mode() is Mode.PRODUCTION:
            raise ImproperlyConfigured(f"{name} names SQLite; production takes PostgreSQL: postgres://…")
        return _sqlite(unquote(parts.path))
    if parts.scheme in ("postgres", "postgresql"):
        if not _has_port(parts):
            raise ImproperlyConfigured(f"{name} names a port that is no number; it takes postgres://…:5432/name.")
        return _postgresql(parts)
    raise ImproperlyConfigured(f"{name} begins with “{parts.scheme}”; it takes postgres://… or sqlite:///path.")


def mail() -> dict[str, Any]:
    """Where mail goes: ``EMAIL_URL`` as smtp://, smtps:// or smtp+tls://user:password@host:port."""
    url = text("EMAIL_URL", takes="smtp+tls://user:password@host:587")
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls") or not parts.hostname or not _has_port(parts):
        raise ImproperlyConfigured("EMAIL_URL takes smtp://, smtps:// or smtp+tls://user:password@host:port.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 10,
    }


def redis() -> str:
    """``REDIS_URL``; “off” lets the demo and the tests do without."""
    production = mode() is Mode.PRODUCTION
    url = text("REDIS_URL", default=None if production else "off", takes="redis://host:6379/0")
    if (url == "off" and not production) or urlsplit(url).scheme in ("redis", "rediss", "unix"):
        return url
    raise ImproperlyConfigured("REDIS_URL takes redis://host:6379/0; only the demo runs without Redis.")


def _has_port(parts: Any) -> bool:
    """Whether the port is a number, or left out."""
    try:
        return parts.port is None or bool(parts.port)
    except ValueError:
        return False


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "TEST": {"NAME": f"{path}.test"},
    }


FORGOTTEN_SECONDS = 60
"""A host that froze in a transaction holds its locks no longer than this, and every verb ends at one of them."""


def _postgresql(parts: Any) -> dict[str, Any]:
    """Behind a pooler that lends connections by transaction, nothing may be asked of one for longer than that.

    It takes no options at the start either: `manage.py setup_database_roles` gives the roles the same limit.
    """
    pooled = choice("DATABASE_POOLER", ("off", "transaction"), default="off") == "transaction"
    limit = {} if pooled else {"options": f"-c idle_in_transaction_session_timeout={FORGOTTEN_SECONDS}s"}
    options = {**limit, **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "config.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": options,
    }
