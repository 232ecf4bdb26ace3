"""Two people saved from the same page: what the second typed is laid over what the first stored."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from articles import differences, snapshots, typed
from articles.models import Article

_NATURAL = {"variants": "audience", "citations": "key", "ai_contributions": "tool"}
"""The field by which two rows are the same where their numbers differ."""

_UNSEEN = (
    ("authors", _("Authors")),
    ("products", _("Products")),
    ("sponsors", _("Sponsors")),
    ("quotes", _("Supporting quotes")),
    ("publish_not_before", _("Publish not before")),
)
"""What a save would replace though no reader sees it."""


def rebased(article: Article, values: Mapping[str, list[str]]) -> typed.Values:
    """The typed values over the rows that are stored now, so that a save makes the article exactly as typed.

    A stored row that wasn't typed is ticked for deletion; a typed row that isn't stored any more becomes a new one.
    """
    result = dict(values)
    for kind in typed.ROWS:
        if f"{kind}-TOTAL_FORMS" in values:
            result = {name: given for name, given in result.items() if not re.match(rf"{kind}-\d", name)}
            result |= _rows(article, kind, typed.rows(values, kind))
    return result


def between(article: Article, values: Mapping[str, list[str]]) -> list[differences.FieldDifference]:
    """What saving the typed values would change in the article as it is stored now."""
    stored, mine = snapshots.parts_of(article), typed.of(article, values)
    found = differences.between(snapshots.of(article, parts=stored).values, mine.snapshot.values)
    before = _unseen(article, stored)
    after = _unseen(article, mine.parts) | {
        name: values[name][-1] for name in ("products", "sponsors") if values.get(name)
    }
    if all(values.get(name) for name in typed.TIMES):
        after["publish_not_before"] = _instant([values[name][-1] for name in typed.TIMES])
    return found + [
        differences.of_texts(name, str(label), before[name], after[name])
        for name, label in _UNSEEN
        if before[name] != after[name]
    ]


def _unseen(article: Article, parts: snapshots.Parts) -> dict[str, str]:
    return {
        "authors": "\n".join(parts.authors),
        "products": article.products,
        "sponsors": article.sponsors,
        "quotes": "\n".join(f"{c.key}: {c.supporting_quote}" for c in parts.citations if c.supporting_quote),
        "publish_not_before": _shown(article.publish_not_before),
    }


def _instant(typed: list[str]) -> str:
    """Day and hour as they would be stored; as they were typed where they are none."""
    try:
        return _shown(forms.SplitDateTimeField(required=False).clean(typed))
    except ValidationError:
        return " ".join(typed)


def _shown(instant: datetime | None) -> str:
    return f"{localtime(instant):%Y-%m-%d %H:%M}" if instant else ""


def _rows(article: Article, kind: str, mine: list[dict[str, str]]) -> typed.Values:
    """The fields of one kind's rows: the stored ones first, as the framework's forms ask for it."""
    stored = list(getattr(article, kind).all())
    laid: list[dict[str, str]] = []
    for row in stored:
        found = _same(kind, row, mine)
        if found is None:
            laid.append({**_fields(row), "DELETE": "on"})
        else:
            mine.remove(found)
            laid.append(found)
    laid = [{**fields, "id": str(row.pk)} for fields, row in zip(laid, stored, strict=True)]
    laid += [{**fields, "id": ""} for fields in mine]
    made = {
        f"{kind}-{number}-{name}": [value]
        for number, fields in enumerate(laid)
        for name, value in {**fields, "article": str(article.pk)}.items()
        if value or name in ("id", "article") or name not in ("cited_because_retracted", "DELETE")
    }
    return made | {f"{kind}-TOTAL_FORMS": [str(len(laid))], f"{kind}-INITIAL_FORMS": [str(len(stored))]}


def _same(kind: str, row: Any, mine: list[dict[str, str]]) -> dict[str, str] | None:
    natural = _NATURAL[kind]
    by_number = (fields for fields in mine if fields.get("id") == str(row.pk))
    by_name = (fields for fields in mine if fields.get(natural) == getattr(row, natural))
    return next(by_number, None) or next(by_name, None)


def _fields(row: Any) -> dict[str, str]:
    """A stored row as its form would send it."""
    named = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: "on" if value is True else str(value or "") for name, value in named.items()}
