"""How a place on the list of those that wait for their week ends. Called inside verbs, under the article's lock."""

from datetime import datetime

from articles.models import Article
from articles.states import ArticleState
from editorial.verbs import record
from reviews.models import WaitingRound


def opened_by_hand(article: Article, *, now: datetime) -> None:
    """Called when a round is opened: an article that waited for its week has left the list."""
    for entry in WaitingRound.objects.filter(article=article, ended_at=None):
        end(entry, article, WaitingRound.Ended.BY_HAND, now=now)


def drop_stale(article: Article, *, now: datetime) -> None:
    """Take it off when the submission that waited is over."""
    for entry in WaitingRound.objects.filter(article=article, ended_at=None):
        submitted = article.state == ArticleState.SUBMITTED and article.abandoned_at is None
        if not submitted or entry.submitted_at != article.submitted_at:
            end(entry, article, WaitingRound.Ended.MOVED_ON, now=now)


def end(entry: WaitingRound, article: Article, how: str, *, now: datetime) -> None:
    entry.ended_at, entry.ended = now, how
    entry.save(update_fields=["ended_at", "ended"])
    kind = "article.round_opened_in_its_week" if how == WaitingRound.Ended.OPENED else "article.round_unlisted"
    record(kind, article.subject, how=str(how), listed_by=str(entry.listed_by.uuid))
