"""Who contributed to an article's words, found in its history and never typed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps

from articles.models import AIContribution, Article, AudienceVariant, Citation, Reference

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
    since = _last_full_review(article)
    topics = _topics(article)
    rows = article.history.order_by("history_date", "history_id")
    changed = list(
        _changes(rows, lambda row: (*(getattr(row, n) for n in Article.SNAPSHOT_FIELDS), topics[row.history_id]))
    )
    for model, fields in _COVERED.items():
        rows = model.history.filter(article_id=article.pk).order_by("id", "history_date", "history_id")
        changed += _changes(rows, _fields(fields))
    changed += _library_changes(article)
    found = {row.history_user_id for row in changed if row.history_user_id and (not since or row.history_date > since)}
    return found | set(article.authors.values_list("pk", flat=True)) | _once_authors(article, since)


def _last_full_review(article: Article) -> datetime | None:
    """The instant of its last signature: a scheduled version is published long after its text was judged."""
    signed = article.publications.filter(basis="signed", change_class__in=["new", "update"]).order_by("-number").first()
    if signed is None:
        return None
    signatures = signed.evidence.get("signatures", ())
    return max((datetime.fromisoformat(s["signed_at"]) for s in signatures), default=signed.published_at)


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


def _topics(article: Article) -> defaultdict[int, frozenset[int]]:
    """The topics that each row of the article's history had, in one query."""
    rows = apps.get_model("articles.HistoricalArticle_topics").objects.filter(article_id=article.pk)
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for history_id, topic_id in rows.values_list("history_id", "topic_id"):
        found[history_id] |= {topic_id}
    return found


def _once_authors(article: Article, since: datetime | None) -> set[int]:
    """Authors of the time since then, the removed ones too."""
    rows = apps.get_model("articles.HistoricalArticle_authors").objects.filter(article_id=article.pk)
    if since is not None:
        rows = rows.filter(history__history_date__gt=since)
    return set(rows.values_list("user_id", flat=True))


def _library_changes(article: Article) -> Iterator[Any]:
    """Changes to the words of a source while this article cites it: readers see them in its list."""
    cited_since: dict[int, datetime] = {}
    for reference, day in Citation.history.filter(article_id=article.pk).values_list("reference_id", "history_date"):
        cited_since[reference] = min(day, cited_since.get(reference, day))
    rows = Reference.history.filter(id__in=cited_since).order_by("id", "history_date", "history_id")
    return (row for row in _changes(rows, _fields(_SHOWN)) if row.history_date > cited_since[row.id])
