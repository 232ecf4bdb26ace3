"""The policies that Imprimatur ships with, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial.models import ChecklistItem, EditorialPolicy, ReviewRule
from editorial.models.policy import FULL_CLASSES, ChangeClass, RiskTier

MONTHS = {RiskTier.LOW: 36, RiskTier.STANDARD: 24, RiskTier.HIGH: 12}


@dataclass(frozen=True)
class Preset:
    """Rules for every tier and change class. Pairs are approvals in all, and of these in the article's specialty."""

    label: Any
    full: dict[str, tuple[int, int]]
    reaffirmation: dict[str, tuple[int, int]]
    typographic: tuple[int, int]
    """``(0, 0)``: a second editor signs it; the page names the version that was reviewed."""


PRESETS = {
    "standard": Preset(
        label=_("Standard board: low risk 1, standard 2, high 3 approvals"),
        full={RiskTier.LOW: (1, 1), RiskTier.STANDARD: (2, 1), RiskTier.HIGH: (3, 2)},
        reaffirmation={RiskTier.LOW: (1, 1), RiskTier.STANDARD: (1, 1), RiskTier.HIGH: (2, 2)},
        typographic=(0, 0),
    ),
    "small_board": Preset(
        label=_("Small board of three, one editor and a chief: standard 1, high 2 approvals"),
        full={RiskTier.LOW: (1, 1), RiskTier.STANDARD: (1, 1), RiskTier.HIGH: (2, 1)},
        reaffirmation=dict.fromkeys(RiskTier, (1, 1)),
        typographic=(1, 0),
    ),
}

TEXT = """
Every article on this site was read and signed by named physicians of our editorial board before you could see it.

## Who decides
An editor checks each submitted text and chooses a panel whose specialties fit. Members of the panel declare
competing interests first. Whoever wrote or changed the text never reviews it.

## What a signature means
A signature covers exactly one text, down to the last character. When a single character changes, all earlier
signatures stop counting and the text is reviewed again. A physician who sees a danger can stop publication; an
editor can't overrule that.

## How fresh it is
Each page shows when it was last reviewed and when the next review is due. When that day passes, the page says so.

## Errors
Corrections, expressions of concern and retractions are published as notices with a date and a name. A page may be
taken off the site at once while a safety question is open.
"""


CHECKLIST = (
    ("doses", "Doses, routes and intervals are right, or none are given.", True, True),
    ("contraindications", "Contraindications and interactions that matter are named.", True, True),
    ("red-flags", "Red flags are named where the reader needs them.", True, True),
    ("urgent-care", "It says when to seek urgent care, where that can arise.", True, True),
    ("evidence", "The sources say what the text says they say.", False, False),
    ("balance", "Benefits, harms, uncertainty and doing nothing are all weighed.", False, False),
    ("audience", "Each audience can understand the text that is written for it.", False, False),
)
"""Code, question, whether it is critical, whether it is asked of every change class (after PIF TICK and DISCERN)."""


def standard_policy(*, in_force_from: date) -> EditorialPolicy:
    """The first policy with its eighteen rules; the one that stands, when there is one already."""
    policy, created = EditorialPolicy.objects.get_or_create(
        version=1, defaults={"text": TEXT.strip(), "in_force_from": in_force_from}
    )
    if created:
        ChecklistItem.objects.bulk_create(
            ChecklistItem(policy=policy, position=place, code=code, text=text, critical=critical, every_class=every)
            for place, (code, text, critical, every) in enumerate(CHECKLIST)
        )
        ReviewRule.objects.bulk_create(rules_of(policy, PRESETS["standard"]))
    return policy


def rules_of(policy: EditorialPolicy, preset: Preset) -> list[ReviewRule]:
    """Eighteen rules for this policy, not saved."""
    return [_rule(policy, preset, tier, change_class) for tier in RiskTier for change_class in ChangeClass]


def _rule(policy: EditorialPolicy, preset: Preset, tier: str, change_class: str) -> ReviewRule:
    approvals, inside = _pair(preset, tier, change_class)
    by_editor = change_class == ChangeClass.TYPOGRAPHIC and approvals == 0
    return ReviewRule(
        policy=policy,
        risk_tier=tier,
        change_class=change_class,
        approvals=approvals,
        in_specialty=inside,
        editor_confirms=by_editor or change_class in (*FULL_CLASSES, ChangeClass.URGENT),
        chief_confirms=change_class == ChangeClass.URGENT,
        review_days=10 if tier == RiskTier.HIGH else 21,
        re_review_months=MONTHS[RiskTier(tier)],
    )


def _pair(preset: Preset, tier: str, change_class: str) -> tuple[int, int]:
    if change_class in FULL_CLASSES:
        return preset.full[tier]
    if change_class == ChangeClass.REAFFIRMATION:
        return preset.reaffirmation[tier]
    return preset.typographic if change_class == ChangeClass.TYPOGRAPHIC else (1, 1)
