"""The editorial policy as its public page shows it, from one version and those around it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from articles import rendering
from editorial import clock
from editorial.models import EditorialPolicy, ReviewRule
from editorial.models.policy import ChangeClass, RiskTier
from editorial.wording import approvers_words, confirmation_words


def versions() -> list[EditorialPolicy]:
    """All of them with what their pages need, the newest first."""
    return list(EditorialPolicy.objects.prefetch_related("rules__also", "checklist"))


def of(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> dict[str, Any]:
    """What ``articles/reader/policy.html`` takes."""
    html = rendering.render(policy.text, audience="general", numbers={}).html
    return {
        "policy": {"version": policy.version, "in_force_from": in_force_since(policy, versions), "html": html},
        "tiers": [
            {"label": tier.label, "rules": [_rule(rule) for rule in _of_tier(policy, tier)]}
            for tier in RiskTier
            if _of_tier(policy, tier)
        ],
        "checklist": [
            {"text": item.text, "critical": item.critical, "every_class": item.every_class}
            for item in policy.checklist.all()
        ],
        "versions": [_version(each, versions) for each in versions if len(versions) > 1],
    }


def in_force_since(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> date:
    """Its own first day; or the day on which a newer one that had begun was disabled."""
    ended = [other.disabled_at.date() for other in versions if other.version > policy.version and _ended(other)]
    return max([policy.in_force_from, *ended])


def _ended(policy: EditorialPolicy) -> bool:
    return policy.disabled_at is not None and policy.in_force_from <= policy.disabled_at.date()


def _version(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> str:
    """When it was or will be in force, in words."""
    values: dict[str, Any] = {"version": policy.version, "first": clock.shown(policy.in_force_from)}
    if policy.disabled_at is not None:
        day = clock.shown(policy.disabled_at.date())
        if _ended(policy):
            return _("Version %(version)s, from %(first)s, taken out of force on %(day)s") % {**values, "day": day}
        return _("Version %(version)s never came into force") % values
    later = [other.in_force_from for other in versions if other.version > policy.version and other.disabled_at is None]
    if not later:
        return _("Version %(version)s, from %(first)s on") % values
    if min(later) <= policy.in_force_from:
        return _("Version %(version)s never came into force") % values
    last = clock.shown(min(later) - timedelta(days=1))
    return _("Version %(version)s, from %(first)s until %(last)s") % {**values, "last": last}


def _of_tier(policy: EditorialPolicy, tier: str) -> list[ReviewRule]:
    rules = (rule for rule in policy.rules.all() if rule.risk_tier == tier)
    return sorted(rules, key=lambda rule: ChangeClass.values.index(rule.change_class))


def _rule(rule: ReviewRule) -> dict[str, Any]:
    return {
        "change_class": rule.get_change_class_display(),
        "approvals": rule.approvals,
        "approvers": approvers_words(rule) if rule.approvals else "",
        "confirmation": confirmation_words(rule),
        "review_within_days": rule.review_days if rule.approvals else None,
        "re_review_months": rule.re_review_months if rule.approvals else None,
    }
