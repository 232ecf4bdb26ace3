"""Who contributed to an article's words, found in its history and never typed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps

from articles.models import AIContribution, Article, AudienceVariant, Citation, Publication, Reference

_COVERED = {
    AudienceVariant: ("audience", "body"),
    Citation: ("key", "reference_id", "cited_because_retracted", "rationale"),
    AIContribution: ("tool", "version", "use", "prompts"),
}

_SHOWN = (
    *("kind", "csl_type", "title", "authors", "container_title", "publisher", "year", "volume", "issue", "page"),
    *("doi", "pmid", "pmcid", "isbn", "url", "accessed_on", "extra"),
)
"""What readers see of a reference."""


def contributors(article: Article) -> set[int]:
    """User ids of the authors, and of whoever changed a field of the snapshot since the last version
    with a full review. Triage and the other verbs alone make nobody one.
    """
    return contributors_of([article])[article.pk]


def contributors_of(articles: Sequence[Article]) -> dict[int, set[int]]:
    """The same for several articles, by their ids, with as many queries as for one."""
    pks = [article.pk for article in articles]
    since = _last_full_reviews(pks)
    changed = {pk: list(rows) for pk, rows in _article_changes(pks).items()}
    for model, fields in _COVERED.items():
        rows = model.history.filter(article_id__in=pks).order_by("id", "history_date", "history_id")
        for row in _changes(rows, _fields(fields)):
            changed.setdefault(row.article_id, []).append(row)
    for pk, row in _library_changes(pks):
        changed.setdefault(pk, []).append(row)
    authors = _authors(pks, since)
    found = {}
    for pk in pks:
        rows, last = changed.get(pk, ()), since.get(pk)
        by = {row.history_user_id for row in rows if row.history_user_id and (not last or row.history_date > last)}
        found[pk] = by | authors[pk]
    return found


def _last_full_reviews(pks: list[int]) -> dict[int, datetime]:
    """The instant of its last signature: a scheduled version is published long after its text was judged."""
    rows = Publication.objects.filter(article__in=pks, basis="signed", change_class__in=["new", "update"])
    found = {}
    for publication in rows.order_by("number").only("article_id", "evidence", "published_at"):
        signatures = publication.evidence.get("signatures", ())
        instants = (datetime.fromisoformat(signature["signed_at"]) for signature in signatures)
        found[publication.article_id] = max(instants, default=publication.published_at)
    return found


def _article_changes(pks: list[int]) -> dict[int, list[Any]]:
    topics = _topics(pks)
    rows = Article.history.filter(id__in=pks).order_by("id", "history_date", "history_id")
    found: dict[int, list[Any]] = {}
    for row in _changes(
        rows, lambda row: (*(getattr(row, n) for n in Article.SNAPSHOT_FIELDS), topics[row.history_id])
    ):
        found.setdefault(row.id, []).append(row)
    return found


def _changes(rows: Iterable[Any], values: Callable[[Any], Any]) -> Iterator[Any]:
    """The history rows whose covered values differ from those of the row before, or that delete one."""
    last: dict[Any, Any] = {}
    for row in rows:
        now = None if row.history_type == "-" else values(row)
        if last.get(row.id) != now:
            yield row
        last[row.id] = now


def _fields(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda row: tuple(getattr(row, name) for name in names)


def _topics(pks: list[int]) -> defaultdict[int, frozenset[int]]:
    """The topics that each row of the articles' history had, in one query."""
    rows = apps.get_model("articles.HistoricalArticle_topics").objects.filter(article_id__in=pks)
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for history_id, topic_id in rows.values_list("history_id", "topic_id"):
        found[history_id] |= {topic_id}
    return found


def _authors(pks: list[int], since: dict[int, datetime]) -> defaultdict[int, set[int]]:
    """Authors today, and those of the time since the last full review, the removed ones too."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for pk, user in Article.authors.through.objects.filter(article__in=pks).values_list("article_id", "user_id"):
        found[pk].add(user)
    once = apps.get_model("articles.HistoricalArticle_authors").objects.filter(article_id__in=pks)
    for pk, user, at in once.values_list("article_id", "user_id", "history__history_date"):
        if pk not in since or at > since[pk]:
            found[pk].add(user)
    return found


def _library_changes(pks: list[int]) -> Iterator[tuple[int, Any]]:
    """Changes to the words of a source while an article cites it: readers see them in its list."""
    cited_since: dict[int, dict[int, datetime]] = {}
    rows = Citation.history.filter(article_id__in=pks).values_list("article_id", "reference_id", "history_date")
    for pk, reference, day in rows:
        citing = cited_since.setdefault(reference, {})
        citing[pk] = min(day, citing.get(pk, day))
    history = Reference.history.filter(id__in=cited_since).order_by("id", "history_date", "history_id")
    for row in _changes(history, _fields(_SHOWN)):
        for pk, day in cited_since[row.id].items():
            if row.history_date > day:
                yield pk, row
