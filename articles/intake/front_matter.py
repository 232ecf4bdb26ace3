"""YAML front matter as a tree that remembers lines. Pure.

A deliberately small YAML: strings, whole numbers, true/false, null, lists and mappings. Dates, decimals and
``yes``/``no`` stay the text that was written, so that a PMID, a version or a language code is never bent.
Anchors, aliases, tags, duplicate keys and deep nesting are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from articles.intake.manuscript import IntakeError

MAX_DEPTH = 12
MAX_EVENTS = 20_000

Value: TypeAlias = "str | int | bool | list[Node] | dict[str, Node] | None"


@dataclass(frozen=True)
class Node:
    """A value and the line of the file it starts on."""

    value: Value
    line: int
    text: str = ""


_FENCE = re.compile(r"---[ \t]*\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_INT = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


def opens(text: str) -> bool:
    """Whether the text starts with a front matter block that also ends."""
    start = _FENCE.match(text)
    return start is not None and _END.search(text, start.end()) is not None


def split(text: str) -> tuple[dict[str, Node], str, int]:
    """The front matter's fields, the body, and the line the body starts on. Raises IntakeError."""
    start = _FENCE.match(text)
    if start is None:
        return {}, text, 1
    end = _END.search(text, start.end())
    if end is None:
        raise IntakeError("The front matter never ends; close it with a line of three hyphens (---)", 1)
    fields = parse(text[start.end() : end.start()])
    return fields, text[end.end() + 1 :], text.count("\n", 0, end.end()) + 2


def parse(source: str) -> dict[str, Node]:
    """Read the YAML between the fences, which starts on line 2. Raises IntakeError with the line."""
    try:
        root = _Builder().build(_events(source))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be read"
        raise IntakeError(
            f"The front matter isn't valid YAML: {problem}; check quotes, colons and indentation",
            mark.line + 2 if mark else 1,
        ) from None
    except (ValueError, OverflowError, RecursionError):
        raise IntakeError("The front matter isn't valid YAML; check quotes, colons and indentation", 1) from None
    if root is None or root.value is None:
        return {}
    if not isinstance(root.value, dict):
        raise IntakeError("The front matter must be a list of fields such as “title: …”", root.line)
    return root.value


def _events(source: str) -> Iterator[Any]:
    loader = _LOADER(source)
    try:
        count = 0
        while loader.check_event():
            count += 1
            event = loader.get_event()
            if count > MAX_EVENTS:
                raise IntakeError(
                    f"The front matter holds more than {MAX_EVENTS:,} values; move the text into the body",
                    event.start_mark.line + 2,
                )
            yield event
    finally:
        loader.dispose()


class _Builder:
    """Turns parser events into nodes without recursion, so nesting can't exhaust the stack."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[tuple[Node, list[Node]]] = []

    def build(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            self._take(event)
        return self.root

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 2
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise IntakeError(
                "The front matter uses an anchor or alias (& or *); write the value out or quote it", line
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise IntakeError("The front matter uses a YAML tag (!); write the value without it or quote it", line)
        if isinstance(event, yaml.ScalarEvent):
            self._place(_scalar(event, line))
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if len(self.stack) >= MAX_DEPTH:
                raise IntakeError(f"The front matter is nested more than {MAX_DEPTH} levels deep", line)
            empty: Value = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self.stack.append((Node(empty, line), []))
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise IntakeError("The front matter holds more than one YAML document", line)

    def _place(self, node: Node) -> None:
        if self.stack:
            self.stack[-1][1].append(node)
        else:
            self.root = node

    def _close(self) -> None:
        node, children = self.stack.pop()
        if isinstance(node.value, list):
            node.value.extend(children)
        elif isinstance(node.value, dict):
            for key, value in zip(children[::2], children[1::2], strict=True):
                _add(node.value, key, value)
        self._place(node)


def _add(mapping: dict[str, Node], key: Node, value: Node) -> None:
    if isinstance(key.value, (list, dict)) or not key.text.strip():
        raise IntakeError("A key of the front matter must be a word", key.line)
    name = key.text.strip()
    if name in mapping:
        raise IntakeError(f"“{name[:60]}” stands twice in the front matter; keep one", key.line)
    mapping[name] = Node(value.value, key.line if isinstance(value.value, (list, dict)) else value.line, value.text)


def _scalar(event: Any, line: int) -> Node:
    text: str = event.value
    if event.style in ("|", ">"):
        return Node(text, line + 1, text)
    if event.style in ("'", '"'):
        return Node(text, line, text)
    if text in _CONSTANTS:
        return Node(_CONSTANTS[text], line, text)
    return Node(int(text) if _INT.fullmatch(text) else text, line, text)
