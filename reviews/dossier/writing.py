"""Where a dossier goes: a folder, or one zip. Files are streamed, and the manifest closes it."""

import hashlib
import zipfile
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from django.utils.translation import gettext as _

from editorial.conditions import Refused

MANIFEST = "MANIFEST.sha256"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip, so that equal dossiers are equal byte for byte."""


class Target(Protocol):
    def open(self, name: str) -> AbstractContextManager[IO[bytes]]: ...


class Writer:
    """Writes files by name, each once, and keeps their hashes for the manifest."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.hashes: dict[str, str] = {}

    def write(self, name: str, parts: Iterable[str]) -> None:
        """Stream ``parts`` as UTF-8. A name that stands already is passed over: names are made of digests."""
        if name in self.hashes:
            return
        found = hashlib.sha256()
        with self.target.open(name) as file:
            for part in parts:
                data = part.encode("utf-8", errors="surrogatepass")
                found.update(data)
                file.write(data)
        self.hashes[name] = found.hexdigest()

    def close(self) -> str:
        """Write the manifest; gives its own SHA-256, which the audit event keeps."""
        hashes = dict(self.hashes)
        self.write(MANIFEST, (f"{sha}  {name}\n" for name, sha in sorted(hashes.items())))
        return self.hashes[MANIFEST]


class Folder:
    """An empty or new folder. What was written is taken away again when the export fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.made: list[Path] = []

    def __enter__(self) -> "Folder":
        refuse_unless_empty(self.path)
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.made.append(self.path)
        return self

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        path = self.path / name
        if not path.parent.exists():
            path.parent.mkdir()
            self.made.append(path.parent)
        self.made.append(path)
        return path.open("xb")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in reversed(self.made) if kind else ():
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)


class Zip:
    """One zip file, the same bytes for the same dossier. ``folder`` is the folder that it unpacks into."""

    def __init__(self, file: IO[bytes], folder: str) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.folder = folder

    def __enter__(self) -> "Zip":
        return self

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        entry = zipfile.ZipInfo(f"{self.folder}/{name}", date_time=EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        return self.archive.open(entry, "w", force_zip64=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()


def refuse_unless_empty(path: Path) -> None:
    """Raises Refused for what isn't a new or an empty folder: nothing is ever overwritten."""
    if path.exists() and not path.is_dir():
        raise Refused(_("%(path)s isn't a folder.") % {"path": path})
    if path.exists() and any(path.iterdir()):
        raise Refused(_("%(path)s isn't empty. Name a new or an empty folder.") % {"path": path})
