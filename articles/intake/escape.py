"""Pasted prose into Markdown that shows the same characters, with as few backslashes as that takes. Pure."""

import re

_INLINE = re.compile(
    r"""[\\`*\[\]|]                              # always special
      | (?<![^\W_])_ | _(?![^\W_])               # an underscore inside a word is plain
      | <(?=[a-zA-Z/!?])                         # "p < 0.05" is plain
      | ~(?=~) | (?<=~)~
      | &(?=\#?[a-zA-Z0-9]{1,32};)               # an entity
    """,
    re.VERBOSE,
)
_ORDERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_LEADING = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]+\s*$|~~~")


def inline(text: str) -> str:
    """Escape what Markdown would read as markup inside a line."""
    return _INLINE.sub(lambda found: "\\" + found.group(), text)


def line(text: str) -> str:
    """Escape a whole line: markup inside it and whatever would open a block at its start."""
    return at_start(text, inline(text))


def at_start(raw: str, escaped: str) -> str:
    """``escaped`` with its first character escaped where ``raw`` would open a block."""
    if ordered := _ORDERED.match(raw):
        return f"{ordered[1]}\\{escaped[len(ordered[1]) :]}"
    if _LEADING.match(raw) and not escaped.startswith("\\"):
        return "\\" + escaped
    return escaped
