"""Manuscript files into values: one reader a format, one answer for all. Pure.

``.md`` and ``.markdown`` files, and any file that opens with YAML front matter, are Markdown (see
``markdown``); ``.txt`` files are text as pasted from a page (see ``plaintext``).
"""

from pathlib import PurePosixPath

from articles.intake import front_matter, gate, markdown, plaintext
from articles.intake.manuscript import IntakeError, Manuscript

__all__ = ["SUFFIXES", "IntakeError", "Manuscript", "read"]

_MARKDOWN = (".md", ".markdown")
_TEXT = (".txt", ".text")
SUFFIXES = frozenset({*_MARKDOWN, *_TEXT})
"""What names of manuscripts end in."""


def read(data: bytes, *, name: str) -> Manuscript:
    """Turn one file's bytes into a Manuscript; ``name`` is its file name, which decides the format.

    Raises IntakeError, and nothing else, for bytes that can't be taken in.
    """
    suffix = PurePosixPath(name.replace("\\", "/").lower()).suffix
    text = gate.text_of(data)
    if suffix in _MARKDOWN or front_matter.opens(text):
        return markdown.read(text)
    if suffix in _TEXT:
        return plaintext.read(text)
    kind = f"files ending in “{suffix[:20]}”" if suffix else "a file without an ending"
    raise IntakeError(f"Intake can't read {kind}; save it as Markdown (.md) or plain text (.txt)")
