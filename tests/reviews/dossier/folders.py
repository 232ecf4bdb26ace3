"""Dossiers in a folder, and the stranger who checks them."""

import hashlib
import subprocess
import sys
from pathlib import Path

from editorial.models import User
from reviews.dossier.export import Options, export
from reviews.dossier.writing import Folder


def exported(article, folder: Path, now, **options) -> Path:
    """The article's dossier in ``folder``, as the operator makes it."""
    with Folder(folder) as target:
        export(article, actor=User.system(), now=now, target=target, options=Options(**options))
    return folder


def check(folder: Path) -> tuple[int, str]:
    """The exit code of check.py, run with nothing but the standard library, and what it said."""
    run = subprocess.run([sys.executable, "-I", str(folder / "check.py")], capture_output=True, text=True)
    assert "Traceback" not in run.stderr, run.stderr
    return run.returncode, run.stdout


def passes(folder: Path) -> str:
    code, said = check(folder)
    assert code == 0, said
    return said


def fails(folder: Path) -> str:
    code, said = check(folder)
    assert code == 1, said
    return said


def manifested(folder: Path) -> None:
    """Make the manifest afresh, as a forger would."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "MANIFEST.sha256"
    ]
    (folder / "MANIFEST.sha256").write_text("".join(lines))


def words_of(folder: Path) -> str:
    """Every character of every file."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file())
