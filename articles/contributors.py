"""Who contributed to an article's words, found in its history and never typed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps

from articles.models import AIContribution, Article, AudienceVariant, Citation

_COVERED = {
    AudienceVariant: ("audience", "body"),
    Citation: ("key", "reference_id", "cited_because_retracted", "rationale"),
    AIContribution: ("tool", "version", "use", "prompts"),
}


def contributors(article: Article) -> set[int]:
    """User ids of the authors, and of whoever changed a field of the snapshot since the last version
    with a full review. Triage and the other verbs alone make nobody one.
    """
    since = _last_full_review(article)
    found = set(article.authors.values_list("pk", flat=True))
    topics = _topics(article)
    found |= _changed_by(
        article.history.order_by("history_date", "history_id"),
        lambda row: (*(getattr(row, name) for name in Article.SNAPSHOT_FIELDS), topics[row.history_id]),
        since,
    )
    for model, fields in _COVERED.items():
        rows = model.history.filter(article_id=article.pk).order_by("id", "history_date", "history_id")
        found |= _changed_by(rows, lambda row, fields=fields: tuple(getattr(row, name) for name in fields), since)
    return found


def _last_full_review(article: Article) -> datetime | None:
    """The instant of its last signature: a scheduled version is published long after its text was judged."""
    signed = article.publications.filter(basis="signed", change_class__in=["new", "update"]).order_by("-number").first()
    if signed is None:
        return None
    signatures = signed.evidence.get("signatures", ())
    return max((datetime.fromisoformat(s["signed_at"]) for s in signatures), default=signed.published_at)


def _changed_by(rows: Iterable[Any], values: Any, since: datetime | None) -> set[int]:
    """Users of the history rows whose covered values differ from those of the row before, or that delete one."""
    found: set[int] = set()
    last: dict[Any, Any] = {}
    for row in rows:
        now = None if row.history_type == "-" else values(row)
        changed = last.get(row.id) != now
        last[row.id] = now
        if changed and row.history_user_id and (since is None or row.history_date > since):
            found.add(row.history_user_id)
    return found


def _topics(article: Article) -> defaultdict[int, frozenset[int]]:
    """The topics that each row of the article's history had, in one query."""
    rows = apps.get_model("articles.HistoricalArticle_topics").objects.filter(article_id=article.pk)
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for history_id, topic_id in rows.values_list("history_id", "topic_id"):
        found[history_id] |= {topic_id}
    return found
