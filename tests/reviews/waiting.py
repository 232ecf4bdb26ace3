"""The list of articles that wait for their week, as tests tell of it."""

from datetime import UTC, datetime, timedelta

from articles.models import Article
from editorial.models import AuditEvent
from reviews import workflow
from reviews.models import ReviewRound, RoundPace, WaitingRound

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def listed(story, *titles: str, by: str = "tom", **fields) -> list[Article]:
    """Triaged and put on the list in this order."""
    found = []
    for title in titles:
        article = story.triaged(title=title, **fields)
        workflow.list_round(article, actor=story.people[by], now=story.tick())
        found.append(article)
    return found


def pace(story, a_week: int, *, paused: bool = False) -> None:
    row, _made = RoundPace.objects.get_or_create(pk=1)
    workflow.set_pace(row, actor=story.people["ingrid"], now=story.tick(), a_week=a_week, paused=paused)


def order() -> list[str]:
    return [entry.article.title for entry in WaitingRound.objects.standing().select_related("article")]


def opened() -> list[str]:
    return list(ReviewRound.objects.order_by("pk").values_list("article__title", flat=True))


def events(kind: str) -> int:
    return AuditEvent.objects.filter(kind=kind).count()
