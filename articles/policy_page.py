"""The editorial policy as its public page shows it, from one version and those around it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from articles import policy_changes, rendering
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
    earlier = next((each for each in versions if each.version < policy.version and is_kept(each, versions)), None)
    return {
        "policy": {
            "version": policy.version,
            "in_force_from": in_force_since(policy, versions),
            "disabled_on": policy.disabled_at.date() if policy.disabled_at else None,
            "html": html,
        },
        "tiers": [
            {"label": tier.label, "rules": [_rule(rule) for rule in _of_tier(policy, tier)]}
            for tier in RiskTier
            if _of_tier(policy, tier)
        ],
        "checklist": [
            {"text": item.text, "critical": item.critical, "every_class": item.every_class}
            for item in policy.checklist.all()
        ],
        "changes": policy_changes.between(earlier, policy) if earlier else None,
        "versions": [
            {
                "said": _version(each, versions),
                "version": each.version,
                "begins": each.in_force_from if is_kept(each, versions) else None,
            }
            for each in versions
            if len(versions) > 1
        ],
    }


def is_kept(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> bool:
    """Whether it is, was or will be in force, and so has an address of its own for good."""
    if policy.disabled_at is not None:
        return _ended(policy)
    return not _is_overtaken(policy, versions)


def _is_overtaken(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> bool:
    """A newer one began, or begins, no later than this one."""
    return any(day <= policy.in_force_from for day in _later(policy, versions))


def _later(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> list[date]:
    """On which days newer ones that stand begin."""
    return [each.in_force_from for each in versions if each.version > policy.version and each.disabled_at is None]


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
    later = _later(policy, versions)
    if not later:
        return _("Version %(version)s, from %(first)s on") % values
    if _is_overtaken(policy, versions):
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
