"""What triage may start from: how this article was triaged before, or others on the same topics were."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Topic
from editorial.models import Specialty
from editorial.models.policy import RiskTier

LOOKED_AT = 20
"""The latest articles on the same topics that are looked at."""


@dataclass(frozen=True)
class Start:
    """A proposal that the editor looks over; ``why`` ends a sentence, and is empty where nothing is known."""

    risk_tier: str = RiskTier.STANDARD
    specialty: Specialty | None = None
    why: str = ""


def start_of(article: Article) -> Start:
    """Never a lower risk than standard: that is for an editor to say."""
    if article.specialty is not None:
        return Start(article.risk_tier or RiskTier.STANDARD, article.specialty, _("as it was triaged before"))
    topics = list(article.topics.all())
    return _like_others(article, topics) or _by_name(topics) or Start(article.risk_tier or RiskTier.STANDARD)


def _like_others(article: Article, topics: list[Topic]) -> Start | None:
    rows = Article.objects.kept().filter(topics__in=topics).exclude(pk=article.pk).exclude(specialty=None)
    seen = list(rows.order_by("-pk").values_list("pk", "specialty", "risk_tier").distinct()[:LOOKED_AT])
    if not seen:
        return None
    specialty, count = Counter(specialty for _pk, specialty, _risk in seen).most_common(1)[0]
    high = any(risk == RiskTier.HIGH for _pk, of, risk in seen if of == specialty)
    why = ngettext(
        "as for %(count)s other article on its topics", "as for %(count)s other articles on its topics", count
    )
    risk = article.risk_tier or (RiskTier.HIGH if high else RiskTier.STANDARD)
    return Start(risk, Specialty.objects.get(pk=specialty), why % {"count": count})


def _by_name(topics: list[Topic]) -> Start | None:
    """A topic that says a specialty's name."""
    names = [topic.name.casefold() for topic in topics]
    for specialty in Specialty.objects.all():
        if any(specialty.name.casefold() in name for name in names):
            return Start(specialty=specialty, why=_("by the name of its topic"))
    return None
