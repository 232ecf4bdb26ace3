"""What a policy would ask of today's board: the warnings and the balance that its form shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from editorial import capacity, registry
from editorial.models import BoardMember, ClosedPeriod, Credential, ReviewRule, Specialty
from editorial.models.policy import ChangeClass, RiskTier
from editorial.roles import Role


@dataclass(frozen=True)
class Outlook:
    """In words: what the rules need and the board gives, and what to think about before the rules come into force."""

    balance: str
    covered: bool
    warnings: tuple[str, ...]


def of(rules: Sequence[capacity.Rule], *, today: date) -> Outlook:
    """The rules may be typed ones that nobody saved yet."""
    year, board = registry.year_until(today), board_on(today)
    weighed = capacity.balance(rules, year, board, closed_days=closed_days(today))
    words = _("These rules need about %(needed)s reviews a year; your board gives about %(given)s.") % {
        "needed": capacity.about(weighed.needed),
        "given": capacity.about(weighed.given),
    }
    names = dict(Specialty.objects.values_list("slug", "name"))
    labelled = [_labelled(rule) for rule in sorted(rules, key=_lightest_first)]
    stopped = capacity.unsatisfiable(labelled, year, board, names=names)
    warnings = [
        *(_("Such rounds can't be opened today: %(why)s.") % {"why": why} for why in stopped),
        *_missing(rules),
        *_urgent(rules),
    ]
    return Outlook(words, weighed.covered, tuple(warnings))


def board_on(today: date) -> list[capacity.Member]:
    """Everyone who could sign that day, with the specialties of their valid credentials."""
    serving = BoardMember.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today),
        joined_on__lte=today,
        user__is_active=True,
        user__groups__name=Role.BOARD,
    )
    held: dict[int, set[str]] = {}
    limits: dict[int, int | None] = {}
    valid = Credential.objects.filter(Credential.valid(today), member__in=serving)
    for member, specialty, limit in valid.values_list("member_id", "specialty__slug", "member__load_limit"):
        held.setdefault(member, set()).add(specialty)
        limits[member] = limit
    return [capacity.Member(frozenset(specialties), limits[pk]) for pk, specialties in held.items()]


def closed_days(today: date) -> int:
    """Days of the coming year that lie in a closed period, each once."""
    end = today + timedelta(days=capacity.DAYS)
    periods = ClosedPeriod.objects.filter(last_day__gte=today, first_day__lte=end)
    days: set[date] = set()
    for first, last in periods.values_list("first_day", "last_day"):
        first, last = max(first, today), min(last, end)
        days.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return len(days)


def rule_values(values: Any) -> capacity.Rule:
    """A rule as numbers, from a saved row or from what a form holds; ``values(name)`` gives a field."""
    return capacity.Rule(
        tier=values("risk_tier"),
        change_class=values("change_class"),
        approvals=values("approvals"),
        in_specialty=values("in_specialty"),
        also=tuple(specialty.slug for specialty in values("also")),
        chief_confirms=values("chief_confirms"),
        review_days=values("review_days"),
        load_limit=values("load_limit"),
        re_review_months=values("re_review_months"),
    )


def rule_of(rule: ReviewRule) -> capacity.Rule:
    return rule_values(lambda name: rule.also.all() if name == "also" else getattr(rule, name))


def _missing(rules: Sequence[capacity.Rule]) -> list[str]:
    lacking = capacity.missing(rules, tiers=RiskTier.values, classes=ChangeClass.values)
    return [
        _("There is no rule for %(tier)s risk, %(change)s: such rounds can't be opened.")
        % {"tier": RiskTier(tier).label, "change": ChangeClass(change).label}
        for tier, change in lacking
    ]


def _urgent(rules: Sequence[capacity.Rule]) -> list[str]:
    tiers = capacity.urgent_without_chief(rules)
    said = _("An urgent version at %(tiers)s risk would go out without a chief editor's confirmation.")
    return [said % {"tiers": ", ".join(str(RiskTier(tier).label) for tier in tiers)}] if tiers else []


def _lightest_first(rule: capacity.Rule) -> tuple[int, int]:
    return RiskTier.values.index(rule.tier), ChangeClass.values.index(rule.change_class)


def _labelled(rule: capacity.Rule) -> capacity.Rule:
    """The rule under the names that people read."""
    tier, change = RiskTier(rule.tier).label, ChangeClass(rule.change_class).label
    return replace(rule, tier=str(tier), change_class=str(change))
