"""Who contributed to an article's words, found in its history and never typed."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import DateTimeField, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import JSONObject

from articles.models import AIContribution, Article, AudienceVariant, Citation, Publication, Reference
from editorial.models.policy import FULL_CLASSES
from editorial.once import once
from editorial.prepared import ANYONE, Prepared, prepared

_COVERED = {
    "article": (Article, Article.SNAPSHOT_FIELDS),
    "variant": (AudienceVariant, ("audience", "body")),
    "citation": (Citation, ("key", "reference_id", "cited_because_retracted", "rationale")),
    "ai": (AIContribution, ("tool", "version", "use", "prompts")),
}
"""What the snapshot takes of each row. The library's entries and the topics of an article's row come besides."""

_SHOWN = (
    *("kind", "csl_type", "title", "authors", "container_title", "publisher", "year", "volume", "issue", "page"),
    *("doi", "pmid", "pmcid", "isbn", "url", "accessed_on", "extra"),
)
"""What readers see of a reference."""

_NEVER = Value(None, output_field=DateTimeField())
_NOTHING = JSONObject()


class _Row(NamedTuple):
    """One row of any of the tables: what it is, and whose. ``mark`` is the kind of change, or a digest."""

    kind: str
    article: int
    row: int
    version: int
    at: datetime | None
    user: int | None
    mark: str
    values: Any


Records = dict[str, list[_Row]]
Act = tuple[int, int | None, datetime | None]
"""On which article who did something, and when; without an instant it is so today."""


@once
def contributors(article: Article) -> set[int]:
    """User ids of the authors, and of whoever changed a field of the snapshot since the last version
    with a full review was frozen. Triage and the other verbs alone make nobody one.
    """
    return contributors_of([article])[article.pk]


def contributors_of(articles: Sequence[Article]) -> dict[int, set[int]]:
    """The same for several articles, by their ids, in one query however many they are."""
    found: dict[int, set[int]] = {article.pk: set() for article in articles}
    records = _records(list(found))
    since = _frozen(records)
    for pk, user, at in (*_changes(records), *_library_changes(records), *_authors(records)):
        if user and (at is None or pk not in since or at > since[pk]):
            found[pk].add(user)
    return found


def _records(pks: list[int]) -> Records:
    """Every row that has a say, by kind, each kind's rows by their version's age."""
    found: Records = defaultdict(list)
    for values in _of_one().rows_about(pks[0]) if len(pks) == 1 else _rows(pks):
        row = _Row(*values)
        found[row.kind].append(row)
    for kind in (*_COVERED, "library"):
        found[kind].sort(key=lambda row: (row.row, row.at, row.version))
    return found


@functools.cache
def _of_one() -> Prepared:
    """The rows of one article: verbs ask for them, and to write such a query takes longer than to answer it."""
    return prepared(_rows([ANYONE]))


def _rows(pks: list[int]) -> QuerySet[Any, Any]:
    legs = []
    for kind, (model, fields) in _COVERED.items():
        key = "id" if model is Article else "article_id"
        legs.append(_history(kind, model.history.filter(**{f"{key}__in": pks}), F(key), fields))
    cited = Citation.history.filter(article_id__in=pks).order_by().values("reference_id")
    legs.append(_history("library", Reference.history.filter(id__in=cited), Value(0), _SHOWN))
    return legs[0].union(*legs[1:], *_beside(pks), all=True)


def _history(kind: str, rows: QuerySet[Any], article: F | Value, fields: Sequence[str]) -> QuerySet[Any, Any]:
    values = JSONObject(**{name: name for name in fields})
    return _leg(
        kind, rows, article, "id", "history_id", F("history_date"), F("history_user_id"), "history_type", values
    )


def _beside(pks: list[int]) -> list[QuerySet[Any, Any]]:
    """Topics and authors of each version, authors of today, each freeze, and each full review."""
    topics = apps.get_model("articles.HistoricalArticle_topics").objects.filter(article_id__in=pks)
    once = apps.get_model("articles.HistoricalArticle_authors").objects.filter(article_id__in=pks)
    today = Article.authors.through.objects.filter(article__in=pks)
    freezes = Article.history.filter(id__in=pks, submitted_at=F("history_date")).exclude(frozen_digest="")
    reviews = Publication.objects.filter(article__in=pks, basis="signed", change_class__in=FULL_CLASSES)
    article, nobody, unmarked = F("article_id"), Value(None, output_field=IntegerField()), Value("")
    return [
        _leg("topic", topics, article, "topic_id", "history_id", _NEVER, nobody, unmarked, _NOTHING),
        _leg("author", once, article, "user_id", "history_id", F("history__history_date"), F("user_id"), unmarked),
        _leg("author", today, article, "user_id", "user_id", _NEVER, F("user_id"), unmarked),
        _leg("freeze", freezes, F("id"), "id", "history_id", F("history_date"), nobody, "frozen_digest"),
        _leg("review", reviews, article, "number", "number", F("published_at"), nobody, "digest", F("evidence")),
    ]


def _leg(
    kind: str,
    rows: QuerySet[Any],
    article: F | Value,
    row: str,
    version: str,
    at: F | Value,
    user: F | Value,
    mark: str | Value,
    values: F | Func = _NOTHING,
) -> QuerySet[Any, Any]:
    shown = F(mark) if isinstance(mark, str) else mark
    return rows.order_by().values_list(Value(kind), article, F(row), F(version), at, user, shown, values)


def _frozen(records: Records) -> dict[int, datetime]:
    """When the text of the last version with a full review was frozen; what came later is none of its words.

    Its own submission is the last one of that digest before the signatures. Where no record tells, everything counts.
    """
    found: dict[int, datetime] = {}
    for review in sorted(records["review"], key=lambda review: review.row):
        signatures = review.values.get("signatures", ())
        signed = max((datetime.fromisoformat(s["signed_at"]) for s in signatures), default=review.at)
        same = (f for f in records["freeze"] if (f.article, f.mark) == (review.article, review.mark))
        instants = [freeze.at for freeze in same if freeze.at <= signed]
        found.pop(review.article, None)
        if instants:
            found[review.article] = max(instants)
    return found


def _changes(records: Records) -> Iterator[Act]:
    topics: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for row in records["topic"]:
        topics[row.version] |= {row.row}
    rows = [row._replace(values=(row.values, topics[row.version])) for row in records["article"]]
    for kind in _COVERED:
        for row in _differing(rows if kind == "article" else records[kind]):
            yield row.article, row.user, row.at


def _differing(rows: Sequence[_Row]) -> Iterator[_Row]:
    """The versions whose values differ from those of the version before, or that delete a row."""
    last: dict[int, Any] = {}
    for row in rows:
        now = None if row.mark == "-" else row.values
        if last.get(row.row) != now:
            yield row
        last[row.row] = now


def _library_changes(records: Records) -> Iterator[Act]:
    """Changes to the words of a source while an article cites it: readers see them in its list."""
    cited_since: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for row in records["citation"]:
        citing = cited_since[row.values["reference_id"]]
        citing[row.article] = min(row.at, citing.get(row.article, row.at))
    for row in _differing(records["library"]):
        for pk, day in cited_since[row.row].items():
            if row.at > day:
                yield pk, row.user, row.at


def _authors(records: Records) -> Iterator[Act]:
    """Authors today, and those of the time since the last full review, the removed ones too."""
    for row in records["author"]:
        yield row.article, row.user, row.at
