"""What a page of metrics is asked for, without the page."""

from datetime import timedelta
from typing import Any

from editorial.models import User
from reviews.metrics.scopes import Scope, usual


def scope(story: Any, *, reader: User | None = None, specialty: str = "", risk: str = "") -> Scope:
    """The last 90 days as the story's editor sees them now."""
    found = usual(reader or story.people["tom"], now=story.now)
    return Scope(found.reader, found.now, found.period, specialty, risk)


def days_pass(story: Any, days: float) -> None:
    story.now += timedelta(days=days)
