"""What differs between two snapshots, field by field and word by word, as values for pages and exports. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from articles import content
from articles.word_diff import Hunk, Run, hunks, words

Change = Literal["changed", "added", "removed"]

AUDIENCES = {
    "clinician": "Text for health professionals",
    "patient": "Text for patients and caregivers",
    "student": "Text for students",
    "general": "Text for everyone",
}
LABELS = {
    "title": "Title",
    "short_answer": "Short answer",
    "language": "Language",
    "region": "Region",
    "byline": "Written by",
    "funding": "Funding",
    "origin": "Origin",
    "topics": "Topics",
    "ai_contributions": "Use of AI",
    "literature_current_to": "Literature current to",
    "conclusions_changed": "Conclusions changed",
    "change_note": "What changed, for readers",
}
_FIRST = ("title", "short_answer", "variants", "citations")
_DERIVED = ("html_sha256", "sections", "citations")
_CSL = {
    "title": "Title",
    "author": "Authors",
    "container-title": "Published in",
    "publisher": "Publisher",
    "issued": "Date",
    "volume": "Volume",
    "issue": "Issue",
    "page": "Pages",
    "DOI": "DOI",
    "PMID": "PMID",
    "PMCID": "PMCID",
    "ISBN": "ISBN",
    "URL": "Address",
    "accessed": "Opened on",
    "type": "Type",
}


@dataclass(frozen=True)
class FieldDifference:
    """One field, audience's text or reference that differs.

    ``field`` names it for programs (``title``, ``variants.patient``, ``citations.aha``), ``label`` for people.
    Each hunk is a few runs of words with their surroundings.
    """

    field: str
    label: str
    change: Change
    hunks: tuple[Hunk, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """All hunks' runs in one sequence."""
        return tuple(run for hunk in self.hunks for run in hunk)


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldDifference]:
    """Every difference of two snapshots' values; an empty list says that they are the same.

    What follows from the Markdown (sections, numbers, the page's digest) is named only where the Markdown
    is the same on both sides and it differs all the same.
    """
    old, new = dict(_fields(before)), dict(_fields(after))
    found = [
        _difference(field, old.get(field), new.get(field))
        for field in _in_order(list(old), list(new))
        if old.get(field) != new.get(field)
    ]
    if not found and (paths := content.differences(before, after)):
        text = "\n".join(f"{path}: {_at(after, path)}" for path in paths)
        was = "\n".join(f"{path}: {_at(before, path)}" for path in paths)
        found = [_difference("other", ("Other details", was), ("Other details", text))]
    return found


def of_texts(field: str, label: str, before: str, after: str) -> FieldDifference:
    """The difference of two texts that no snapshot holds."""
    return FieldDifference(field, label, "changed", hunks(words(before, after)))


def label_of(field: str) -> str:
    """A field's name for people: ``variants.patient`` is “Text for patients and caregivers”."""
    kind, _, name = field.partition(".")
    if kind == "variants":
        return AUDIENCES.get(name, f"Text for {name}")
    if kind == "citations":
        return f"Reference {name}"
    return LABELS.get(field, field.replace("_", " ").capitalize())


def _difference(field: str, old: tuple[str, str] | None, new: tuple[str, str] | None) -> FieldDifference:
    label, before = old or ("", "")
    label, after = new or (label, "")
    change: Change = "changed" if old and new else "added" if new else "removed"
    return FieldDifference(field, label, change, hunks(words(before, after)))


def _in_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The new side's fields; what is gone comes behind the rest of its kind."""
    everything = list(dict.fromkeys([*new, *old]))
    kinds = list(dict.fromkeys(field.partition(".")[0] for field in everything))
    return sorted(everything, key=lambda field: kinds.index(field.partition(".")[0]))


def _fields(values: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each field with its label and its value as text."""
    values = content.normalised(values)
    for name in (*_FIRST, *(name for name in values if name not in _FIRST)):
        if name not in values or name == "schema":
            continue
        if name in ("variants", "citations") and _is_list_of_mappings(values[name]):
            yield from _rows(name, values[name])
        else:
            yield name, (label_of(name), _text(name, values[name]))


def _is_list_of_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _rows(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, str]]]:
    seen: dict[str, int] = {}
    for row in rows:
        key = str(row.get("audience" if name == "variants" else "key", "?"))
        seen[key] = seen.get(key, 0) + 1
        field = f"{name}.{key}" if seen[key] == 1 else f"{name}.{key} ({seen[key]})"
        text = _variant(row) if name == "variants" else _citation(row)
        yield field, (label_of(field), text)


def _variant(row: Mapping[str, Any]) -> str:
    """The Markdown; of what else a text may say, whatever doesn't follow from it."""
    rest = {k: v for k, v in row.items() if k not in ("audience", "markdown", *_DERIVED)}
    more = "".join(f"\n\n{name}: {_plain(value)}" for name, value in sorted(rest.items()))
    return f"{row.get('markdown', '')}{more}"


def _citation(row: Mapping[str, Any]) -> str:
    """One line a property, those that people look for first."""
    csl = row.get("csl")
    item = csl if isinstance(csl, dict) else {"csl": csl}
    order = [*(n for n in _CSL if n in item), *sorted(n for n in item if n not in _CSL and n != "id")]
    lines = [f"{_CSL.get(name, name)}: {_property(name, item[name])}" for name in order]
    rest = {k: v for k, v in row.items() if k not in ("key", "csl") and v not in ("", None, False)}
    return "\n".join([*lines, *(f"{label_of(name)}: {_plain(value)}" for name, value in sorted(rest.items()))])


def _property(name: str, value: Any) -> str:
    if name == "author" and _is_list_of_mappings(value):
        return "; ".join(", ".join(str(part) for part in person.values()) for person in value)
    if name in ("issued", "accessed") and isinstance(value, dict) and list(value) == ["date-parts"]:
        parts = value["date-parts"]
        if len(parts) == 1 and isinstance(parts[0], list):
            return "-".join(f"{part:02}" if isinstance(part, int) else str(part) for part in parts[0])
    return _plain(value)


def _text(name: str, value: Any) -> str:
    if name == "byline" and _is_list_of_mappings(value):
        return "\n".join(", ".join(str(part) for part in person.values() if part) for person in value)
    if name == "topics" and _is_list_of_mappings(value):
        return "\n".join(str(topic.get("name", "")) for topic in value)
    if name == "ai_contributions" and _is_list_of_mappings(value):
        return "\n\n".join("\n".join(f"{k}: {v}" for k, v in row.items() if v) for row in value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)


def _at(values: Any, path: str) -> str:
    """The value at a path such as ``variants[0].html_sha256``; empty where there is none."""
    for step in path.replace("[", ".[").split("."):
        try:
            values = values[int(step[1:-1])] if step.startswith("[") else values[step]
        except (KeyError, IndexError, TypeError):
            return ""  # only the other side has it
    return _plain(values)
