"""Style sheets: small files to write, one file for each kind of page to send.

``{% sheets "desk" %}`` links the one file where style sheets were collected under hashed names (demo, production), and
each of its parts where they are served as they lie. ``collectstatic`` puts the parts together, in this order.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.base import File
from django.core.files.storage import Storage
from django.templatetags.static import static

_SITE = ("tokens", "base", "layout", "components", "status")

SHEETS = {
    "plain": (*_SITE, "forms", "pages"),
    "reader": (
        *_SITE,
        *("reader", "prose", "article", "pages", "find", "site", "front", "policy", "difference"),
    ),
    "desk": (
        *("tokens", "layout", "admin", "admin-nav", "desk-search", "notifications", "sidebar", "admin-lists"),
        *("admin-rows", "admin-forms", "admin-widgets", "components", "status", "forms", "proof", "prose", "desk"),
        *("first-steps", "review", "keeping", "article-desk", "asked", "difference", "story", "panel", "mailbox"),
        "remind",
    ),
}
"""By kind of page, in the order in which one wins over the other. How it is printed comes last, by itself."""

PRINTED = "css/print.css"


def links(kind: str) -> list[tuple[str, str]]:
    """The addresses that a page of this kind links, each with its medium where it isn't for all."""
    parts = [bundle(kind)] if isinstance(staticfiles_storage, ManifestFilesMixin) else list(map(_file, SHEETS[kind]))
    return [*((static(name), "") for name in parts), (static(PRINTED), "print")]


def bundle(kind: str) -> str:
    """Beside its parts, so that what they name relative to themselves is found."""
    return f"css/{kind}.bundle.css"


def together(kind: str) -> bytes:
    return b"\n".join(path.read_bytes() for path in _paths(kind))


class Bundles(BaseFinder):
    """Gives ``collectstatic`` the one file of each kind. Nothing else finds them: there they are no files yet."""

    def check(self, **_options: Any) -> list[Any]:
        return []

    def find(self, _path: str, _find_all: bool = False, **_options: Any) -> list[str]:
        return []

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for kind in SHEETS:
            yield bundle(kind), _Together(kind)


class _Together(Storage):
    """One kind's file as if it lay somewhere."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def path(self, name: str) -> str:
        return name

    def open(self, name: str, mode: str = "rb") -> File:
        return File(BytesIO(together(self.kind)), name)

    def get_modified_time(self, _name: str) -> datetime:
        """As late as the newest part. This file counts too, since it says which they are."""
        newest = max(path.stat().st_mtime for path in (Path(__file__), *_paths(self.kind)))
        return datetime.fromtimestamp(newest, tz=UTC)


def _file(name: str) -> str:
    return f"css/{name}.css"


def _paths(kind: str) -> list[Path]:
    """Raises FileNotFoundError that names a part that isn't there."""
    found = {name: finders.find(_file(name)) for name in SHEETS[kind]}
    missing = [name for name, path in found.items() if not path]
    if missing:
        raise FileNotFoundError(f"{bundle(kind)} is to hold style sheets that aren't there: {', '.join(missing)}")
    return [Path(str(path)) for path in found.values()]
