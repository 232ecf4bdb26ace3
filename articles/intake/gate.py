"""What every format refuses: empty, too large, binary, undecodable, active content. Pure."""

import re
import unicodedata

from articles.intake.html import refuse_active
from articles.intake.manuscript import IntakeError

MAX_BYTES = 1024 * 1024
MAX_LINES = 20_000
MAX_CITATIONS = 5_000
MAX_VARIANT_BYTES = 200_000
MAX_TITLE = 300

_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or a Word document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_CITED = re.compile(r"\[[@\d]")
_NOT_ASCII = re.compile("[^\x00-\x7f]{31,}")
_MAX_COMBINING = 30  # the limit of the Stream-Safe Text Format, Unicode Standard Annex 15


def text_of(data: bytes) -> str:
    """The file as text with ``\\n`` line ends. Raises IntakeError when it can't be taken in."""
    if not data:
        raise IntakeError("The file is empty")
    if len(data) > MAX_BYTES:
        raise IntakeError(f"The file has {len(data):,} bytes; intake takes at most {MAX_BYTES:,} (1 MiB)")
    _refuse_binary(data)
    text = _BREAKS.sub("\n", _decoded(data))
    if (lines := text.count("\n")) > MAX_LINES:
        raise IntakeError(
            f"The file has {lines:,} lines; intake takes at most {MAX_LINES:,}; remove what isn't the article"
        )
    refuse_control(text)
    if (cited := len(_CITED.findall(text))) > MAX_CITATIONS:
        raise IntakeError(f"The file cites in {cited:,} places; intake takes at most {MAX_CITATIONS:,}")
    if not any(character.isalnum() for character in text):
        raise IntakeError("The file is empty: it holds no words")
    refuse_active(text)
    return text


def refuse_control(text: str, line: int = 1) -> None:
    """Raise IntakeError at the first character that can't stand in text (the text starts on ``line``)."""
    if found := _CONTROL.search(text):
        raise IntakeError(
            f"The file isn't plain text: it holds the control character U+{ord(found.group()):04X}; "
            "export it as plain text and try again",
            line + text.count("\n", 0, found.start()),
        )
    for run in _NOT_ASCII.finditer(text):
        _refuse_stacked(run.group(), line + text.count("\n", 0, run.start()))


def refuse_large_variant(audience: str, text: str) -> None:
    """Raise IntakeError when one audience's text is over the limit."""
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_VARIANT_BYTES:
        raise IntakeError(
            f"The text for “{audience}” has {size:,} bytes; one text takes at most {MAX_VARIANT_BYTES:,}; "
            "split it into several articles"
        )


def checked_title(title: str, line: int | None) -> str:
    """The title with single spaces. Raises IntakeError when it is missing or too long."""
    shown = " ".join(title.split())
    if not any(character.isalnum() for character in shown):
        raise IntakeError("The file has no title; put it on the first line", line)
    if len(shown) > MAX_TITLE:
        raise IntakeError(
            f"The title has {len(shown):,} characters, the limit is {MAX_TITLE}; put a short title on a "
            f"line of its own",
            line,
        )
    return shown


def _refuse_binary(data: bytes) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise IntakeError(f"The file is {what}, not text; save it as Markdown (.md) or plain text (.txt)")
    if data.startswith(_UTF16):
        raise IntakeError("The file is encoded as UTF-16; save it as UTF-8 and try again")
    if b"\x00" in data:
        raise IntakeError("The file is binary, not text; save it as Markdown (.md) or plain text (.txt)")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        head = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise IntakeError(
            f"The file isn't UTF-8 text (byte 0x{data[error.start]:02X}); save it as UTF-8 and try again",
            head.count(b"\n") + 1,
        ) from None


def _refuse_stacked(run: str, line: int) -> None:
    stacked = 0
    for character in run:
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if stacked > _MAX_COMBINING:
            raise IntakeError(f"More than {_MAX_COMBINING} accents are stacked on one letter; remove them", line)
