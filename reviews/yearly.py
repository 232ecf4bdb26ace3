"""What happened here in a year, as the policy's form weighs it against the board."""

from datetime import UTC, date, datetime, time

from django.db.models import Count

from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.capacity import Year
from editorial.clock import add_months
from reviews.models import ReviewRound


def until(today: date) -> Year:
    """Rounds opened in the last twelve months, pages that are live, specialties that articles have."""
    since = datetime.combine(add_months(today, -12), time.min, tzinfo=UTC)
    keys = ("rule__risk_tier", "rule__change_class")
    rounds = ReviewRound.objects.filter(opened_at__gte=since).order_by().values_list(*keys).annotate(Count("pk"))
    live = Publication.objects.filter(status=PublicationStatus.LIVE).order_by()
    pages = live.values_list("policy__risk_tier").annotate(Count("pk"))
    specialties = Article.objects.kept().exclude(specialty=None).order_by().values_list("specialty__slug", flat=True)
    return Year(
        rounds={(tier, change): count for tier, change, count in rounds},
        live=dict(pages),
        specialties=frozenset(specialties.distinct()),
    )
