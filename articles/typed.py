"""An article as somebody is typing it: the form's values as the same values that a saved article gives.

Nothing here is stored and nothing typed is an error: half a date, an unknown reference or an empty text is what
preflight speaks about. Only what no database could keep is refused.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles import snapshots, twins
from articles.models import AIContribution, Article, AudienceVariant, Citation, Reference, Topic
from editorial.models import User
from editorial.roles import is_editor
from editorial.text import clean

LARGEST = 1_000_000
"""Bytes of UTF-8 of all fields together: a text for each audience and as much again for the rest."""

PLAIN = ("title", "short_answer", "language", "region", "byline", "funding", "origin", "change_note")
REST = ("products", "sponsors", "conclusions_changed", "literature_current_to", "edit_stamp")
TIMES = ("publish_not_before_0", "publish_not_before_1")
MANY = ("topics", "authors")
STRIPPED = ("title", "language", "region", "key", "tool", "version", "use")
ROWS = ("variants", "citations", "ai_contributions")
FILLED = {
    "variants": ("id", "body"),
    "citations": ("key", "reference", "rationale", "supporting_quote"),
    "ai_contributions": ("tool", "version", "use", "prompts"),
}
"""A row with a word in one of these isn't empty: nothing typed is dropped."""
_ROW = re.compile(rf"({'|'.join(ROWS)})-(\d{{1,4}})-([a-z_]+|DELETE)")
_COUNT = re.compile(rf"(?:{'|'.join(ROWS)})-(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS")
_ANSWERS = {"true": True, "false": False}

Values = dict[str, list[str]]


@dataclass(frozen=True)
class Typed:
    """``article`` is a copy that is never saved."""

    article: Article
    parts: snapshots.Parts

    @property
    def snapshot(self) -> snapshots.Snapshot:
        return snapshots.of(self.article, parts=self.parts)


def values_of(sent: QueryDict, user: User) -> Values:
    """The fields of the article's form as ``user`` gets it and nothing else, as clean text.

    Raises ValidationError for what can't be kept, and for more than fits.
    """
    found = {name: [clean(value) for value in sent.getlist(name)] for name in sent if belongs(name)}
    if not is_editor(user):
        found.pop("authors", None)
    size = sum(len(value.encode()) for values in found.values() for value in values)
    if size > LARGEST:
        raise ValidationError(
            _("All fields together have %(size)s bytes; at most %(limit)s fit. Shorten a text."),
            code="size",
            params={"size": size, "limit": LARGEST},
        )
    return found


def of(article: Article, values: Mapping[str, list[str]]) -> Typed:
    """The article as these values have it; of its own fields, what they don't name stays as it is stored."""
    shown = copy.copy(article)
    for name in PLAIN:
        if name in values:
            setattr(shown, name, _as_saved(name, _last(values, name)))
    if "literature_current_to" in values:
        shown.literature_current_to = _day(_last(values, "literature_current_to"))
    if "conclusions_changed" in values:
        shown.conclusions_changed = _ANSWERS.get(_last(values, "conclusions_changed"))
    return Typed(shown, _parts(article, values))


def rows(values: Mapping[str, list[str]], kind: str) -> list[dict[str, str]]:
    """The rows of one kind in the order of the form, without those that are ticked for deletion or empty."""
    found: dict[int, dict[str, str]] = {}
    for name in values:
        if (match := _ROW.fullmatch(name)) and match.group(1) == kind:
            field = match.group(3)
            found.setdefault(int(match.group(2)), {})[field] = _as_saved(field, _last(values, name))
    kept = [found[number] for number in sorted(found)]
    return [row for row in kept if not row.get("DELETE") and _is_filled(kind, row)]


def _parts(article: Article, values: Mapping[str, list[str]]) -> snapshots.Parts:
    return snapshots.Parts(
        variants=[
            AudienceVariant(article=article, audience=row.get("audience", ""), body=row.get("body", ""))
            for row in rows(values, "variants")
        ],
        citations=_citations(article, rows(values, "citations")),
        contributions=[
            AIContribution(
                article=article, **{name: row.get(name, "") for name in ("tool", "version", "use", "prompts")}
            )
            for row in rows(values, "ai_contributions")
        ],
        topics=list(Topic.objects.filter(pk__in=_ids(values.get("topics", [])))),
        authors=_authors(article, values),
    )


def _citations(article: Article, typed: list[dict[str, str]]) -> list[Citation]:
    wanted = _ids([row.get("reference", "") for row in typed])
    library = Reference.objects.select_related("superseded_by").annotate(grave=twins.grave()).in_bulk(wanted)
    return [
        Citation(
            article=article,
            reference=library[int(row["reference"])],
            key=row.get("key", ""),
            cited_because_retracted=bool(row.get("cited_because_retracted")),
            rationale=row.get("rationale", ""),
            supporting_quote=row.get("supporting_quote", ""),
        )
        for row in typed
        if _ids([row.get("reference", "")]) and int(row["reference"]) in library
    ]


def _authors(article: Article, values: Mapping[str, list[str]]) -> list[str]:
    """An author's form says nothing about who wrote it."""
    people = User.objects.filter(pk__in=_ids(values["authors"])) if "authors" in values else article.authors.all()
    return [person.shown_name for person in people.order_by("id")]


def _is_filled(kind: str, row: dict[str, str]) -> bool:
    return any(row.get(name, "").strip() for name in FILLED[kind])


def belongs(name: str) -> bool:
    """Whether a field of this name is one of the article's form."""
    plain = name in (*PLAIN, *REST, *TIMES, *MANY)
    return plain or bool(_ROW.fullmatch(name) or _COUNT.fullmatch(name))


def _last(values: Mapping[str, list[str]], name: str) -> str:
    return values[name][-1] if values[name] else ""


def _as_saved(field: str, text: str) -> str:
    """The text that a save would store: short fields without blanks around them, blanks alone as nothing."""
    return text.strip() if field in STRIPPED or text.isspace() else text


def _day(text: str) -> date | None:
    try:
        return forms.DateField(required=False).clean(text)
    except ValidationError:
        return None


def _ids(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= 18]
