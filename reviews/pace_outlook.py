"""What a pace of opening rounds asks of the board in a year, in words."""

from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from editorial import capacity, outlook, registry
from editorial.models import EditorialPolicy
from editorial.models.policy import ChangeClass, RiskTier
from reviews.models import WaitingRound
from reviews.reminders.owed import house_day

USUAL = {(RiskTier.STANDARD, ChangeClass.NEW): 1}
"""What is reckoned with while nothing waits."""


def of(a_week: int, *, now: datetime) -> tuple[str, bool]:
    """The sentence, and whether the board gives what is asked. As many rounds as that, of the kinds that wait now."""
    today = house_day(now)
    policy = EditorialPolicy.in_force(now.date())
    if policy is None:
        return _("No editorial policy is in force, so no round can be opened."), False
    rules = [outlook.rule_of(rule) for rule in policy.rules.prefetch_related("also")]
    closed = outlook.closed_days(today)
    rounds = a_week * (capacity.DAYS - closed) / 7
    kinds = _kinds() or USUAL
    asked = {kind: round(rounds * count / sum(kinds.values())) for kind, count in kinds.items()}
    year = capacity.Year(rounds=asked, live=registry.year_until(today).live)
    found = capacity.balance(rules, year, outlook.board_on(today), closed_days=closed)
    said = _(
        "At %(count)s a week the board is asked for about %(needed)s reviews a year, those of pages that come due for "
        "re-review among them; it gives about %(given)s."
    )
    values = {"count": a_week, "needed": capacity.about(found.needed), "given": capacity.about(found.given)}
    return said % values, found.covered


def _kinds() -> dict[tuple[str, str], int]:
    """Risk and change class of what waits; a risk that isn't set counts as high."""
    rows = WaitingRound.objects.standing().order_by()
    counted = rows.values_list("article__risk_tier", "article__change_class").annotate(Count("pk"))
    found: dict[tuple[str, str], int] = {}
    for tier, change_class, count in counted:
        key = (tier or RiskTier.HIGH, change_class)
        found[key] = found.get(key, 0) + count
    return found
