"""The canonical form of a snapshot and its digest: what people sign. Pure.

Canonical text is JSON with sorted keys, no spaces and every string in NFC, so that equal content has equal
bytes. Floats are refused: their text form isn't the same everywhere.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

SCHEMA = 1
MAX_DEPTH = 50
MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259, section 6)."""


class ContentError(ValueError):
    """A value that a snapshot can't hold; the message names its path, such as ``variants[0].markdown``."""


def canonical(snapshot: Mapping[str, Any]) -> str:
    """The snapshot as canonical JSON text. Raises ContentError for what has no single text form."""
    return json.dumps(normalised(snapshot), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(canonical_text: str) -> str:
    """SHA-256 over the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(canonical_text.encode("utf-8")).hexdigest()


def parse(canonical_text: str) -> dict[str, Any]:
    """Read canonical text back. Raises ContentError when it isn't the JSON of one snapshot."""
    try:
        value = json.loads(canonical_text, parse_float=_no_number, parse_constant=_no_number, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ContentError(f"the stored snapshot can't be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ContentError("the stored snapshot isn't a JSON object")
    return value


def normalised(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot with strings in NFC and tuples as lists. Raises ContentError as ``canonical`` does."""
    if not isinstance(snapshot, Mapping):
        raise ContentError(f"a snapshot is a mapping, not {type(snapshot).__name__}")
    return _mapping(snapshot, "", 0)


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """Paths of the leaves that differ, by name; what only one side has is named once, as a whole."""
    return list(_differing(normalised(a), normalised(b), ""))


def _normal(value: Any, path: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ContentError(f"{path[:80]}… is nested more than {MAX_DEPTH} levels deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ContentError(f"{path} is a number too large to keep exactly; store it as text")
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_normal(item, f"{path}[{place}]", depth + 1) for place, item in enumerate(value)]
    if isinstance(value, Mapping):
        return _mapping(value, path, depth + 1)
    raise ContentError(f"{path} is a {type(value).__name__}; a snapshot holds text, whole numbers, true, false, null")


def _mapping(value: Mapping[Any, Any], path: str, depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise ContentError(f"{path or 'the snapshot'} has the key {key!r}, which isn't text")
        name = _text(key, _joined(path, ascii(key)))
        if name in result:
            raise ContentError(f"{_joined(path, name)} stands twice, in two spellings of one text")
        result[name] = _normal(item, _joined(path, name), depth)
    return result


def _text(value: str, path: str) -> str:
    if "\x00" in value:
        raise ContentError(f"{path} contains a NUL character; remove it")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ContentError(f"{path} contains half a character (a lone surrogate); type it again") from None
    return unicodedata.normalize("NFC", str.__str__(value))


def _differing(a: Any, b: Any, path: str) -> Iterator[str]:
    if isinstance(a, dict) and isinstance(b, dict):
        for name in sorted(a.keys() | b.keys()):
            if name in a and name in b:
                yield from _differing(a[name], b[name], _joined(path, name))
            else:
                yield _joined(path, name)
    elif isinstance(a, list) and isinstance(b, list):
        for place in range(max(len(a), len(b))):
            if place < min(len(a), len(b)):
                yield from _differing(a[place], b[place], f"{path}[{place}]")
            else:
                yield f"{path}[{place}]"
    elif type(a) is not type(b) or a != b:
        yield path


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _no_number(text: str) -> NoReturn:
    raise ContentError(f"the stored snapshot holds {text}, which isn't a whole number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ContentError("the stored snapshot gives one key twice")
    return result
